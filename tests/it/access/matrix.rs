//! Every recorded route against every kind of caller. The table of routes and audiences is committed beside this file:
//! a new route, or one that lets in somebody else, shows as a difference. There is no list of exceptions.

use crate::harness::{
    Client, Response, TestApp,
    seed::{Event, code},
};
use actix_web::http::Method;
use callboard::http::routes::Route;
use serde_json::json;
use std::collections::BTreeMap;

const TABLE: &str = "tests/it/access/routes.txt";

pub(super) struct World {
    pub(super) app: TestApp,
    pub(super) event: Event,
    pub(super) callers: BTreeMap<&'static str, Client>,
}

impl World {
    /// The admin has created the event and is not in its team any more.
    pub(super) async fn new() -> World {
        let app = TestApp::new().await;
        let (event, other) = (app.event("conf").await, app.event("other").await);
        let admin = app.admin().await;
        let mut callers = BTreeMap::from([("anonymous", app.anonymous()), ("admin", admin.clone())]);
        callers.insert("stranger", app.speaker("stranger").await);
        callers.insert("speaker", app.speaker("speaker").await);
        callers.insert("reviewer", app.reviewer("reviewer", &event).await);
        callers.insert("reviewer of another event", app.reviewer("elsewhere", &other).await);
        callers.insert("organizer of another event", app.member("olga", &other, "organizer").await);
        let (here, there) = (event.track("Here").await, event.track("There").await);
        for (caller, name, role, track) in [
            ("chair", "chair", "chair", &here),
            ("chair of another track", "other-chair", "chair", &there),
            ("reviewer of another track", "other-reviewer", "reviewer", &there),
        ] {
            callers.insert(caller, app.member_of(name, &event, role, &[track]).await);
        }
        callers.insert("viewer", app.member("viewer", &event, "viewer").await);
        let organizer = app.member("organizer", &event, "organizer").await;
        event.submit(&callers["speaker"], "A talk").await;
        let members = organizer.get(&event.path("/members")).await.expect(200).json();
        let admins = members["items"].as_array().unwrap().iter().find(|member| member["email"] == "admin@example.org");
        let id = code(admins.expect("the admin is a member"));
        organizer.delete(&event.path(&format!("/members/{id}"))).await.expect(204);
        callers.insert("organizer", organizer.clone());
        World { app, event: Event { organizer, ..event }, callers }
    }

    async fn signed_in_anew(&self, caller: &str) -> Client {
        let name = match caller {
            "anonymous" => return self.app.anonymous(),
            "reviewer of another event" => "elsewhere",
            "organizer of another event" => "olga",
            "chair of another track" => "other-chair",
            "reviewer of another track" => "other-reviewer",
            other => other,
        };
        self.app.sign_in(name).await
    }

    /// Who gets past the door of an audience.
    fn is_let_in(audience: &str, caller: &str) -> bool {
        match audience {
            "anyone" => true,
            "signed in" | "speaker" => caller != "anonymous",
            "event creator" | "admin" => caller == "admin",
            "reviewer" => ["reviewer", "reviewer of another track"].contains(&caller),
            "decider" => ["organizer", "chair", "chair of another track"].contains(&caller),
            "proposal reader" => ["organizer", "viewer", "chair", "chair of another track"].contains(&caller),
            "event reader" => ["organizer", "viewer"].contains(&caller),
            "organizer" => caller == "organizer",
            other => panic!("say who is let in to the audience {other:?}"),
        }
    }

    /// Values of the right form that name nothing: whoever is let in finds nothing.
    pub(super) fn path(&self, pattern: &str) -> String {
        let path = pattern.replace("{event}", &self.event.slug).replace("{slug}", &self.event.slug);
        let path = path.replace("{file}", "talks.csv");
        let path = path.replace("{code}", "ZZZZZZ").replace("{ref}", "ZZZZZZ").replace("{id}", "ZZZZZZZZZZ");
        path.replace("{token}", &"z".repeat(32)).replace("{number}", "1")
    }
}

pub(super) async fn send(client: &Client, method: &Method, path: &str) -> Response {
    let request = client.request(method.clone(), "").uri(path).insert_header(("sec-fetch-site", "same-origin"));
    client.send(request).await
}

pub(super) async fn status(client: &Client, method: &Method, path: &str) -> u16 {
    send(client, method, path).await.status.as_u16()
}

/// What nobody is told: a page leads to the one to sign in.
fn sign_in_first(route: &Route) -> u16 {
    if route.method == Method::GET && !route.is_api() { 303 } else { 401 }
}

#[actix_web::test]
async fn every_route_lets_in_its_audience_and_nobody_else() {
    let world = World::new().await;
    let routes: Vec<_> = world.app.board.routes.iter().collect();
    assert!(routes.len() > 40);
    let mut callers = world.callers.clone();
    for route in routes {
        for (caller, client) in &callers {
            let status = status(client, &route.method, &world.path(&route.path)).await;
            let what = format!("{caller}: {} {} answered {status}", route.method, route.path);
            if World::is_let_in(route.audience, caller) {
                assert!(status != 401 && status != 403 && status < 500, "{what}");
            } else {
                assert_eq!(status, if *caller == "anonymous" { sign_in_first(route) } else { 403 }, "{what}");
            }
        }
        let ends_sessions = ["/api/v1/sessions/current", "/api/v1/me/sessions"].contains(&route.path.as_str());
        if ends_sessions && route.method == Method::DELETE {
            for (caller, client) in &mut callers {
                *client = world.signed_in_anew(caller).await;
            }
        }
    }
}

#[actix_web::test]
async fn an_event_in_preparation_does_not_exist_for_others() {
    let world = World::new().await;
    let draft = json!({"visibility": "draft"});
    world.event.organizer.patch(&world.event.path("/settings"), draft).await.expect(200);
    for route in world.app.board.routes.iter().filter(|route| route.path.contains("{event}")) {
        for caller in ["stranger", "speaker", "admin", "organizer of another event"] {
            let status = status(&world.callers[caller], &route.method, &world.path(&route.path)).await;
            assert_eq!(status, 404, "{caller}: {} {}", route.method, route.path);
        }
        let anonymous = status(&world.callers["anonymous"], &route.method, &world.path(&route.path)).await;
        let expected = if route.audience == "anyone" { 404 } else { sign_in_first(route) };
        assert_eq!(anonymous, expected, "{}", route.path);
    }
}

#[actix_web::test]
async fn the_table_of_routes_is_the_committed_one() {
    let app = TestApp::new().await;
    let line = |route: &Route| format!("{:15} {:6} {}", route.audience, route.method.as_str(), route.path);
    let mut lines: Vec<String> = app.board.routes.iter().map(line).collect();
    lines.sort();
    crate::contract::equals_committed(TABLE, &(lines.join("\n") + "\n"));
}
