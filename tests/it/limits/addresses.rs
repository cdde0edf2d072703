//! Whose address counts: the peer's, or what a trusted proxy says.

use super::{HERE, from, through, use_up};
use crate::harness::{Client, TestApp};
use callboard::http::limits::Limit;
use serde_json::json;

async fn ask(client: &Client) -> u16 {
    client.post("/password-resets", json!({"email": "a@example.org"})).await.status.as_u16()
}

async fn use_up_links(client: &Client) {
    use_up(Limit::MailedLinks.quota(), async || {
        client.post("/password-resets", json!({"email": "a@example.org"})).await
    })
    .await;
    assert_eq!(ask(client).await, 429);
}

async fn behind(trusted: &str) -> TestApp {
    TestApp::with(&[("rate_limits", "on"), ("trusted_proxies", trusted)]).await
}

#[actix_web::test]
async fn a_forged_header_changes_nothing() {
    let app = behind("").await;
    use_up_links(&from(&app.anonymous(), HERE)).await;
    for forged in ["203.0.113.9", "127.0.0.1", "", HERE] {
        assert_eq!(ask(&through(&app.anonymous(), HERE, &[forged])).await, 429, "{forged}");
    }
    // Nor does it use up what is another's.
    let victim = "203.0.113.50";
    use_up_links(&through(&app.anonymous(), "198.51.100.8", &[victim])).await;
    assert_eq!(ask(&from(&app.anonymous(), victim)).await, 202);
}

#[actix_web::test]
async fn a_trusted_proxy_is_believed_and_nobody_before_it() {
    let app = behind("127.0.0.1, 10.0.0.0/8").await;
    let anonymous = app.anonymous();
    use_up_links(&through(&anonymous, "127.0.0.1", &[HERE])).await;
    // The same client, whatever it claims itself, through one proxy or two, on one line or several.
    for chain in [
        vec!["1.2.3.4, 198.51.100.7"],
        vec!["1.2.3.4", "198.51.100.7"],
        vec!["198.51.100.7, 10.1.2.3"],
        vec!["1.2.3.4, 198.51.100.7", "10.1.2.3,10.9.9.9"],
        vec!["127.0.0.1, 198.51.100.7"],
        vec!["198.51.100.7:4711"],
        vec!["::ffff:198.51.100.7"],
        vec!["[::ffff:198.51.100.7]:4711"],
    ] {
        assert_eq!(ask(&through(&anonymous, "127.0.0.1", &chain)).await, 429, "{chain:?}");
        assert_eq!(ask(&through(&anonymous, "::ffff:10.4.4.4", &chain)).await, 429, "{chain:?}");
    }
    assert_eq!(ask(&from(&anonymous, HERE)).await, 429, "without a proxy");
    for other in [vec!["198.51.100.8"], vec!["198.51.100.7, 198.51.100.8"], vec!["unknown"], vec![]] {
        assert_eq!(ask(&through(&anonymous, "127.0.0.1", &other)).await, 202, "{other:?}");
    }
    // Somebody who is not the proxy cannot speak for it.
    assert_eq!(ask(&through(&anonymous, "11.0.0.1", &[HERE])).await, 202);
}

#[actix_web::test]
async fn on_ipv6_a_whole_site_is_one_client() {
    let app = behind("").await;
    use_up_links(&from(&app.anonymous(), "2001:db8:1:2::1")).await;
    assert_eq!(ask(&from(&app.anonymous(), "2001:db8:1:2:ffff:ffff:ffff:ffff")).await, 429);
    assert_eq!(ask(&from(&app.anonymous(), "2001:db8:1:3::1")).await, 202);
    assert_eq!(ask(&from(&app.anonymous(), "198.51.100.7")).await, 202);
}
