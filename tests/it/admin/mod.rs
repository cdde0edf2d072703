//! What the instance's admins see and do.

mod pages;

use crate::harness::{Client, PASSWORD, TestApp, address};
use serde_json::{Value, json};

/// The path of an account.
async fn path_of(admin: &Client, name: &str) -> String {
    let found = admin.get(&format!("/admin/accounts?email={}", address(name))).await.expect(200).json();
    assert_eq!(found["items"].as_array().unwrap().len(), 1, "{found}");
    format!("/admin/accounts/{}", found["items"][0]["id"].as_str().unwrap())
}

async fn edit(admin: &Client, name: &str, change: Value) {
    admin.patch(&path_of(admin, name).await, change).await.expect(200);
}

fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn all_events_are_listed_with_counts_page_by_page() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let (conf, _) = (app.event("conf").await, app.event("another").await);
    app.reviewer("rita", &conf).await;
    let ada = app.speaker("ada").await;
    conf.submit(&ada, "A talk").await;
    conf.draft(&ada, "A draft").await;
    conf.organizer.patch(&conf.path("/settings"), json!({"visibility": "draft"})).await.expect(200);
    let first = admin.get("/admin/events?limit=1").await.expect(200).json();
    assert_eq!(first["items"][0]["slug"], "another");
    let cursor = first["next"].as_str().unwrap();
    let second = admin.get(&format!("/admin/events?limit=1&cursor={cursor}")).await.expect(200);
    let expected = json!({"slug": "conf", "name": "The conf", "visibility": "draft",
        "created_at": "2025-01-15T12:00:00Z", "members": 2, "organizers": 1, "proposals": 1});
    assert_eq!(second.json(), json!({"items": [expected], "next": null}));
    assert!(!second.text().contains("A talk"));
    admin.get("/admin/events?cursor=nonsense").await.problem(400, "bad_cursor");
}

#[actix_web::test]
async fn accounts_are_found_by_address_or_by_how_the_name_begins() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    for name in ["ada", "adam", "%da"] {
        app.advance(std::time::Duration::from_secs(1));
        let person = json!({"email": address(&name.replace('%', "percent")), "name": name, "password": PASSWORD});
        app.anonymous().post("/accounts", person).await.expect(202);
    }
    let list = async |query: &str| admin.get(&format!("/admin/accounts{query}")).await.expect(200).json();
    assert_eq!(names(&list("").await), ["%da", "adam", "ada", "admin"], "newest first");
    assert_eq!(names(&list("?email=ADAM@example.org").await), ["adam"]);
    assert_eq!(names(&list("?email=nobody@example.org").await), Vec::<&str>::new());
    assert_eq!(names(&list("?name=ada").await), ["adam", "ada"]);
    assert_eq!(names(&list("?name=%25").await), ["%da"], "no pattern");
    let first = list("?name=ad&limit=2").await;
    let next = first["next"].as_str().unwrap();
    assert_eq!(names(&list(&format!("?name=ad&limit=2&cursor={next}")).await), ["admin"]);
    let found = list("?email=admin@example.org").await;
    let id = found["items"][0]["id"].as_str().unwrap();
    let expected = json!({"id": id, "email": "admin@example.org", "name": "admin", "email_verified": true,
        "admin": true, "disabled_at": null, "version": found["items"][0]["version"],
        "created_at": "2025-01-15T12:00:00Z"});
    assert_eq!(found["items"][0], expected);
}

#[actix_web::test]
async fn a_disabled_account_is_out_at_the_next_request() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let event = app.event("conf").await;
    let olga = app.member("olga", &event, "organizer").await;
    let new = |scope: &str| json!({"name": "x", "scopes": [scope]});
    let token = |made: crate::harness::Response| app.with_token(made.expect(201).json()["token"].as_str().unwrap());
    let mine = token(olga.post("/me/tokens", new("me:read")).await);
    let of_event = token(olga.post(&event.path("/tokens"), new("event:read")).await);
    mine.get("/me").await.expect(200);
    edit(&admin, "olga", json!({"disabled": true})).await;
    olga.get("/me").await.problem(401, "sign_in_required");
    mine.get("/me").await.problem(401, "sign_in_required");
    of_event.get(&event.path("/settings")).await.expect(200);
    let sign_in = json!({"email": "olga@example.org", "password": PASSWORD});
    app.anonymous().post("/sessions", sign_in).await.problem(401, "wrong_credentials");
    edit(&admin, "olga", json!({"disabled": false})).await;
    olga.get("/me").await.problem(401, "sign_in_required");
    mine.get("/me").await.problem(401, "sign_in_required");
    app.sign_in("olga").await.get(&event.path("/settings")).await.expect(200);
}

