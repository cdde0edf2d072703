//! Each limit on both sides of its boundary, and who shares it.

use super::{HERE, from, holds, limited, use_up};
use crate::harness::{PASSWORD, TestApp, address};
use callboard::http::limits::Limit;
use serde_json::json;
use std::time::Duration;

#[actix_web::test]
async fn all_requests_of_an_address() {
    let app = limited().await;
    let (anonymous, other) = (from(&app.anonymous(), HERE), from(&app.anonymous(), "198.51.100.8"));
    holds(&app, Limit::Address, async || anonymous.get("/events").await).await;
    anonymous.get("/nowhere").await.problem(429, "too_many");
    anonymous.get("/me").await.problem(429, "too_many");
    assert!(anonymous.page("/").await.expect(429).text().contains("Too many requests"));
    anonymous.page("/healthz").await.expect(200);
    anonymous.page("/readyz").await.expect(200);
    other.get("/events").await.expect(200);
}

#[actix_web::test]
async fn all_requests_of_an_account_wherever_it_is() {
    let app = limited().await;
    let (ada, grace) = (app.speaker("ada").await, app.speaker("grace").await);
    let again = app.sign_in("ada").await;
    let (mut host, mut asked) = (0, 0);
    // From ever other addresses, and with two sessions in turn.
    let mut ask = async || {
        asked += 1;
        host += u32::from(asked % 500 == 0);
        let session = if asked % 2 == 0 { &ada } else { &again };
        from(session, &format!("203.0.{host}.1")).get("/me").await
    };
    use_up(Limit::Account.quota(), &mut ask).await;
    ask().await.problem(429, "too_many");
    from(&grace, "203.0.113.1").get("/me").await.expect(200);
    from(&app.anonymous(), "203.0.113.1").get("/me").await.problem(401, "sign_in_required");
}

/// Uses up what is left of a quota that is too large to ask for.
fn use_up_silently(app: &TestApp, limit: Limit, key: &str) {
    let all = (0..=limit.quota()).find(|_| app.board.limits.spend(limit, key).is_err());
    assert!(all.is_some(), "the quota has no end");
}

#[actix_web::test]
async fn what_anyone_asks_about_one_event_does_not_slow_its_speakers_nor_others() {
    let app = limited().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let ada = app.speaker("ada").await;
    app.anonymous().get(&event.path("/call")).await.expect(200);
    use_up_silently(&app, Limit::EventReads, "conf");
    app.anonymous().get(&event.path("/call")).await.problem(429, "too_many");
    app.anonymous().get(&event.path("/talks")).await.problem(429, "too_many");
    app.anonymous().get(&other.path("/call")).await.expect(200);
    ada.get(&event.mine("")).await.expect(200);
    event.organizer.get(&event.path("/proposals")).await.expect(200);
    app.advance(Limit::EventReads.window() / Limit::EventReads.quota());
    app.anonymous().get(&event.path("/call")).await.expect(200);
}

#[actix_web::test]
async fn speakers_of_one_event_share_a_limit_that_others_do_not_notice() {
    let app = limited().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let ada = app.speaker("ada").await;
    ada.get(&event.mine("")).await.expect(200);
    use_up_silently(&app, Limit::EventSpeakers, "conf");
    ada.get(&event.mine("")).await.problem(429, "too_many");
    ada.get(&other.mine("")).await.expect(200);
    event.organizer.get(&event.path("/proposals")).await.expect(200);
    app.anonymous().get(&event.path("/call")).await.expect(200);
    app.advance(Limit::EventSpeakers.window() / Limit::EventSpeakers.quota());
    ada.get(&event.mine("")).await.expect(200);
}

#[actix_web::test]
async fn signing_in_from_a_network() {
    let app = limited().await;
    app.speaker("ada").await;
    app.advance(Duration::from_mins(1));
    let mut tried = 0;
    // From ever other addresses of one /24, with ever other names.
    let ask = async || {
        tried += 1;
        let client = from(&app.anonymous(), &format!("198.51.100.{}", tried % 250));
        client.post("/sessions", json!({"email": format!("{tried}@example.org"), "password": "x"})).await
    };
    holds(&app, Limit::SignIn, ask).await;
    let right = json!({"email": address("ada"), "password": PASSWORD});
    from(&app.anonymous(), HERE).post("/sessions", right.clone()).await.problem(429, "too_many");
    from(&app.anonymous(), "198.51.101.7").post("/sessions", right).await.expect(201);
    from(&app.anonymous(), HERE).get("/events").await.expect(200);
}

/// Tries to sign in with `email` from ever other networks: the statuses until something changes no more.
async fn statuses(app: &TestApp, email: &str) -> Vec<(u16, String)> {
    let mut answers = vec![];
    for host in 0..12 {
        let client = from(&app.anonymous(), &format!("203.0.{host}.1"));
        let answer = client.post("/sessions", json!({"email": email, "password": "wrong"})).await;
        let mut problem = answer.json();
        problem["request_id"] = json!("");
        answers.push((answer.status.as_u16(), format!("{problem} {}", answer.header("retry-after"))));
    }
    answers
}

