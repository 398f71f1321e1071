//! The figures for Prometheus, in its text format. No names, no texts, no ids of people or rooms: communities are named
//! by the id that stands in the config.

use std::sync::atomic::{AtomicI64, AtomicU64};

use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};

/// The edges of the latency histograms in seconds: from a commit on an idle machine to a rush under rate limits.
const LATENCY_EDGES: [f64; 12] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0, 300.0];

/// What something that came in was, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Command {
    /// Feature and word (`wish/post`), or `tap`, `due` …
    kind: String,
    /// `handled`, `refused`, `faulted` or `ignored`.
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ledger {
    community: String,
    ledger: String,
}

type Level = Gauge<i64, AtomicI64>;
type Measure = Gauge<f64, AtomicU64>;

/// All figures.
#[derive(Debug)]
pub(super) struct Figures {
    registry: Registry,
    commands: Family<Command, Counter>,
    pub(super) faults: Counter,
    pub(super) rate_limits: Counter,
    pub(super) committed: Histogram,
    pub(super) sent: Histogram,
    pub(super) outbox_rows: Level,
    pub(super) outbox_head_age: Measure,
    pub(super) parked: Level,
    pub(super) undecryptable: Level,
    pub(super) agenda: Level,
    pub(super) sync_age: Measure,
    pub(super) event_age: Measure,
    pub(super) healthy: Level,
    ledgers: Family<Ledger, Level>,
}

impl Figures {
    pub(super) fn new() -> Self {
        let mut registry = Registry::with_prefix("lamplighter");
        let histogram = || Histogram::new(LATENCY_EDGES);
        let figures = Self {
            registry: Registry::default(),
            commands: Family::default(),
            faults: Counter::default(),
            rate_limits: Counter::default(),
            committed: histogram(),
            sent: histogram(),
            outbox_rows: Level::default(),
            outbox_head_age: Measure::default(),
            parked: Level::default(),
            undecryptable: Level::default(),
            agenda: Level::default(),
            sync_age: Measure::default(),
            event_age: Measure::default(),
            healthy: Level::default(),
            ledgers: Family::default(),
        };
        let build = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program that runs", build);
        registry.register("healthy", "1 while /healthz says ok", figures.healthy.clone());
        registry.register("commands", "What came in, by kind and outcome", figures.commands.clone());
        registry.register("faults", "Faults of ours", figures.faults.clone());
        registry.register("rate_limits", "Times the homeserver made us wait", figures.rate_limits.clone());
        let seconds = Unit::Seconds;
        let (committed, sent) = (figures.committed.clone(), figures.sent.clone());
        registry.register_with_unit("commit_latency", "From first seen to committed", seconds.clone(), committed);
        registry.register_with_unit(
            "send_latency",
            "From first seen to sent, of what an event caused",
            seconds.clone(),
            sent,
        );
        let head = "How long the head of the outbox could have been sent";
        registry.register_with_unit("outbox_head_age", head, seconds.clone(), figures.outbox_head_age.clone());
        let sync = "Since the last successful sync";
        registry.register_with_unit("sync_age", sync, seconds.clone(), figures.sync_age.clone());
        let event = "How old the newest event was when it was handled";
        registry.register_with_unit("event_age", event, seconds, figures.event_age.clone());
        registry.register(
            "outbox_rows",
            "Messages, edits and reactions that wait to be sent",
            figures.outbox_rows.clone(),
        );
        registry.register("outbox_parked_rows", "Messages that can never be sent", figures.parked.clone());
        registry.register("undecryptable_events", "Events that wait for their key", figures.undecryptable.clone());
        registry.register("agenda_rows", "What falls due later", figures.agenda.clone());
        registry.register("ledger_sum", "What all accounts of a ledger add up to; must be 0", figures.ledgers.clone());
        Self { registry, ..figures }
    }

    pub(super) fn count(&self, kind: String, outcome: &'static str) {
        self.commands.get_or_create(&Command { kind, outcome }).inc();
    }

    pub(super) fn ledger(&self, community: &str, ledger: &str, sum: i64) {
        let labels = Ledger { community: community.to_owned(), ledger: ledger.to_owned() };
        self.ledgers.get_or_create(&labels).set(sum);
    }

    /// As Prometheus reads them.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a String doesn't fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
