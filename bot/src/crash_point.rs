//! Places at which the fault tests make the process die. Without the feature `failpoints` there is nothing here.

/// Every place, so that a test can try them all.
pub const ALL: &[&str] = &[
    "intake::synced",
    "worker::claimed",
    "worker::decided",
    "worker::committed",
    "intake::handled",
    "intake::cursor",
    "sender::chosen",
    "sender::chat_opened",
    "sender::delivered",
    "sender::marked",
];

/// Dies here if the environment variable FAILPOINTS says so, for example `worker::claimed=2*off->return`.
#[cfg_attr(not(feature = "failpoints"), expect(unused_variables, reason = "there is nothing here then"))]
pub fn pass(name: &str) {
    fail::fail_point!(name, |_| std::process::abort());
}
