//! What stops floods: limits by address, account, event and mail address.

mod addresses;
mod forms;
mod mails;
mod quotas;

use crate::harness::{Client, Response, TestApp, client::From};
use callboard::http::limits::Limit;
use std::time::Duration;

/// Where the clients of these tests are, as others see them.
pub const HERE: &str = "198.51.100.7";

pub async fn limited() -> TestApp {
    TestApp::with(&[("rate_limits", "on")]).await
}

/// Asks `count` times, none of which is refused for want of quota.
async fn use_up(count: u32, mut ask: impl AsyncFnMut() -> Response) {
    for time in 0..count {
        let status = ask().await.status;
        assert_ne!(status.as_u16(), 429, "refused after {time} of {count}");
    }
}

/// The whole quota of a limit, then one more, which is refused until the next is due.
async fn holds(app: &TestApp, limit: Limit, mut ask: impl AsyncFnMut() -> Response) {
    use_up(limit.quota(), &mut ask).await;
    let refused = ask().await;
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    let step = limit.window() / limit.quota();
    assert!(Duration::from_secs(wait) >= step && Duration::from_secs(wait) < step + Duration::from_secs(1));
    refused.problem(429, "too_many");
    app.advance(step.saturating_sub(Duration::from_micros(1)));
    ask().await.problem(429, "too_many");
    app.advance(Duration::from_micros(1));
    use_up(1, &mut ask).await;
    ask().await.problem(429, "too_many");
    app.advance(limit.window());
    use_up(limit.quota(), &mut ask).await;
    ask().await.problem(429, "too_many");
}

/// The client as it comes from `address`.
pub fn from(client: &Client, address: &str) -> Client {
    client.from(From { peer: address.parse().unwrap(), forwarded: vec![] })
}

/// The client as it comes through a proxy at `peer` that sends these lines of `X-Forwarded-For`.
pub fn through(client: &Client, peer: &str, forwarded: &[&str]) -> Client {
    let forwarded = forwarded.iter().map(|line| (*line).to_owned()).collect();
    client.from(From { peer: peer.parse().unwrap(), forwarded })
}
