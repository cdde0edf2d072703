//! What Prometheus is told, by the real program on an address of its own.

use super::{Place, agent, eventually, get, post, sign_up};
use serde_json::json;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    time::Duration,
};

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

/// The value of the series whose name and labels are exactly so.
fn value(text: &str, series: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.strip_prefix(series).is_some_and(|rest| rest.starts_with(' ')))?;
    line.rsplit(' ').next()?.parse().ok()
}

/// Asks with a method that nobody knows.
fn brew(url: &str) {
    let mut stream = TcpStream::connect(url.strip_prefix("http://").unwrap()).unwrap();
    stream.write_all(b"BREW / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
}

#[test]
fn metrics_are_on_an_address_of_their_own() {
    let place = Place::new();
    let address = free_address();
    // A mail server that is not there, so that mails wait.
    let settings = [("CALLBOARD_METRICS_LISTEN", address.as_str()), ("CALLBOARD_SMTP_URL", "smtp://127.0.0.1:1")];
    let mut server = place.start_with(&settings);
    let api = format!("{}/api/v1", server.url);
    assert_eq!(post(&agent(), &format!("{api}/accounts"), &sign_up("ada@example.org")).unwrap().0, 202);
    assert_eq!(post(&agent(), &format!("{api}/accounts/verify"), &json!({"token": "secret-token"})).unwrap().0, 422);
    assert_eq!(get(&format!("{api}/events/secret-slug")).unwrap().0, 404);
    assert_eq!(get(&format!("{}/secret-path", server.url)).unwrap().0, 404);
    brew(&server.url);
    assert_eq!(get(&format!("{}/metrics", server.url)).unwrap().0, 404, "not on the public address");

    let (status, text) = get(&format!("http://{address}/metrics")).unwrap();
    assert_eq!(status, 200);
    let is = |series: &str, expected: f64| assert_eq!(value(&text, series), Some(expected), "{series}\n{text}");
    is(r#"callboard_requests_total{method="POST",route="/api/v1/accounts",status="2xx"}"#, 1.0);
    is(r#"callboard_requests_total{method="POST",route="/api/v1/accounts/verify",status="4xx"}"#, 1.0);
    is(r#"callboard_requests_total{method="GET",route="/api/v1/events/{event}",status="4xx"}"#, 1.0);
    // Paths of one segment are events that do not exist.
    is(r#"callboard_requests_total{method="GET",route="/{event}",status="4xx"}"#, 2.0);
    is(r#"callboard_request_duration_seconds_count{method="POST",route="/api/v1/accounts"}"#, 1.0);
    // Its worker may just have taken it.
    let waits = |state: &str| value(&text, &format!("callboard_mails{{state=\"{state}\"}}")).unwrap_or_default();
    assert!((waits("queued") + waits("leased") - 1.0).abs() < f64::EPSILON, "{text}");
    is("callboard_database_up", 1.0);
    is(r#"callboard_lane_waiting{lane="write",class="interactive"}"#, 0.0);
    is(r#"callboard_lane_waiting{lane="hashing",class="any"}"#, 0.0);
    is(r#"callboard_lane_job_duration_seconds_count{lane="hashing"}"#, 1.0);
    is(r#"callboard_lane_refused_total{lane="write"}"#, 0.0);
    assert!(value(&text, r#"callboard_lane_running{lane="read"}"#).is_some(), "{text}");
    for lane in ["read", "write", "hashing"] {
        assert!(value(&text, &format!("callboard_lane_threads{{lane=\"{lane}\"}}")).unwrap() >= 1.0);
    }
    let total = |name: &str| value(&text, &format!("callboard_lane_{name}{{lane=\"write\"}}")).unwrap();
    let (jobs, transactions) = (total("job_duration_seconds_count"), total("transaction_jobs_count"));
    assert!(jobs >= transactions && transactions > 0.0 && jobs >= total("transaction_jobs_sum"), "{text}");
    is(&format!("callboard_build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION")), 1.0);
    for present in ["process_resident_memory_bytes", "process_open_fds", "process_start_time_seconds"] {
        assert!(value(&text, present).unwrap() > 0.0, "{present}\n{text}");
    }
    assert!(text.contains(r#"method="other""#) && text.ends_with("# EOF\n"), "{text}");
    for private in ["secret", "ada", "example.org", "BREW"] {
        assert!(!text.contains(private), "{private} in {text}");
    }
    server.signal("TERM");
    assert!(server.ended_within(Duration::from_secs(15)).success(), "{}", place.log());
    assert_eq!(get(&format!("http://{address}/metrics")), None);
}

#[test]
fn without_the_setting_there_are_none() {
    let place = Place::new();
    let server = place.start();
    eventually("the server", || get(&format!("{}/readyz", server.url)).filter(|answer| answer.0 == 200));
    assert_eq!(get(&format!("{}/metrics", server.url)).unwrap().0, 404);
}
