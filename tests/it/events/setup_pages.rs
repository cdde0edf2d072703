//! Making an event, its settings, its team and its tokens in a browser.

use crate::harness::{Client, Response, TestApp, seed::Event};
use scraper::{Html, Selector};
use serde_json::json;

/// An attribute of the first element that fits.
pub fn attr(page: &Response, css: &str, name: &str) -> Option<String> {
    let html = Html::parse_document(&page.text());
    let found = html.select(&Selector::parse(css).unwrap()).next();
    found.and_then(|element| element.attr(name).map(str::to_owned))
}

/// The text of all elements that fit.
pub fn texts(page: &Response, css: &str) -> Vec<String> {
    let html = Html::parse_document(&page.text());
    let words = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    html.select(&Selector::parse(css).unwrap()).map(|element| words(element.text().collect())).collect()
}

/// The value of a field of the form that is sent to this address.
pub fn value(page: &Response, action: &str, field: &str) -> Option<String> {
    let form = format!("form[action=\"{action}\"]");
    attr(page, &format!("{form} input[name=\"{field}\"]"), "value")
        .or_else(|| texts(page, &format!("{form} textarea[name=\"{field}\"]")).into_iter().next())
        .or_else(|| attr(page, &format!("{form} select[name=\"{field}\"] option[selected]"), "value"))
}

impl Event {
    pub fn page(&self, section: &str) -> String {
        format!("/{}/organize{section}", self.slug)
    }
}

/// Everybody else is kept out.
pub async fn only_for(event: &Event, app: &TestApp, section: &str, viewers: u16) {
    let (viewer, speaker) = (app.member("vera", event, "viewer").await, app.speaker("sam").await);
    viewer.page(&event.page(section)).await.expect(viewers);
    speaker.page(&event.page(section)).await.expect(403);
    app.anonymous().page(&event.page(section)).await.expect(303);
}

const NEW: [(&str, &str); 6] = [
    ("name", "PG Conf 2026"),
    ("slug", "pgconf2026"),
    ("zone", "Europe/Lisbon"),
    ("deadline.local", "2025-02-09T23:59"),
    ("deadline.zone", ""),
    ("blind", "true"),
];

#[actix_web::test]
async fn an_event_is_made_from_few_answers() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let page = admin.page("/new").await.expect(200);
    assert_eq!(value(&page, "/new", "contact_email").as_deref(), Some("admin@example.org"));
    assert!(texts(&page, "main details").is_empty(), "nothing to copy yet");
    let mut fields = NEW.to_vec();
    fields.push(("_key", "k"));
    for _ in 0..2 {
        let made = admin.form("/new", &fields).await.expect(303);
        assert_eq!(made.header("location"), "/pgconf2026/organize");
    }
    let settings = admin.get("/events/pgconf2026/settings").await.expect(200).json();
    assert_eq!((&settings["visibility"], &settings["blind"]), (&json!("draft"), &json!(true)));
    let call = admin.get("/events/pgconf2026/call/settings").await.expect(200).json();
    assert_eq!(
        (&call["deadline"]["zone"], &call["deadline"]["utc"]),
        (&json!("Europe/Lisbon"), &json!("2025-02-10T00:00:00Z"))
    );
    assert_eq!(texts(&admin.page("/new").await.expect(200), "main details strong"), ["PG Conf 2026"]);
}

#[actix_web::test]
async fn an_address_is_suggested_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let page = admin.form("/new", &[("name", "Café Conf!"), ("slug", ""), ("zone", "Nowhere")]).await.expect(422);
    assert_eq!(value(&page, "/new", "slug").as_deref(), Some("caf-conf"));
    assert_eq!(value(&page, "/new", "name").as_deref(), Some("Café Conf!"));
    let fields = [("name", "X"), ("slug", "xconf"), ("zone", "Nowhere")];
    let page = admin.form("/new", &fields).await.expect(422);
    assert!(texts(&page, ".summary").concat().contains("IANA zone"));
    let fields = [("name", "X"), ("slug", "xconf"), ("zone", "UTC"), ("deadline.local", ""), ("deadline.zone", "UTC")];
    admin.form("/new", &fields).await.expect(303);
    let call = admin.get("/events/xconf/call/settings").await.json();
    assert_eq!(call["deadline"], json!(null));
    admin.form("/new", &fields).await.expect(422);
    app.speaker("sam").await.page("/new").await.expect(403);
    app.anonymous().page("/new").await.expect(303);
}

#[actix_web::test]
async fn an_earlier_event_is_copied_with_its_dates() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    event.organizer.patch(&event.path("/settings"), json!({"starts_on": "2025-06-10"})).await.expect(200);
    let page = event.organizer.page("/new/conf").await.expect(200);
    assert_eq!(value(&page, "/new/conf", "starts_on").as_deref(), Some("2026-06-09"));
    let fields = [("name", "Conf again"), ("slug", "conf2026"), ("starts_on", "2026-06-09")];
    let made = event.organizer.form("/new/conf", &fields).await.expect(303);
    assert_eq!(made.header("location"), "/conf2026/organize");
    let call = event.organizer.get("/events/conf2026/call/settings").await.expect(200).json();
    assert_eq!(call["deadline"]["local"], "2026-02-08T23:59");
    let page = event.organizer.form("/new/conf", &[("name", ""), ("slug", "x2"), ("starts_on", "")]).await.expect(422);
    assert_eq!(value(&page, "/new/conf", "slug").as_deref(), Some("x2"));
    event.organizer.page("/new/elsewhere").await.expect(404);
}

