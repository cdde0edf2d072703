//! What the process counts, for Prometheus; served on an address of its own. Nothing here names a person, an event or a
//! path: routes are patterns.

mod lane;
mod process;
pub mod store;

use crate::{
    accounts::password::HashLane,
    app::Callboard,
    db::{Db, types::Ts},
    error::Error,
};
use actix_web::{HttpResponse, http::Method, web};
pub use lane::LaneMetrics;
use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};
use std::{sync::atomic::AtomicU64, time::Duration};
use tokio::{sync::Mutex, time::timeout};

type Label = (&'static str, String);
type Seconds = Gauge<f64, AtomicU64>;

/// How long what was read from the database is shown before it is read again.
const FRESH: Duration = Duration::from_secs(10);
/// A database that needs longer is shown as away.
const PATIENCE: Duration = Duration::from_secs(5);
/// Upper bounds in seconds.
const REQUEST_BUCKETS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

pub struct Metrics {
    registry: Registry,
    requests: Family<[Label; 3], Counter>,
    request_seconds: Family<[Label; 2], Histogram, fn() -> Histogram>,
    waiting: Family<[Label; 2], Gauge>,
    database_up: Gauge,
    mails: Family<[Label; 1], Gauge>,
    oldest_due: Seconds,
    job_done: Family<[Label; 1], Seconds>,
    process: process::Process,
    /// When the database was last asked.
    asked: Mutex<Option<Duration>>,
}

impl Metrics {
    pub fn new(started: Ts, db: &Db, hashing: &HashLane) -> Metrics {
        let mut registry = Registry::default();
        let mut lanes: Vec<_> = db.lanes().into_iter().map(|lane| (lane.name, lane.metrics)).collect();
        lanes.push(("hashing", hashing.metrics().clone()));
        registry.register_collector(Box::new(lane::Lanes(lanes)));
        let requests = Family::default();
        registry.register("callboard_requests", "Requests answered, by route pattern", requests.clone());
        let request_seconds = Family::new_with_constructor((|| Histogram::new(REQUEST_BUCKETS)) as fn() -> Histogram);
        let help = "Time until the head of the answer, by route pattern";
        registry.register_with_unit("callboard_request_duration", help, Unit::Seconds, request_seconds.clone());
        let waiting = Family::default();
        registry.register("callboard_lane_waiting", "Jobs that wait for a thread of the lane", waiting.clone());
        let database_up = Gauge::default();
        registry.register("callboard_database_up", "Whether the database answered", database_up.clone());
        let mails = Family::default();
        registry.register("callboard_mails", "Mails that are not sent or canceled, by state", mails.clone());
        let oldest_due = Seconds::default();
        let help = "How long the mail has been due that has waited longest";
        registry.register_with_unit("callboard_oldest_due_mail", help, Unit::Seconds, oldest_due.clone());
        let job_done = Family::default();
        let help = "When each periodic job was last done to its end";
        registry.register_with_unit("callboard_job_done_timestamp", help, Unit::Seconds, job_done.clone());
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("callboard_build", "What runs", build);
        let process = process::Process::register(&mut registry, started);
        let asked = Mutex::new(None);
        Metrics {
            registry,
            requests,
            request_seconds,
            waiting,
            database_up,
            mails,
            oldest_due,
            job_done,
            process,
            asked,
        }
    }

    /// Notes an answered request.
    pub fn answered(&self, method: &Method, pattern: &str, status: u16, took: Duration) {
        let class = match status {
            ..200 => "1xx",
            200..300 => "2xx",
            300..400 => "3xx",
            400..500 => "4xx",
            500.. => "5xx",
        };
        let labels = [("method", known(method).to_owned()), ("route", pattern.to_owned())];
        self.request_seconds.get_or_create(&labels).observe(took.as_secs_f64());
        let [method, route] = labels;
        self.requests.get_or_create(&[method, route, ("status", class.to_owned())]).inc();
    }

    async fn text(&self, app: &Callboard) -> Result<String, Error> {
        self.process.look();
        let set = |lane: &str, class: &str, waiting| {
            self.waiting.get_or_create(&[("lane", lane.into()), ("class", class.into())]).set(waiting);
        };
        for lane in app.db.lanes() {
            for (class, waiting) in lane.waiting {
                set(lane.name, class.name(), count(waiting));
            }
        }
        set("hashing", "any", app.hashing.waiting());
        self.ask(app).await;
        let mut text = String::new();
        encode(&mut text, &self.registry).map_err(Error::internal)?;
        Ok(text)
    }

    /// Asks the database, unless that was done just now.
    async fn ask(&self, app: &Callboard) {
        let mut asked = self.asked.lock().await;
        let monotonic = app.clock.monotonic();
        if asked.is_some_and(|asked| monotonic < asked + FRESH) {
            return;
        }
        let now = app.clock.now();
        let stored = timeout(PATIENCE, app.db.read(move |conn| store::read(conn, now))).await;
        *asked = Some(monotonic);
        self.mails.clear();
        self.job_done.clear();
        let Ok(Ok(stored)) = stored else {
            self.database_up.set(0);
            return;
        };
        self.database_up.set(1);
        for state in store::OPEN {
            let number = stored.mails.iter().find(|(other, _)| *other == state).map_or(0, |(_, number)| *number);
            self.mails.get_or_create(&[("state", state.as_str().to_owned())]).set(number);
        }
        let age = stored.oldest_due.map_or(0.0, |due| now.timestamp().duration_since(due.timestamp()).as_secs_f64());
        self.oldest_due.set(age);
        for (job, done) in stored.jobs {
            if let Some(done) = done {
                self.job_done.get_or_create(&[("job", job)]).set(seconds(done));
            }
        }
    }
}

/// Anybody can make up a method, and each would be a series.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Since 1970.
fn seconds(at: Ts) -> f64 {
    at.timestamp().as_duration().as_secs_f64()
}

/// Answers a scrape.
///
/// # Errors
/// When the numbers cannot be written.
pub async fn show(app: web::Data<Callboard>) -> Result<HttpResponse, Error> {
    let text = app.metrics.text(&app).await?;
    Ok(HttpResponse::Ok().content_type("application/openmetrics-text; version=1.0.0; charset=utf-8").body(text))
}
