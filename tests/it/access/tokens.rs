//! Tokens: each route takes one scope or sessions only; a person's token is never more than its owner now, an event's
//! token is nobody and outlives whoever made it.

use super::matrix::{World, send, status};
use crate::harness::{Client, TestApp, seed::Event};
use callboard::access::scopes::{Needs, TokenScope};
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};

/// Makes a token at `path`; answers the client that has it, and the path to revoke it.
async fn make(app: &TestApp, who: &Client, path: &str, scopes: &[TokenScope]) -> (Client, String) {
    let scopes: Vec<&str> = scopes.iter().map(|scope| scope.as_str()).collect();
    let made = who.post(path, json!({"name": "A program", "scopes": scopes})).await.expect(201).json();
    let client = app.with_token(made["token"].as_str().unwrap());
    (client, format!("{path}/{}", made["id"].as_str().unwrap()))
}

fn all_but(scope: TokenScope, of: impl Fn(&TokenScope) -> bool) -> Vec<TokenScope> {
    TokenScope::ALL.iter().copied().filter(|other| *other != scope && of(other)).collect()
}

/// For each scope a token with only it, and one with all others.
async fn both_ways(
    world: &World,
    who: &Client,
    path: &str,
    of: impl Fn(&TokenScope) -> bool + Copy,
) -> BTreeMap<&'static str, (Client, Client)> {
    let mut tokens = BTreeMap::new();
    for scope in TokenScope::ALL.iter().copied().filter(|scope| of(scope)) {
        let (only, _) = make(&world.app, who, path, &[scope]).await;
        let (others, _) = make(&world.app, who, path, &all_but(scope, of)).await;
        tokens.insert(scope.as_str(), (only, others));
    }
    tokens
}

#[actix_web::test]
async fn every_route_takes_its_scope_and_no_other() {
    let world = World::new().await;
    let mut people = BTreeMap::new();
    for (audience, caller) in [
        ("signed in", "speaker"),
        ("speaker", "speaker"),
        ("event creator", "admin"),
        ("reviewer", "reviewer"),
        ("decider", "chair"),
        ("proposal reader", "chair"),
        ("event reader", "viewer"),
        ("organizer", "organizer"),
    ] {
        people.insert(audience, both_ways(&world, &world.callers[caller], "/me/tokens", |_| true).await);
    }
    let path = world.event.path("/tokens");
    let of_event = both_ways(&world, &world.event.organizer, &path, |scope| scope.is_of_events()).await;
    let (anything, _) = make(&world.app, &world.callers["admin"], "/me/tokens", TokenScope::ALL).await;
    let mut seen = 0;
    for route in world.app.board.routes.iter().filter(|route| route.is_api() && route.needs != Needs::Nothing) {
        let (method, path) = (&route.method, world.path(&route.path));
        let what = format!("{method} {}", route.path);
        let Needs::Scope(scope) = route.needs else {
            assert_eq!(route.needs, Needs::Session, "{what}");
            let refused = send(&anything, method, &path).await;
            refused.problem(403, "session_only");
            continue;
        };
        seen += 1;
        let (only, others) = &people[route.audience][scope.as_str()];
        let let_in = status(only, method, &path).await;
        assert!(let_in != 401 && let_in != 403 && let_in < 500, "{what} with {scope} answered {let_in}");
        let refused = send(others, method, &path).await.problem(403, "scope_missing");
        assert!(refused["detail"].as_str().unwrap().contains(scope.as_str()), "{what}: {refused}");
        if let Some((only, others)) = of_event.get(scope.as_str()) {
            let let_in = status(only, method, &path).await;
            assert!(let_in != 401 && let_in != 403 && let_in < 500, "{what} of the event answered {let_in}");
            send(others, method, &path).await.problem(403, "scope_missing");
        } else {
            let (other, _) = of_event.values().next().unwrap();
            send(other, method, &path).await.problem(403, "scope_missing");
        }
    }
    assert!(seen > 60, "{seen}");
}

#[actix_web::test]
async fn what_has_expired_or_was_revoked_is_nobody() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let day = |name: &str| json!({"name": name, "scopes": ["event:read"], "expires_in_days": 1});
    let made = event.organizer.post("/me/tokens", day("mine")).await.expect(201).json();
    let mine = app.with_token(made["token"].as_str().unwrap());
    let made = event.organizer.post(&event.path("/tokens"), day("of the event")).await.expect(201).json();
    let of_event = app.with_token(made["token"].as_str().unwrap());
    let settings = event.path("/settings");
    app.advance(Duration::from_hours(24) - Duration::from_micros(1));
    for client in [&mine, &of_event] {
        client.get(&settings).await.expect(200);
    }
    app.advance(Duration::from_micros(1));
    for client in [&mine, &of_event] {
        client.get(&settings).await.problem(401, "sign_in_required");
    }
    for list in ["/me/tokens".to_owned(), event.path("/tokens")] {
        let (client, path) = make(&app, &event.organizer, &list, &[TokenScope::EventRead]).await;
        client.get(&settings).await.expect(200);
        event.organizer.delete(&path).await.expect(204);
        client.get(&settings).await.problem(401, "sign_in_required");
        event.organizer.delete(&path).await.problem(404, "not_found");
    }
}

