//! What the benchmarks share: samples and their percentiles, lines on standard output, and whether this is a real run.

use std::{
    io::{self, Write as _},
    time::Duration,
};

/// Durations of one thing that was done many times.
#[derive(Debug, Default)]
pub struct Samples {
    durations: Vec<Duration>,
}

impl Samples {
    /// Adds one.
    pub fn push(&mut self, duration: Duration) {
        self.durations.push(duration);
    }

    /// The duration that `percent` of the samples don't exceed (nearest rank); zero without samples.
    pub fn percentile(&self, percent: usize) -> Duration {
        let mut sorted = self.durations.clone();
        sorted.sort_unstable();
        let rank = (sorted.len() * percent).div_ceil(100).max(1);
        sorted.get(rank - 1).copied().unwrap_or_default()
    }
}

/// Whether `cargo test` runs this, which only wants to see that it works: `cargo bench` says `--bench`.
pub fn is_quick() -> bool {
    let mut bench = false;
    for argument in std::env::args() {
        match argument.as_str() {
            "--test" => return true,
            "--bench" => bench = true,
            _ => {}
        }
    }
    !bench
}

/// Writes one line of the result.
pub fn line(text: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{text}")
}

/// How many processes wanted to run lately, on average: measured times depend on who else was at work.
pub fn load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let averages: Vec<&str> = load.split(' ').take(3).collect();
    if averages.is_empty() { "unknown".to_owned() } else { averages.join(" ") }
}
