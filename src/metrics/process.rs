//! The process as the system sees it, under the names that Prometheus uses for it everywhere.

use super::{Seconds, count, seconds};
use crate::db::types::Ts;
use prometheus_client::{
    metrics::gauge::Gauge,
    registry::{Registry, Unit},
};
use std::fs;

pub(super) struct Process {
    memory: Gauge,
    open_files: Gauge,
}

impl Process {
    pub(super) fn register(registry: &mut Registry, started: Ts) -> Process {
        let process = Process { memory: Gauge::default(), open_files: Gauge::default() };
        let memory = process.memory.clone();
        registry.register_with_unit("process_resident_memory", "Memory in use", Unit::Bytes, memory);
        registry.register("process_open_fds", "Open files and connections", process.open_files.clone());
        let start = Seconds::default();
        start.set(seconds(started));
        registry.register_with_unit("process_start_time", "When the process began, since 1970", Unit::Seconds, start);
        process
    }

    /// Linux tells both; elsewhere they stay 0.
    pub(super) fn look(&self) {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB")?.parse().ok());
        self.memory.set(kib.map_or(0, |kib: i64| kib * 1024));
        self.open_files.set(fs::read_dir("/proc/self/fd").map_or(0, |files| count(files.count())));
    }
}