#[actix_web::test]
async fn the_secret_is_shown_once_and_looks_like_what_it_is() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let new = json!({"name": "Sync", "scopes": ["me:write", "me:read", "me:read"]});
    let made = ada.post("/me/tokens", new).await.expect(201).json();
    let secret = made["token"].as_str().unwrap();
    assert!(secret.starts_with("cbp_") && secret.len() == 4 + 43, "{secret}");
    let mut listed = made.clone();
    listed.as_object_mut().unwrap().remove("token");
    assert_eq!(
        listed,
        json!({"id": made["id"], "name": "Sync", "scopes": ["me:read", "me:write"], "made_by": "ada",
        "created_at": "2025-01-15T12:00:00Z", "last_used_at": null, "expires_at": "2025-04-15T12:00:00Z"})
    );
    let list = ada.get("/me/tokens").await.expect(200);
    assert_eq!(list.json()["items"], json!([listed]));
    let of_event = json!({"name": "Sync", "scopes": ["proposals:read"]});
    let of_event = event.organizer.post(&event.path("/tokens"), of_event).await.expect(201).json();
    assert!(of_event["token"].as_str().unwrap().starts_with("cbe_"));
    assert_eq!(event.organizer.get("/me/tokens").await.json()["items"], json!([]), "it is the event's");
    let id = made["id"].as_str().unwrap();
    event.organizer.delete(&format!("/me/tokens/{id}")).await.problem(404, "not_found");
    event.organizer.delete(&event.path(&format!("/tokens/{id}"))).await.problem(404, "not_found");
    app.with_token("cbx_x").get("/me").await.problem(401, "sign_in_required");
}

#[actix_web::test]
async fn what_is_asked_for_is_checked() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let new = |scopes: Value, days: i64| json!({"name": "x", "scopes": scopes, "expires_in_days": days});
    let ask = async |path: &str, body: Value| event.organizer.post(path, body).await;
    ask("/me/tokens", new(json!([]), 1)).await.field_error("scopes", "length");
    ask("/me/tokens", new(json!(["everything"]), 1)).await.expect(422);
    for days in [0, 366] {
        ask("/me/tokens", new(json!(["me:read"]), days)).await.field_error("expires_in_days", "range");
    }
    let year = ask("/me/tokens", new(json!(["me:read"]), 365)).await.expect(201).json();
    assert_eq!(year["expires_at"], "2026-01-15T12:00:00Z");
    let of_event = event.path("/tokens");
    ask(&of_event, new(json!(["event:read", "me:read"]), 1)).await.field_error("scopes[1]", "not_of_events");
    for _ in 0..50 {
        ada.post("/me/tokens", new(json!(["me:read"]), 1)).await.expect(201);
    }
    ada.post("/me/tokens", new(json!(["me:read"]), 1)).await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn a_persons_token_is_never_more_than_the_person_now() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let here = event.track("Here").await;
    let olga = app.member("olga", &event, "organizer").await;
    let (token, _) = make(&app, &olga, "/me/tokens", TokenScope::ALL).await;
    token.get(&event.path("/settings")).await.expect(200);
    event.organizer.delete(&event.member_path("olga").await).await.expect(204);
    token.get(&event.path("/settings")).await.problem(403, "forbidden");
    let outside = event.submit(&app.speaker("ada").await, "Outside").await;
    let chair = app.member_of("chair", &event, "chair", &[&here]).await;
    let (token, _) = make(&app, &chair, "/me/tokens", TokenScope::ALL).await;
    let path = event.path(&format!("/proposals/{}", outside["code"].as_str().unwrap()));
    token.get(&path).await.problem(404, "not_found");
    event.organizer.patch(&event.path("/settings"), json!({"visibility": "draft"})).await.expect(200);
    let (stranger, _) = make(&app, &olga, "/me/tokens", TokenScope::ALL).await;
    stranger.get(&event.path("/settings")).await.problem(404, "not_found");
}

