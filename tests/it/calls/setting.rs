//! The call, its parts, categories, ideas, dates and exceptions in a browser.

use crate::{
    events::setup_pages::{only_for, texts, value},
    harness::{TestApp, seed::Event},
};
use serde_json::{Value, json};

async fn settings(event: &Event) -> Value {
    event.organizer.get(&event.path("/call/settings")).await.expect(200).json()
}

#[actix_web::test]
async fn the_call_is_set_in_local_time() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (path, organizer) = (event.page("/call"), &event.organizer);
    let page = organizer.page(&path).await.expect(200);
    assert_eq!(value(&page, &path, "deadline.local").as_deref(), Some("2025-02-09T23:59"));
    assert!(page.text().contains("Sunday 9 February 2025, 11:59 PM PST (UTC−8)"));
    let version = value(&page, &path, "_version").unwrap();
    let fields = [
        ("_version", version.as_str()),
        ("_opens", "2025-01-02T09:00"),
        ("deadline.local", "2025-02-19T23:59"),
        ("deadline.zone", "AoE"),
        ("grace_minutes", "10"),
        ("limit_per_speaker", ""),
        ("notify_on", "2025-03-01"),
        ("text", "Come **all**."),
        ("is_free", "true"),
        ("is_virtual", ""),
    ];
    organizer.form(&path, &fields).await.expect(303);
    let call = settings(&event).await;
    assert_eq!(call["opens_at"], "2025-01-02T17:00:00Z");
    assert_eq!((&call["deadline"]["utc"], &call["grace_minutes"]), (&json!("2025-02-20T12:00:00Z"), &json!(10)));
    assert_eq!((&call["is_free"], &call["is_virtual"]), (&json!(true), &json!(null)));
    let stale = organizer.form(&path, &fields).await.expect(412);
    assert_eq!(value(&stale, &path, "_opens").as_deref(), Some("2025-01-02T09:00"));
    let now = value(&stale, &path, "_version").unwrap();
    let wrong = [("_version", now.as_str()), ("_opens", "2026-01-01T00:00"), ("grace_minutes", "x")];
    let page = organizer.form(&path, &wrong).await.expect(422);
    assert_eq!(value(&page, &path, "_opens").as_deref(), Some("2026-01-01T00:00"));
    let late = [("_version", now.as_str()), ("_opens", "2026-01-01T00:00")];
    let page = organizer.form(&path, &late).await.expect(422);
    assert!(texts(&page, ".opens .error").concat().contains("before the deadline"));
    only_for(&event, &app, "/call", 200).await;
}

#[actix_web::test]
async fn a_deadline_that_comes_twice_or_earlier_is_asked_about() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (path, organizer) = (event.page("/call"), &event.organizer);
    let version = value(&organizer.page(&path).await, &path, "_version").unwrap();
    let twice = [
        ("_version", version.as_str()),
        ("deadline.local", "2025-11-02T01:30"),
        ("deadline.zone", "America/Los_Angeles"),
    ];
    let page = organizer.form(&path, &twice).await.expect(422);
    assert_eq!(texts(&page, "input[name=\"deadline.offset\"] + span"), ["-07:00", "-08:00"]);
    let mut chosen = twice.to_vec();
    chosen.push(("deadline.offset", "-08:00"));
    organizer.form(&path, &chosen).await.expect(303);
    assert_eq!(settings(&event).await["deadline"]["utc"], "2025-11-02T09:31:00Z");
    // What was said once is not asked again.
    let version = value(&organizer.page(&path).await, &path, "_version").unwrap();
    let same = [
        ("_version", version.as_str()),
        ("deadline.local", "2025-11-02T01:30"),
        ("deadline.zone", "America/Los_Angeles"),
        ("tips", "Be brief."),
    ];
    organizer.form(&path, &same).await.expect(303);
    assert_eq!(settings(&event).await["deadline"]["utc"], "2025-11-02T09:31:00Z");
    let version = value(&organizer.page(&path).await, &path, "_version").unwrap();
    let mut earlier =
        vec![("_version", version.as_str()), ("deadline.local", "2025-02-01T23:59"), ("deadline.zone", "UTC")];
    let page = organizer.form(&path, &earlier).await.expect(409);
    assert!(!page.text().contains("&#34;confirm&#34;: true") && page.text().contains("bring the deadline forward"));
    assert_eq!(value(&page, &path, "deadline.local").as_deref(), Some("2025-02-01T23:59"));
    earlier.push(("confirm", "true"));
    organizer.form(&path, &earlier).await.expect(303);
    assert_eq!(settings(&event).await["deadline"]["local"], "2025-02-01T23:59");
}