#[actix_web::test]
async fn disabled_under_way_is_refused() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let event = app.event("conf").await;
    let olga = app.member("olga", &event, "organizer").await;
    let path = path_of(&admin, "olga").await;
    let blocked = app.block_writers().await;
    let disabling = actix_web::rt::spawn(async move { admin.patch(&path, json!({"disabled": true})).await });
    app.queued(1).await;
    let tracks = event.path("/tracks");
    let adding = actix_web::rt::spawn(async move { olga.post(&tracks, json!({"name": "Late"})).await });
    app.queued(2).await;
    blocked.release_one_by_one(disabling).await.expect(200);
    adding.await.unwrap().problem(401, "sign_in_required");
}

#[actix_web::test]
async fn admins_are_made_and_unmade_but_never_by_themselves() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let ada = app.speaker("ada").await;
    app.unverified("eve").await;
    ada.get("/admin/health").await.problem(403, "forbidden");
    admin.patch(&path_of(&admin, "eve").await, json!({"admin": true})).await.problem(409, "wrong_state");
    edit(&admin, "ada", json!({"admin": true})).await;
    ada.get("/admin/health").await.expect(200);
    for change in [json!({"admin": false}), json!({"disabled": true})] {
        admin.patch(&path_of(&admin, "admin").await, change).await.problem(409, "wrong_state");
    }
    let path = path_of(&ada, "admin").await;
    ada.patch_from("\"0\"", &path, json!({"admin": false})).await.problem(412, "stale");
    edit(&ada, "admin", json!({"admin": false})).await;
    admin.get("/admin/health").await.problem(403, "forbidden");
    ada.patch(&path, json!({"king": true})).await.field_error("king", "unknown_field");
    ada.patch("/admin/accounts/ZZZZZZZZZZ", json!({})).await.problem(404, "not_found");
}

#[actix_web::test]
async fn two_admins_that_unmake_each_other_leave_one() {
    for _ in 0..4 {
        let app = TestApp::new().await;
        let admin = app.admin().await;
        let ada = app.speaker("ada").await;
        edit(&admin, "ada", json!({"admin": true})).await;
        let (of_admin, of_ada) = (path_of(&admin, "admin").await, path_of(&admin, "ada").await);
        let unmake = || json!({"admin": false});
        let (one, other) = tokio::join!(admin.patch(&of_ada, unmake()), ada.patch(&of_admin, unmake()));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 403], "{} {}", one.text(), other.text());
    }
}

#[actix_web::test]
async fn an_organizer_is_invited_only_where_nobody_is_left() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let event = app.event("conf").await;
    let olga = app.member("olga", &event, "organizer").await;
    olga.delete(&event.member_path("admin").await).await.expect(204);
    let (path, new) = ("/admin/events/conf/organizers", json!({"email": "new@example.org"}));
    admin.post(path, new.clone()).await.problem(409, "wrong_state");
    admin.post("/admin/events/nowhere/organizers", new.clone()).await.problem(404, "not_found");
    edit(&admin, "olga", json!({"disabled": true})).await;
    assert_eq!(admin.get("/admin/events").await.json()["items"][0]["organizers"], 0);
    admin.post(path, new).await.expect(202);
    let newcomer = app.speaker("new").await;
    let token = app.link_mailed_to("new", "invitation").await;
    newcomer.post("/invitations/accept", json!({"token": token})).await.expect(200);
    newcomer.get(&event.path("/settings")).await.expect(200);
    admin.get(&event.path("/proposals")).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn health_tells_how_the_server_is() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let health = admin.get("/admin/health").await.expect(200).json();
    let database = if crate::harness::database::postgres_server().is_some() { "postgres" } else { "sqlite" };
    assert_eq!((&health["database"], &health["migrations_current"]), (&json!(database), &json!(true)));
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(health["lanes"].as_array().unwrap().len(), 2);
    assert!(health["mails"]["queued"].as_i64().unwrap() > 0, "{health}");
    assert_eq!(health["oldest_due_mail"], "2025-01-15T12:00:00Z");
}
