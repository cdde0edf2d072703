//! Scripts of other sites read what everybody may read, and nothing else.

use crate::harness::TestApp;
use actix_web::{http::Method, test::TestRequest};

const ALLOW: &str = "access-control-allow-origin";

/// A path of the route as somebody could ask for it.
fn path_of(pattern: &str) -> String {
    pattern.replace("{event}", "conf").replace(['{', '}'], "")
}

#[actix_web::test]
async fn only_public_reads_are_open() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let open = [
        "/api/v1/events",
        "/api/v1/events/{event}",
        "/api/v1/events/{event}/call",
        "/api/v1/events/{event}/gaps",
        "/api/v1/events/{event}/headshots/{code}",
        "/api/v1/events/{event}/talks",
        "/api/v1/openapi.json",
    ];
    for route in app.board.routes.iter() {
        let path = path_of(&route.path);
        let request = || TestRequest::default().method(route.method.clone()).uri(&path);
        let from = || request().insert_header(("origin", "https://elsewhere.example"));
        let answer = app.anonymous().send(from()).await;
        let is_open = route.method == Method::GET && open.contains(&route.path.as_str());
        let expected = if is_open { "*" } else { "" };
        assert_eq!(answer.header(ALLOW), expected, "{} {path}", route.method);
        assert_eq!(answer.header("access-control-allow-credentials"), "", "{path}");
        if !is_open {
            let token = format!("Bearer {}", event.organizer.token());
            let answer = event.organizer.send(from().insert_header(("authorization", token))).await;
            assert_eq!(answer.header(ALLOW), "", "{} {path} as an organizer", route.method);
        }
    }
}

#[actix_web::test]
async fn browsers_may_ask_first_where_it_is_open() {
    let app = TestApp::new().await;
    app.event("conf").await;
    let ask = |path: &'static str| {
        let (app, request) = (app.anonymous(), TestRequest::default().method(Method::OPTIONS).uri(path));
        async move { app.send(request.insert_header(("access-control-request-method", "GET"))).await }
    };
    for path in ["/api/v1/events", "/api/v1/events/conf/talks", "/api/v1/openapi.json"] {
        let answer = ask(path).await.expect(204);
        assert_eq!((answer.header(ALLOW), answer.header("access-control-allow-methods")), ("*", "GET, HEAD"), "{path}");
        assert_eq!(answer.header("access-control-allow-headers"), "", "no token goes along");
    }
    for path in ["/api/v1/me", "/api/v1/events/conf/proposals", "/api/v1/sessions", "/confirm/x", "/"] {
        assert_eq!(ask(path).await.expect(405).header(ALLOW), "", "{path}");
    }
    let missing = app.anonymous().get("/events/nowhere/talks").await;
    assert_eq!(missing.header(ALLOW), "*", "scripts read what went wrong");
}