#[actix_web::test]
async fn formats_and_tracks_are_added_changed_and_removed() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (path, organizer) = (event.page("/parts"), &event.organizer);
    let new = [("name", "Workshop"), ("minutes", "90"), ("deadline.local", ""), ("deadline.zone", "UTC")];
    organizer.form(&event.page("/parts/formats"), &new).await.expect(303);
    organizer.form(&event.page("/parts/tracks"), &[("name", "Core")]).await.expect(303);
    let page = organizer.form(&event.page("/parts/tracks"), &[("name", "")]).await.expect(422);
    assert!(!texts(&page, "details[open] .summary").is_empty());
    let page = organizer.page(&path).await.expect(200);
    assert_eq!(texts(&page, ".part > div > strong"), ["Talk", "Workshop", "Core"]);
    let [talk, workshop] = event.codes("/formats").await.try_into().unwrap();
    let one = event.page(&format!("/parts/formats/{workshop}"));
    let version = value(&page, &one, "_version").unwrap();
    let fields = [
        ("_version", version.as_str()),
        ("name", "Tutorial"),
        ("minutes", "180"),
        ("deadline.local", "2025-02-01T12:00"),
        ("deadline.zone", "UTC"),
    ];
    let page = organizer.form(&one, &fields).await.expect(409);
    assert!(page.text().contains("bring the deadline forward"));
    let fields: Vec<_> = fields.into_iter().chain([("confirm", "true")]).collect();
    organizer.form(&one, &fields).await.expect(303);
    let page = organizer.form(&one, &fields).await.expect(412);
    assert_eq!(value(&page, &one, "minutes").as_deref(), Some("180"));
    let speaker = app.speaker("ada").await;
    let mut proposal = crate::harness::seed::proposal("A");
    proposal["format"] = json!(talk);
    speaker.post(&event.mine(""), proposal).await.expect(201);
    let page = organizer.form(&event.page(&format!("/parts/formats/{talk}/remove")), &[]).await.expect(409);
    assert!(texts(&page, ".summary").concat().contains("have this format"));
    organizer.form(&format!("{one}/remove"), &[]).await.expect(303);
    let track = event.codes("/tracks").await.remove(0);
    let one = event.page(&format!("/parts/tracks/{track}"));
    organizer.form(&one, &[("_version", "1"), ("name", "Kernel")]).await.expect(303);
    organizer.form(&format!("{one}/remove"), &[]).await.expect(303);
    only_for(&event, &app, "/parts", 200).await;
}

#[actix_web::test]
async fn categories_come_from_presets_or_are_written() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (path, organizer) = (event.page("/categories"), &event.organizer);
    let page = organizer.page(&path).await.expect(200);
    assert_eq!(texts(&page, ".card h3"), ["Level", "Language", "Audience", "Talk type"]);
    organizer.form(&event.page("/categories/from-preset"), &[("preset", "level")]).await.expect(303);
    let page = organizer.page(&path).await.expect(200);
    assert_eq!(texts(&page, ".card h3").len(), 3, "what is there is not offered again");
    let own = [
        ("name", "Mood"),
        ("several", "false"),
        ("several", "true"),
        ("choices[0].name", "Calm"),
        ("choices[1].name", ""),
        ("choices[2].name", "Wild"),
        ("choices[2].wanted", "3"),
    ];
    organizer.page(&event.page("/categories/new")).await.expect(200);
    organizer.form(&event.page("/categories/new"), &own).await.expect(303);
    let list = organizer.get(&event.path("/categories")).await.json();
    let mood = &list["items"][1];
    assert_eq!((&mood["several"], &mood["choices"][1]["wanted"]), (&json!(true), &json!(3)));
    let one = event.page(&format!("/categories/{}", mood["code"].as_str().unwrap()));
    let page = organizer.page(&one).await.expect(200);
    assert_eq!(value(&page, &one, "choices[1].name").as_deref(), Some("Wild"));
    let calm = mood["choices"][0]["code"].as_str().unwrap();
    let edit = [
        ("_version", "1"),
        ("name", "Mood"),
        ("choices[0].code", calm),
        ("choices[0].name", "Quiet"),
        ("choices[1].name", "Wild"),
        ("choices[3].name", "Wild"),
    ];
    let page = organizer.form(&one, &edit).await.expect(422);
    assert_eq!(value(&page, &one, "choices[2].name").as_deref(), Some("Wild"), "rows close ranks");
    organizer.form(&one, &edit[..5]).await.expect(303);
    organizer.form(&one, &edit[..5]).await.expect(412);
    let list = organizer.get(&event.path("/categories")).await.json();
    assert_eq!(
        (&list["items"][1]["choices"][0]["code"], &list["items"][1]["choices"][0]["name"]),
        (&json!(calm), &json!("Quiet"))
    );
    organizer.form(&format!("{one}/remove"), &[]).await.expect(303);
    only_for(&event, &app, "/categories", 200).await;
}

