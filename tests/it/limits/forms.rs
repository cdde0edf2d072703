//! Programs that fill in everything, and bodies that are too much.

use super::limited;
use crate::harness::{PASSWORD, TestApp, address};
use actix_web::http::Method;
use callboard::http::pages::TRAP;
use serde_json::json;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

#[actix_web::test]
async fn a_form_with_its_trap_filled_in_is_thanked_for_and_dropped() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let invitation = json!({"email": address("rita"), "role": "reviewer"});
    event.organizer.post(&event.path("/invitations"), invitation).await.expect(201);
    let page = format!("/invitation/{}", app.link_mailed_to("rita", "invitation").await);
    let shown = app.anonymous().page(&page).await.expect(200).text();
    assert!(shown.contains(&format!("name=\"{TRAP}\"")) && shown.contains("aria-hidden=\"true\""), "{shown}");
    let filled = [("name", "Rita"), ("password", PASSWORD), (TRAP, "555-1234")];
    let thanked = app.anonymous().form(&page, &filled).await.expect(200).text();
    assert!(thanked.contains("Thank you"), "{thanked}");
    // Nor does it tell what is wrong with the rest.
    app.anonymous().form(&page, &[(TRAP, "x")]).await.expect(200);
    let sign_in = json!({"email": address("rita"), "password": PASSWORD});
    app.anonymous().post("/sessions", sign_in.clone()).await.problem(401, "wrong_credentials");
    // A link that is dead is dead for everybody.
    app.anonymous().form(&format!("/invitation/{}", "z".repeat(32)), &filled).await.expect(200);
    let left_empty = [("name", "Rita"), ("password", PASSWORD), (TRAP, "")];
    app.anonymous().form(&page, &left_empty).await.expect(303);
    app.anonymous().post("/sessions", sign_in).await.expect(201);
}

fn templates(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { templates(&path) } else { vec![path] }).collect()
}

/// Buttons alone need none: there is nothing to fill in.
#[test]
fn every_form_with_something_to_fill_in_has_the_trap() {
    let mut seen = 0;
    for path in templates(Path::new("src/templates")) {
        let text = fs::read_to_string(&path).unwrap();
        for form in text.split("<form").skip(1).filter_map(|rest| rest.split("</form>").next()) {
            let typed = ["{{ form.", "<textarea", "type=\"text\"", "type=\"{{"].iter().any(|mark| form.contains(mark));
            if form.contains("method=\"post\"") && typed {
                let has = form.contains(".begin()") || form.contains("trap.html");
                assert!(has, "{}: {form}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 1);
}

#[actix_web::test]
async fn an_event_takes_so_many_submissions_of_new_accounts() {
    let app = TestApp::with(&[("rate_limits", "on"), ("newcomers", "3")]).await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let old = app.speaker("old").await;
    app.advance(Duration::from_hours(24) - Duration::from_micros(1));
    let new = app.speaker("new").await;
    for (client, title) in [(&old, "One"), (&new, "Two"), (&new, "Three")] {
        event.submit(client, title).await;
    }
    let draft = event.draft(&new, "Four").await;
    let submit = event.mine(&format!("/{draft}/submit"));
    let problem = new.act(&submit).await.problem(429, "too_many");
    let detail =
        "At most 3 submissions to one event by accounts younger than a day an hour. Try again in 1200 seconds.";
    assert_eq!(problem["detail"], detail);
    event.draft(&new, "Five").await;
    other.submit(&new, "Elsewhere").await;
    old.post(&event.mine(""), crate::harness::seed::proposal("Six")).await.problem(429, "too_many");
    // A day old, to the microsecond.
    app.advance(Duration::from_micros(1));
    event.submit(&old, "Six").await;
    new.act(&submit).await.problem(429, "too_many");
    app.advance(Duration::from_mins(20));
    new.act(&submit).await.expect(200);
    new.post(&event.mine(""), crate::harness::seed::proposal("Seven")).await.problem(429, "too_many");
}

#[actix_web::test]
async fn deep_and_large_bodies_are_refused_whoever_reads_them() {
    let app = limited().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let deep = ["[".repeat(200_000), "{\"a\":".repeat(40_000), format!("{{\"title\":{}", "[".repeat(200_000))];
    for path in ["/sessions".to_owned(), event.mine("")] {
        for body in &deep {
            let request = ada.request(Method::POST, &path).insert_header(("content-type", "application/json"));
            let status = ada.send(request.set_payload(body.clone())).await.status.as_u16();
            assert!([400, 422].contains(&status), "{path} answered {status}");
        }
        let request = ada.request(Method::POST, &path).insert_header(("content-type", "application/json"));
        let large = format!("\"{}\"", "x".repeat(256 * 1024 - 1));
        ada.send(request.set_payload(large)).await.problem(413, "too_large");
        let request = ada.request(Method::POST, &path).insert_header(("content-type", "application/json"));
        let whole = format!("\"{}\"", "x".repeat(256 * 1024 - 2));
        ada.send(request.set_payload(whole)).await.problem(422, "invalid");
    }
}