#[actix_web::test]
async fn signing_in_with_one_address_is_limited_alike_whether_it_is_known() {
    let app = limited().await;
    app.speaker("ada").await;
    app.advance(Duration::from_hours(1));
    let known = statuses(&app, &address("ada")).await;
    assert_eq!(known.iter().map(|(status, _)| *status).collect::<Vec<_>>(), [[401; 10].as_slice(), &[429; 2]].concat());
    assert_eq!(known, statuses(&app, &address("nobody")).await);
    // Letters' case makes no other address, and what is no address at all is not counted.
    let anonymous = from(&app.anonymous(), "203.0.200.1");
    let shouted = json!({"email": "ADA@Example.org", "password": PASSWORD});
    anonymous.post("/sessions", shouted.clone()).await.problem(429, "too_many");
    assert!(statuses(&app, "no address").await.iter().all(|(status, _)| *status == 401));
    app.advance(Duration::from_secs(6));
    anonymous.post("/sessions", shouted).await.expect(201);
}

#[actix_web::test]
async fn a_session_does_not_help_to_guess_the_password_either() {
    let app = limited().await;
    let ada = app.speaker("ada").await;
    app.advance(Limit::SignInAs.window());
    let mut ask = async || {
        let input = json!({"current_password": "wrong", "new_password": "another password"});
        ada.put("/me/password", input).await
    };
    use_up(Limit::SignInAs.quota(), &mut ask).await;
    ask().await.problem(429, "too_many");
    let input = json!({"email": "new@example.org", "password": PASSWORD});
    ada.put("/me/email", input).await.problem(429, "too_many");
}

#[actix_web::test]
async fn signing_up() {
    let app = limited().await;
    let mut count = 0;
    let ask = async || {
        count += 1;
        let input = json!({"email": format!("{count}@example.org"), "name": "A", "password": PASSWORD});
        from(&app.anonymous(), HERE).post("/accounts", input).await
    };
    holds(&app, Limit::SignUp, ask).await;
    let input = json!({"email": "late@example.org", "name": "A", "password": PASSWORD});
    from(&app.anonymous(), "198.51.100.8").post("/accounts", input).await.expect(202);
}

#[actix_web::test]
async fn asking_for_links_by_mail() {
    let app = limited().await;
    let mut count = 0;
    let ask = async || {
        count += 1;
        let input = json!({"email": format!("{count}@example.org")});
        from(&app.anonymous(), HERE).post("/password-resets", input).await
    };
    holds(&app, Limit::MailedLinks, ask).await;
}

#[actix_web::test]
async fn inviting() {
    let app = limited().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let olga = app.member("olga", &event, "organizer").await;
    app.advance(Duration::from_hours(1));
    let mut count = 0;
    let ask = async || {
        count += 1;
        let event = if count % 2 == 0 { &event } else { &other };
        let input = json!({"email": format!("{count}@example.org"), "role": "reviewer"});
        event.organizer.post(&event.path("/invitations"), input).await
    };
    holds(&app, Limit::Invitations, ask).await;
    let input = json!({"email": "late@example.org", "role": "reviewer"});
    olga.post(&event.path("/invitations"), input).await.expect(201);
}

#[actix_web::test]
async fn what_is_refused_does_not_count() {
    let app = limited().await;
    let client = from(&app.anonymous(), HERE);
    let mut ask = async || client.post("/password-resets", json!({"email": "a@example.org"})).await;
    use_up(Limit::MailedLinks.quota(), &mut ask).await;
    for _ in 0..1000 {
        ask().await.problem(429, "too_many");
    }
    app.advance(Limit::MailedLinks.window() / Limit::MailedLinks.quota());
    ask().await.expect(202);
}

#[actix_web::test]
async fn answers_say_what_is_left_of_ones_own() {
    let app = limited().await;
    let event = app.event("conf").await;
    let client = from(&app.anonymous(), HERE);
    let first = client.get("/events").await.expect(200);
    assert_eq!(first.header("ratelimit-policy"), "\"address\";q=1200;w=60");
    assert_eq!(first.header("ratelimit"), "\"address\";r=1199;t=1");
    // Of what all share nothing is said but the rule.
    let call = client.get(&event.path("/call")).await.expect(200);
    assert_eq!(call.header("ratelimit-policy"), "\"address\";q=1200;w=60, \"event_reads\";q=12000;w=60");
    assert_eq!(call.header("ratelimit"), "\"address\";r=1198;t=1");
    let mut tried = 0;
    use_up(Limit::SignIn.quota(), async || {
        tried += 1;
        client.post("/sessions", json!({"email": format!("{tried}@example.org"), "password": "x"})).await
    })
    .await;
    let refused = client.post("/sessions", json!({"email": "b@example.org", "password": "x"})).await;
    assert_eq!(refused.header("ratelimit"), "\"address\";r=1167;t=2, \"sign_in\";r=0;t=60");
    assert_eq!(refused.header("retry-after"), "2");
    let problem = refused.problem(429, "too_many");
    assert_eq!(problem["detail"], "At most 30 tries to sign in a minute. Try again in 2 seconds.");
    let unlimited = TestApp::new().await.anonymous().get("/events").await.expect(200);
    assert_eq!(unlimited.header("ratelimit-policy"), "");
}

#[actix_web::test]
async fn a_thousand_busy_clients_leave_all_others_alone() {
    let app = limited().await;
    for busy in 0..1000 {
        use_up_silently(&app, Limit::SignIn, &format!("busy {busy}"));
    }
    let disturbed = (0..1000).filter(|calm| app.board.limits.spend(Limit::SignIn, format!("calm {calm}")).is_err());
    assert_eq!(disturbed.count(), 0);
}
