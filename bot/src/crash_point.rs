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

/// Where [`at_each_await`] is: between claiming an event and marking its answers sent nothing is awaited elsewhere.
pub const AWAITS: [&str; 2] = ["worker::await", "sender::await"];

/// Dies here if the environment variable FAILPOINTS says so, for example `worker::claimed=2*off->return`.
#[cfg_attr(not(feature = "failpoints"), expect(unused_variables, reason = "there is nothing here then"))]
pub fn pass(name: &str) {
    fail::fail_point!(name, |_| std::process::abort());
}

/// Runs this to its end. A process that is to die at this place dies at one of the awaits in it: `worker::await=7*off->return`
/// at the eighth time that it has to wait for something (an await that needn't wait is no moment of its own). So whoever
/// adds an await needs no crash point for it.
pub async fn at_each_await<T>(name: &str, work: impl Future<Output = T>) -> T {
    let mut work = std::pin::pin!(work);
    std::future::poll_fn(|context| {
        let polled = work.as_mut().poll(context);
        if polled.is_pending() {
            pass(name);
        }
        polled
    })
    .await
}