#[actix_web::test]
async fn settings_are_saved_and_a_stale_edit_shows_both() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (path, organizer) = (event.page("/settings"), &event.organizer);
    let page = organizer.page(&path).await.expect(200);
    let version = value(&page, &path, "_version").unwrap();
    let typed = [("_version", version.as_str()), ("name", "Renamed"), ("zone", "UTC"), ("blind", "false")];
    organizer.form(&path, &typed).await.expect(303);
    let page = organizer.form(&path, &[("_version", &version), ("name", "Mine")]).await.expect(412);
    assert_eq!(value(&page, &path, "name").as_deref(), Some("Mine"));
    assert!(page.text().contains("Renamed"), "what is there now stands beside it");
    let now = value(&page, &path, "_version").unwrap();
    assert_ne!(now, version);
    organizer.form(&path, &[("_version", &now), ("name", "Mine")]).await.expect(303);
    let wrong = [("_version", "*"), ("name", "Mine"), ("zone", "Mars/Base")];
    let page = organizer.form(&path, &wrong).await;
    assert!([412, 422].contains(&page.status.as_u16()));
    only_for(&event, &app, "/settings", 200).await;
    let viewer = app.speaker("walt").await;
    app.join(&viewer, "walt", &event, "viewer").await;
    let page = viewer.page(&path).await.expect(200);
    assert!(texts(&page, "main form").is_empty(), "viewers change nothing");
    viewer.form(&path, &[("_version", "1"), ("name", "X")]).await.expect(403);
}

async fn invite(event: &Event, fields: &[(&str, &str)]) -> Response {
    event.organizer.form(&event.page("/team/invitations"), fields).await
}

#[actix_web::test]
async fn the_team_is_invited_limited_and_sent_away() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let track = event.track("Core").await;
    let page = event.organizer.page(&event.page("/team")).await.expect(200);
    assert!(page.text().contains("The only organizer"));
    let fields = [("email", "new@example.org"), ("role", "reviewer"), ("tracks", ""), ("tracks", track.as_str())];
    invite(&event, &fields).await.expect(303);
    let page = event.organizer.page(&event.page("/team")).await.expect(200);
    assert!(texts(&page, ".rows li").concat().contains("new@example.org Reviewer only in Core"));
    let page = invite(&event, &[("email", "no address"), ("role", "chair")]).await.expect(422);
    assert_eq!(value(&page, &event.page("/team/invitations"), "email").as_deref(), Some("no address"));
    invite(&event, &[("email", "all@example.org"), ("role", "organizer"), ("tracks", "")]).await.expect(303);
    let code = event.codes("/invitations").await.remove(0);
    event.organizer.form(&event.page(&format!("/team/invitations/{code}/take-back")), &[]).await.expect(303);
    assert_eq!(event.codes("/invitations").await.len(), 1);
    app.reviewer("ruth", &event).await;
    let ruth = event.member_path("ruth").await;
    let ruth = ruth.rsplit('/').next().unwrap();
    let page = event.organizer.page(&event.page("/team")).await.expect(200);
    let limit = event.page(&format!("/team/{ruth}/limit"));
    let version = value(&page, &limit, "_version").unwrap();
    let fields = [("_version", version.as_str()), ("role", "reviewer"), ("tracks", ""), ("tracks", track.as_str())];
    event.organizer.form(&limit, &fields).await.expect(303);
    event.organizer.form(&limit, &fields).await.expect(412);
    event.organizer.form(&event.page(&format!("/team/{ruth}/remove")), &[("role", "reviewer")]).await.expect(303);
    let own = event.member_path("admin").await;
    let own = event.page(&format!("/team/{}/remove", own.rsplit('/').next().unwrap()));
    let page = event.organizer.form(&own, &[("role", "organizer")]).await.expect(409);
    assert!(texts(&page, ".summary").concat().contains("Make somebody else organizer first"));
    only_for(&event, &app, "/team", 200).await;
}

#[actix_web::test]
async fn a_token_is_shown_once() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (path, organizer) = (event.page("/tokens"), &event.organizer);
    organizer.page(&path).await.expect(200);
    let fields = [("name", "Website"), ("scopes", ""), ("scopes", "proposals:read"), ("expires_in_days", "30")];
    let made = organizer.form(&path, &fields).await.expect(200);
    let secret = texts(&made, "code.secret").remove(0);
    let program: Client = app.with_token(&secret);
    program.get(&event.path("/proposals")).await.expect(200);
    let page = organizer.page(&path).await.expect(200);
    assert!(page.text().contains("Website") && !page.text().contains(&secret));
    let page = organizer.form(&path, &[("name", "Nothing"), ("scopes", "")]).await.expect(422);
    assert_eq!(value(&page, &path, "name").as_deref(), Some("Nothing"));
    let id = event.codes("/tokens").await.remove(0);
    organizer.form(&event.page(&format!("/tokens/{id}/revoke")), &[]).await.expect(303);
    program.get(&event.path("/proposals")).await.expect(401);
    only_for(&event, &app, "/tokens", 403).await;
}