#[actix_web::test]
async fn ideas_numbers_and_dates() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (path, organizer) = (event.page("/ideas"), &event.organizer);
    assert!(!texts(&organizer.page(&path).await.expect(200), ".empty").is_empty());
    let new = event.page("/ideas/new");
    organizer.page(&new).await.expect(200);
    let idea = [("title", "Vacuum in anger"), ("format", ""), ("track", ""), ("wanted", "2"), ("choices", "")];
    organizer.form(&new, &idea).await.expect(303);
    organizer.form(&new, &[("title", "")]).await.expect(422);
    let code = event.codes("/title-ideas").await.remove(0);
    let one = event.page(&format!("/ideas/{code}"));
    let page = organizer.page(&one).await.expect(200);
    assert_eq!(value(&page, &one, "wanted").as_deref(), Some("2"));
    let edit = [("_version", "1"), ("title", "Vacuum, calmly"), ("format", ""), ("wanted", "")];
    organizer.form(&one, &edit).await.expect(303);
    let page = organizer.form(&one, &edit).await.expect(412);
    assert!(page.text().contains("Somebody else changed this"));
    let page = organizer.page(&path).await.expect(200);
    assert_eq!(texts(&page, "tbody th"), ["Vacuum, calmly"]);
    let numbers = event.page("/ideas/numbers");
    let version = value(&page, &numbers, "_version").unwrap();
    organizer.form(&numbers, &[("_version", &version), ("gaps_public", "true")]).await.expect(303);
    assert_eq!(settings(&event).await["gaps_public"], true);
    let dates = event.page("/ideas/dates");
    organizer.form(&dates, &[("name", "Slides"), ("on", "2025-05-01"), ("until", "")]).await.expect(303);
    let page =
        organizer.form(&dates, &[("name", "Slides"), ("on", "2025-05-01"), ("until", "2025-04-01")]).await.expect(422);
    assert_eq!(value(&page, &dates, "until").as_deref(), Some("2025-04-01"));
    let date = format!("{dates}/{}", event.codes("/milestones").await.remove(0));
    organizer.form(&date, &[("_version", "1"), ("name", "Slides are due"), ("on", "2025-05-02")]).await.expect(303);
    organizer.form(&format!("{date}/remove"), &[]).await.expect(303);
    organizer.form(&format!("{one}/remove"), &[]).await.expect(303);
    only_for(&event, &app, "/ideas", 200).await;
}

#[actix_web::test]
async fn a_late_link_is_shown_once_and_somebody_gets_more_time() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (path, organizer) = (event.page("/exceptions"), &event.organizer);
    organizer.page(&path).await.expect(200);
    let links = event.page("/exceptions/links");
    let link = [
        ("name", "Keynote"),
        ("deadline.local", "2025-03-01T12:00"),
        ("deadline.zone", "UTC"),
        ("uses", "1"),
        ("formats", ""),
        ("tracks", ""),
    ];
    let made = organizer.form(&links, &link).await.expect(200);
    let address = texts(&made, "code.secret").remove(0);
    assert!(address.contains("/conf/submit?late="), "{address}");
    let page = organizer.page(&path).await.expect(200);
    assert!(page.text().contains("Keynote") && !page.text().contains(address.rsplit('=').next().unwrap()));
    let page = organizer
        .form(&links, &[("name", "No end"), ("deadline.local", ""), ("deadline.zone", "UTC")])
        .await
        .expect(422);
    assert_eq!(value(&page, &links, "name").as_deref(), Some("No end"));
    let code = event.codes("/late-links").await.remove(0);
    organizer.form(&format!("{links}/{code}/revoke"), &[]).await.expect(303);
    organizer.form(&format!("{links}/{code}/revoke"), &[]).await.expect(404);
    let people = event.page("/exceptions/people");
    let extension = [("email", "late@example.org"), ("deadline.local", "2025-03-01T12:00"), ("deadline.zone", "UTC")];
    organizer.form(&people, &extension).await.expect(303);
    organizer.form(&people, &extension).await.expect(422);
    let one = format!("{people}/{}", event.codes("/extensions").await.remove(0));
    organizer.form(&one, &[("_version", "1"), extension[1], extension[2]]).await.expect(303);
    organizer.form(&format!("{one}/remove"), &[]).await.expect(303);
    only_for(&event, &app, "/exceptions", 200).await;
}

#[actix_web::test]
async fn a_proposal_is_entered_for_somebody() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let path = event.page("/exceptions/enter");
    event.organizer.page(&path).await.expect(200);
    let fields = [
        ("title", "Heard in the hallway"),
        ("abstract", "All about it."),
        ("track", ""),
        ("choices", ""),
        ("speakers[0].profile.name", "Ada"),
        ("speakers[0].email", "ada@example.org"),
        ("speakers[1].profile.name", ""),
        ("speakers[1].email", ""),
        ("invite", "false"),
    ];
    let page = event.organizer.form(&path, &fields[1..]).await.expect(422);
    assert_eq!(value(&page, &path, "speakers[0].profile.name").as_deref(), Some("Ada"));
    let done = event.organizer.form(&path, &fields).await.expect(303);
    let code = event.codes("/proposals").await.remove(0);
    assert_eq!(done.header("location"), format!("/conf/organize/proposals/{code}"));
    app.speaker("sam").await.page(&path).await.expect(403);
}