#[actix_web::test]
async fn a_password_set_by_link_revokes_them() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    let (token, _) = make(&app, &ada, "/me/tokens", &[TokenScope::MeRead]).await;
    let asked = json!({"email": "ada@example.org"});
    app.anonymous().post("/password-resets", asked).await.expect(202);
    let link = app.link_mailed_to("ada", "reset").await;
    let reset = json!({"token": link, "password": "another good password"});
    app.anonymous().post("/password-resets/confirm", reset).await.expect(204);
    token.get("/me").await.problem(401, "sign_in_required");
}

/// What the event's program does, as an organizer would.
async fn works(event: &Event, client: &Client, title: &str) {
    client.get(&event.path("/settings")).await.expect(200);
    client.post(&event.path("/tracks"), json!({"name": title})).await.expect(201);
}

#[actix_web::test]
async fn an_events_token_is_of_its_event_and_outlives_its_maker() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let olga = app.member("olga", &event, "organizer").await;
    let of_events: Vec<_> = TokenScope::ALL.iter().copied().filter(|scope| scope.is_of_events()).collect();
    let (token, _) = make(&app, &olga, &event.path("/tokens"), &of_events).await;
    works(&event, &token, "One").await;
    event.organizer.delete(&event.member_path("olga").await).await.expect(204);
    works(&event, &token, "Two").await;
    event.organizer.patch(&event.path("/settings"), json!({"visibility": "draft"})).await.expect(200);
    works(&event, &token, "Three").await;
    token.get(&other.path("/settings")).await.problem(404, "not_found");
    token.post(&other.path("/tracks"), json!({"name": "Not here"})).await.problem(404, "not_found");
    let invitation = json!({"email": "new@example.org", "role": "reviewer"});
    let invited = token.post(&event.path("/invitations"), invitation).await.expect(201).json();
    assert_eq!(invited["inviter"], "olga", "somebody has to answer for it");
    for path in ["/me", "/me/proposals", "/me/tokens"] {
        let refused = token.get(path).await.expect(403).json();
        assert!(["scope_missing", "session_only"].contains(&refused["code"].as_str().unwrap()), "{refused}");
    }
}

#[actix_web::test]
async fn what_a_token_did_is_noted_with_it() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (token, path) = make(&app, &event.organizer, &event.path("/tokens"), &[TokenScope::EventWrite]).await;
    token.post(&event.path("/tracks"), json!({"name": "One"})).await.expect(201);
    let audit = event.organizer.get(&event.path("/audit")).await.expect(200).json();
    let added = audit["items"].as_array().unwrap().iter().find(|entry| entry["action"] == "track_added").unwrap();
    assert!(path.ends_with(added["facts"]["token"].as_str().unwrap()), "{added}");
}

#[actix_web::test]
async fn revoked_under_way_is_refused() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    for list in ["/me/tokens".to_owned(), event.path("/tokens")] {
        let (token, path) = make(&app, &event.organizer, &list, &[TokenScope::EventWrite]).await;
        let (organizer, tracks) = (event.organizer.clone(), event.path("/tracks"));
        // Used once before, so that noting the use is not what waits.
        token.post(&tracks, json!({"name": "Before"})).await.expect(201);
        used(&event.organizer, &list).await;
        let blocked = app.block_writers().await;
        let revoking = actix_web::rt::spawn(async move { organizer.delete(&path).await });
        app.queued(1).await;
        let adding = actix_web::rt::spawn(async move { token.post(&tracks, json!({"name": "After"})).await });
        app.queued(2).await;
        blocked.release_one_by_one(revoking).await.expect(204);
        adding.await.unwrap().problem(401, "sign_in_required");
        let tracks = event.organizer.get(&event.path("/tracks")).await.expect(200).text();
        assert!(!tracks.contains("After"), "{tracks}");
    }
}

/// When the newest token of the list was used last; waits until that is noted.
async fn used(who: &Client, list: &str) -> String {
    for _ in 0..1000 {
        let tokens = who.get(list).await.expect(200).json();
        if let Some(at) = tokens["items"].as_array().unwrap().last().unwrap()["last_used_at"].as_str() {
            return at.to_owned();
        }
        actix_web::rt::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the use is not noted");
}

#[actix_web::test]
async fn its_last_use_is_noted_at_most_every_five_minutes() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    let (token, _) = make(&app, &ada, "/me/tokens", &[TokenScope::MeRead]).await;
    token.get("/me").await.expect(200);
    assert_eq!(used(&ada, "/me/tokens").await, "2025-01-15T12:00:00Z");
    app.advance(Duration::from_mins(5));
    token.get("/me").await.expect(200);
    app.advance(Duration::from_micros(1));
    token.get("/me").await.expect(200);
    for _ in 0..1000 {
        if used(&ada, "/me/tokens").await == "2025-01-15T12:05:00.000001Z" {
            return;
        }
        actix_web::rt::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the second use is not noted");
}
