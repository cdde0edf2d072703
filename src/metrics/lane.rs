//! What the lanes count: the threads of the database and those that hash passwords.

use crate::clock::Clock;
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::Counter, gauge::Gauge, histogram::Histogram},
    registry::Unit,
};
use std::fmt;

/// Upper bounds in seconds.
const JOB_BUCKETS: [f64; 10] = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 2.5];
/// How many jobs share a transaction.
const BATCH_BUCKETS: [f64; 7] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0];

/// The counts of one lane; clones are of the same.
#[derive(Clone, Debug)]
pub struct LaneMetrics {
    pub threads: Gauge,
    pub running: Gauge,
    /// For want of a place in the queue.
    pub refused: Counter,
    /// How long each job took, without COMMIT.
    pub jobs: Histogram,
    /// How many jobs each transaction had; those that hash have none.
    pub batches: Histogram,
    pub transactions: Counter,
}

impl LaneMetrics {
    pub fn new(threads: usize) -> LaneMetrics {
        let metrics = LaneMetrics {
            threads: Gauge::default(),
            running: Gauge::default(),
            refused: Counter::default(),
            jobs: Histogram::new(JOB_BUCKETS),
            batches: Histogram::new(BATCH_BUCKETS),
            transactions: Counter::default(),
        };
        metrics.threads.set(super::count(threads));
        metrics
    }

    /// Counts a transaction with the jobs that shared it.
    pub fn transaction(&self, jobs: usize) {
        self.batches.observe(u32::try_from(jobs).unwrap_or(u32::MAX).into());
        self.transactions.inc();
    }

    /// Counts a job, which must not panic.
    pub fn measure<T>(&self, clock: &Clock, job: impl FnOnce() -> T) -> T {
        self.running.inc();
        let began = clock.monotonic();
        let done = job();
        self.jobs.observe(clock.monotonic().saturating_sub(began).as_secs_f64());
        self.running.dec();
        done
    }
}

/// All lanes by name.
#[derive(Debug)]
pub(super) struct Lanes(pub(super) Vec<(&'static str, LaneMetrics)>);

impl Lanes {
    fn encode<M: EncodeMetric>(
        &self,
        encoder: &mut DescriptorEncoder<'_>,
        (name, help, unit): (&str, &str, Option<&Unit>),
        metric: fn(&LaneMetrics) -> &M,
    ) -> fmt::Result {
        let Some((_, first)) = self.0.first() else { return Ok(()) };
        let mut family = encoder.encode_descriptor(name, help, unit, metric(first).metric_type())?;
        for (lane, metrics) in &self.0 {
            metric(metrics).encode(family.encode_family(&[("lane", *lane)])?)?;
        }
        Ok(())
    }
}

impl Collector for Lanes {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let to = &mut encoder;
        self.encode(to, ("callboard_lane_threads", "Jobs that can run at once", None), |lane| &lane.threads)?;
        self.encode(to, ("callboard_lane_running", "Jobs that run now", None), |lane| &lane.running)?;
        let help = "Jobs turned away for want of a place in the queue";
        self.encode(to, ("callboard_lane_refused", help, None), |lane| &lane.refused)?;
        let help = "Time that jobs took, without waiting and COMMIT";
        self.encode(to, ("callboard_lane_job_duration", help, Some(&Unit::Seconds)), |lane| &lane.jobs)?;
        self.encode(to, ("callboard_lane_transactions", "Transactions", None), |lane| &lane.transactions)?;
        let help = "Jobs that shared a transaction";
        self.encode(to, ("callboard_lane_transaction_jobs", help, None), |lane| &lane.batches)
    }
}
