//! Categories: made by organizers, picked from by speakers, shown to those they are for.

use crate::harness::{
    Client, TestApp,
    seed::{Event, code, proposal},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const LIST: &str = "/categories";

/// An event with the usual categories, and the codes of their choices by name.
async fn with_presets(app: &TestApp) -> (Event, BTreeMap<String, String>) {
    let event = app.event("conf").await;
    let mut choices = BTreeMap::new();
    for preset in ["level", "audience", "talk_type"] {
        let path = event.path("/categories/from-preset");
        let made = event.organizer.post(&path, json!({"preset": preset})).await.expect(201).json();
        for choice in made["choices"].as_array().unwrap() {
            choices.insert(choice["name"].as_str().unwrap().to_owned(), code(choice));
        }
    }
    (event, choices)
}

fn picking(title: &str, choices: &[&String]) -> Value {
    let mut body = proposal(title);
    body["choices"] = json!(choices);
    body
}

fn names(proposal: &Value) -> Vec<(String, String)> {
    let text = |choice: &Value, part: &str| choice[part].as_str().unwrap().to_owned();
    let choices = proposal["choices"].as_array().unwrap().iter();
    choices.map(|choice| (text(choice, "category"), text(choice, "name"))).collect()
}

async fn shown_to(event: &Event, category: &str, audience: &str) {
    let list = event.organizer.get(&event.path(LIST)).await.expect(200).json();
    let found = list["items"].as_array().unwrap().iter().find(|item| item["name"] == category).unwrap().clone();
    let path = event.path(&format!("{LIST}/{}", code(&found)));
    event.organizer.patch(&path, json!({"shown_to": audience})).await.expect(200);
}

async fn seen_by_reviewer(event: &Event, reviewer: &Client, of: &str) -> Value {
    let reference = event.seen(of).await["ref"].as_str().unwrap().to_owned();
    reviewer.get(&event.path(&format!("/reviewing/proposals/{reference}"))).await.expect(200).json()
}

#[actix_web::test]
async fn a_category_is_added_changed_and_removed_with_its_choices() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let organizer = &event.organizer;
    let new = json!({"name": "Database", "help": "Which one.", "several": true, "required": true,
        "shown_to": "reviewers", "choices": [{"name": "One", "wanted": 5}, {"name": "Two", "help": "The other."}]});
    let answer = organizer.post(&event.path(LIST), new).await.expect(201);
    assert_eq!(answer.header("location"), "/api/v1/events/conf/categories");
    let made = answer.json();
    let (one, two) = (code(&made["choices"][0]), code(&made["choices"][1]));
    let expected = json!({"code": made["code"], "name": "Database", "help": "Which one.", "several": true,
        "required": true, "shown_to": "reviewers", "version": 1, "choices": [
            {"code": one, "name": "One", "help": "", "wanted": 5},
            {"code": two, "name": "Two", "help": "The other.", "wanted": null}]});
    assert_eq!(made, expected);
    let public = app.anonymous().get(&event.path("/call")).await.expect(200).json();
    assert_eq!(public["categories"][0]["choices"][0], json!({"code": one, "name": "One", "help": ""}));
    let path = event.path(&format!("{LIST}/{}", code(&made)));
    let choices = json!([{"name": "Three"}, {"code": two, "name": "Second", "wanted": 0}]);
    let edited = organizer.patch(&path, json!({"choices": choices})).await.expect(200).json();
    let names = edited["choices"].as_array().unwrap().iter().map(|choice| choice["name"].clone());
    assert_eq!(names.collect::<Vec<_>>(), ["Three", "Second"]);
    assert_eq!((code(&edited["choices"][1]), &edited["choices"][1]["wanted"]), (two, &json!(0)));
    assert_eq!((&edited["help"], &edited["version"]), (&json!("Which one."), &json!(2)));
    let same = organizer.patch(&path, json!({"choices": edited["choices"], "several": true})).await;
    assert_eq!(same.expect(200).json(), edited, "nothing new is no change");
    organizer.patch_from("\"1\"", &path, json!({"name": "x"})).await.problem(412, "stale");
    organizer.delete(&path).await.expect(204);
    organizer.delete(&path).await.problem(404, "not_found");
    assert_eq!(organizer.get(&event.path(LIST)).await.json()["items"], json!([]));
}

#[actix_web::test]
async fn its_fields_are_checked() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let add = |choices: Value| {
        let (organizer, path) = (event.organizer.clone(), event.path(LIST));
        async move { organizer.post(&path, json!({"name": "Level", "choices": choices})).await }
    };
    let numbered = |count: usize| (0..count).map(|number| json!({"name": format!("C{number}")})).collect::<Vec<_>>();
    add(json!([])).await.field_error("choices", "range");
    add(json!(numbered(101))).await.field_error("choices", "range");
    add(json!([{"name": ""}])).await.field_error("choices[0].name", "too_short");
    add(json!([{"name": "A"}, {"name": "a"}])).await.field_error("choices[1].name", "duplicate");
    add(json!([{"name": "A", "wanted": 10_001}])).await.field_error("choices[0].wanted", "range");
    add(json!([{"name": "A", "code": "AAAAAA"}])).await.field_error("choices[0].code", "unknown");
    let made = add(json!(numbered(100))).await.expect(201).json();
    let other = add(json!(numbered(1))).await.expect(201).json();
    let path = event.path(&format!("{LIST}/{}", code(&made)));
    let foreign = json!({"choices": [{"name": "Foreign", "code": other["choices"][0]["code"]}]});
    event.organizer.patch(&path, foreign).await.field_error("choices[0].code", "unknown");
    let twice = json!({"name": "Twice", "code": made["choices"][0]["code"]});
    event.organizer.patch(&path, json!({"choices": [twice, twice]})).await.field_error("choices[1].code", "duplicate");
    for _ in 2..20 {
        add(json!(numbered(1))).await.expect(201);
    }
    add(json!(numbered(1))).await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn choices_are_picked_changed_and_shown() {
    let app = TestApp::new().await;
    let (event, of) = with_presets(&app).await;
    let ada = app.speaker("ada").await;
    let picked = picking("Talk", &[&of["Users"], &of["Beginner"], &of["Developers"]]);
    let made = ada.post(&event.mine(""), picked).await.expect(201).json();
    let expected = [("Level", "Beginner"), ("Audience", "Users"), ("Audience", "Developers")];
    let expected = expected.map(|(category, name)| (category.to_owned(), name.to_owned())).to_vec();
    assert_eq!(names(&made), expected);
    let talk = code(&made);
    assert_eq!(names(&event.seen(&talk).await), expected);
    let mine = event.mine(&format!("/{talk}"));
    let edited = ada.patch(&mine, json!({"choices": [of["Advanced"]]})).await.expect(200).json();
    assert_eq!(names(&edited), [("Level".to_owned(), "Advanced".to_owned())]);
    assert_eq!(edited["version"], made["version"].as_i64().unwrap() + 1);
    let same = ada.patch(&mine, json!({"choices": [of["Advanced"], of["Advanced"]]})).await.expect(200).json();
    assert_eq!(same["version"], edited["version"], "nothing new is no change");
    let kept = ada.patch(&mine, json!({"title": "Other"})).await.expect(200).json();
    assert_eq!(names(&kept), names(&edited), "what is absent stays");
    let with = |choice: &str| event.path(&format!("/proposals?choice={}", of[choice]));
    let found = |list: Value| list["items"].as_array().unwrap().len();
    assert_eq!(found(event.organizer.get(&with("Advanced")).await.expect(200).json()), 1);
    assert_eq!(found(event.organizer.get(&with("Beginner")).await.expect(200).json()), 0);
}

#[actix_web::test]
async fn what_is_picked_is_checked() {
    let app = TestApp::new().await;
    let (event, of) = with_presets(&app).await;
    app.event("other").await;
    let ada = app.speaker("ada").await;
    let post = |body: Value| {
        let (ada, path) = (ada.clone(), event.mine(""));
        async move { ada.post(&path, body).await }
    };
    let missing = post(picking("None", &[])).await.field_error("choices", "missing");
    assert_eq!((&missing["message"], missing["choices"].as_array().unwrap().len()), (&json!("pick one of Level"), 3));
    let both = [&of["Beginner"], &of["Advanced"]];
    post(picking("Both", &both)).await.field_error("choices", "only_one");
    post(picking("Unknown", &[&"AAAAAA".to_owned()])).await.field_error("choices[0]", "unknown");
    post(picking("No code", &[&"x".to_owned()])).await.field_error("choices[0]", "code");
    let many = vec![&of["Users"]; 101];
    post(picking("Many", &many)).await.field_error("choices", "too_many");
    let foreign = ada.post("/events/other/my/proposals", picking("Foreign", &[&of["Beginner"]])).await;
    foreign.field_error("choices[0]", "unknown");
    let draft = code(&post(json!({"title": "A draft needs none"})).await.expect(201).json());
    let submit = ada.act(&event.mine(&format!("/{draft}/submit"))).await.problem(422, "invalid");
    let fields: Vec<_> = submit["errors"].as_array().unwrap().iter().map(|error| error["field"].clone()).collect();
    assert_eq!(fields, ["choices", "abstract"], "all that is missing at once");
    let ready = json!({"abstract": "All of it.", "choices": [of["Beginner"]]});
    ada.patch(&event.mine(&format!("/{draft}")), ready).await.expect(200);
    ada.act(&event.mine(&format!("/{draft}/submit"))).await.expect(200);
    let nothing = ada.patch(&event.mine(&format!("/{draft}")), json!({"choices": []})).await;
    nothing.field_error("choices", "missing");
}

#[actix_web::test]
async fn what_proposals_have_picked_stays() {
    let app = TestApp::new().await;
    let (event, of) = with_presets(&app).await;
    let ada = app.speaker("ada").await;
    ada.post(&event.mine(""), picking("One", &[&of["Beginner"], &of["Users"]])).await.expect(201);
    let two = ada.post(&event.mine(""), picking("Two", &[&of["Beginner"], &of["Users"], &of["Developers"]])).await;
    let two = event.mine(&format!("/{}", code(&two.expect(201).json())));
    let list = event.organizer.get(&event.path(LIST)).await.json();
    let path = |index: usize| event.path(&format!("{LIST}/{}", code(&list["items"][index])));
    let (level, audience) = (path(0), path(1));
    event.organizer.delete(&level).await.problem(409, "in_use");
    let without = json!({"choices": [list["items"][0]["choices"][1]]});
    event.organizer.patch(&level, without).await.problem(409, "in_use");
    event.organizer.patch(&audience, json!({"several": false})).await.problem(409, "in_use");
    ada.patch(&two, json!({"choices": [of["Beginner"], of["Developers"]]})).await.expect(200);
    event.organizer.patch(&audience, json!({"several": false})).await.expect(200);
    event.organizer.delete(&path(2)).await.expect(204);
}

/// What somebody has picked must not tell blind reviewers who it is, where the organizers have said so.
#[actix_web::test]
async fn each_category_is_shown_to_those_it_is_for() {
    let app = TestApp::new().await;
    let (event, of) = with_presets(&app).await;
    let (ada, rita) = (app.speaker("ada").await, app.reviewer("rita", &event).await);
    shown_to(&event, "Audience", "reviewers").await;
    shown_to(&event, "Talk type", "organizers").await;
    let picked = picking("Talk", &[&of["Beginner"], &of["Users"], &of["Deep dive"]]);
    let talk = code(&ada.post(&event.mine(""), picked).await.expect(201).json());
    let all = ["Level", "Audience", "Talk type"];
    let categories = |shown: &Value| names(shown).into_iter().map(|(category, _)| category).collect::<Vec<_>>();
    assert_eq!(categories(&event.seen(&talk).await), all);
    assert_eq!(categories(&ada.get(&event.mine(&format!("/{talk}"))).await.json()), all);
    assert_eq!(categories(&seen_by_reviewer(&event, &rita, &talk).await), all[..2]);
    let next = rita.get(&event.path("/reviewing/next")).await.expect(200).json();
    assert_eq!(categories(&next["proposal"]), all[..2]);
    event.decide(&talk, "accepted").await;
    event.publish().await;
    app.advance(std::time::Duration::from_mins(1));
    callboard::jobs::release_due(&app.board).await.unwrap();
    let talks = app.anonymous().get(&event.path("/talks")).await.expect(200).json();
    assert_eq!(categories(&talks["items"][0]), all[..1]);
    let export = |file: &'static str| {
        let (organizer, path) = (event.organizer.clone(), event.path(&format!("/exports/{file}")));
        async move { organizer.get(&path).await.expect(200) }
    };
    let rows = export("proposals.json").await.json();
    let columns = (&rows[0]["category_level"], &rows[0]["category_audience"], &rows[0]["category_talk_type"]);
    assert_eq!(columns, (&json!(["Beginner"]), &json!(["Users"]), &json!(["Deep dive"])));
    let talks = export("talks.json").await.json();
    assert_eq!(talks[0]["category_level"], json!(["Beginner"]));
    assert!(talks[0].get("category_audience").is_none() && talks[0].get("category_talk_type").is_none());
    let csv = export("proposals.csv").await.text();
    assert!(csv.lines().next().unwrap().contains(",track,category_level,category_audience,category_talk_type,"));
    assert!(csv.contains(",Beginner,Users,Deep dive,"), "{csv}");
    let mine = ada.get("/me/data").await.expect(200).json();
    assert_eq!(mine["proposals"][0]["choices"][2], json!({"category": "Talk type", "choice": "Deep dive"}));
    let erase = ada.request(actix_web::http::Method::DELETE, "/me");
    ada.send(erase.set_json(json!({"password": crate::harness::PASSWORD}))).await.expect(204);
    assert_eq!(categories(&event.seen(&talk).await), all[..1], "only what was public stays with the talk");
}

#[actix_web::test]
async fn versions_hold_what_was_picked_for_those_it_is_for() {
    let app = TestApp::new().await;
    let (event, of) = with_presets(&app).await;
    let (ada, rita) = (app.speaker("ada").await, app.reviewer("rita", &event).await);
    shown_to(&event, "Talk type", "organizers").await;
    let picked = picking("Talk", &[&of["Beginner"], &of["Users"], &of["Deep dive"]]);
    let talk = code(&ada.post(&event.mine(""), picked).await.expect(201).json());
    let reference = event.seen(&talk).await["ref"].as_str().unwrap().to_owned();
    let reviewing = event.path(&format!("/reviewing/proposals/{reference}"));
    rita.put(&format!("{reviewing}/review"), json!({"abstain": true})).await.expect(200);
    let mine = event.mine(&format!("/{talk}"));
    let pick = |names: [&'static str; 3]| {
        let choices: Vec<&String> = names.iter().map(|name| &of[*name]).collect();
        app.advance(std::time::Duration::from_secs(1));
        let (ada, mine, body) = (ada.clone(), mine.clone(), json!({"choices": choices}));
        async move { ada.patch(&mine, body).await.expect(200) }
    };
    pick(["Beginner", "Users", "How-to"]).await;
    let seen = rita.get(&reviewing).await.expect(200).json();
    assert_eq!(seen["changed_since_my_review"], false, "reviewers are not shown it");
    pick(["Advanced", "Users", "How-to"]).await;
    let versions = ada.get(&format!("{mine}/versions")).await.expect(200).json();
    let changed: Vec<&Value> = versions["items"].as_array().unwrap().iter().map(|one| &one["changed"]).collect();
    assert_eq!(changed, [&json!([]), &json!(["choices_for_organizers"]), &json!(["choices"])]);
    let second = ada.get(&format!("{mine}/versions/2")).await.expect(200).json();
    assert_eq!(second["choices"], "Level: Beginner\nAudience: Users");
    assert_eq!(second["choices_for_organizers"], "Talk type: How-to");
    let third = ada.get(&format!("{mine}/versions/3")).await.expect(200).json();
    let segments = json!([
        {"change": "same", "text": "Level: "}, {"change": "removed", "text": "Beginner"},
        {"change": "added", "text": "Advanced"}, {"change": "same", "text": "\nAudience: Users"},
    ]);
    assert_eq!(third["differences"], json!([{"field": "choices", "segments": segments}]));
    let seen = rita.get(&reviewing).await.expect(200).json();
    assert_eq!(seen["changed_since_my_review"], true);
    let changes = rita.get(&format!("{reviewing}/changes")).await.expect(200).json();
    assert_eq!(changes["differences"], third["differences"], "nothing of the hidden category");
}

#[actix_web::test]
async fn organizers_who_enter_a_proposal_pick_too() {
    let app = TestApp::new().await;
    let (event, of) = with_presets(&app).await;
    let entry = |choices: Value| json!({"title": "Keynote", "abstract": "All of it.", "speakers": [{"profile": {"name": "Ada"}}], "choices": choices});
    let enter = |entry: Value| event.organizer.clone().post_owned("/events/conf/proposals", entry);
    enter(entry(json!([of["Beginner"], of["Advanced"]]))).await.field_error("choices", "only_one");
    enter(entry(json!(["AAAAAA"]))).await.field_error("choices[0]", "unknown");
    enter(entry(json!([]))).await.expect(201);
    let made = enter(entry(json!([of["Users"], of["Advanced"]]))).await.expect(201).json();
    let expected =
        [("Level", "Advanced"), ("Audience", "Users")].map(|(one, other)| (one.to_owned(), other.to_owned()));
    assert_eq!(names(&made), expected);
    let first = event.organizer.get(&event.path(&format!("/proposals/{}/versions/1", code(&made)))).await;
    assert_eq!(first.expect(200).json()["choices"], "Level: Advanced\nAudience: Users");
}

/// Whatever comes first: nothing that is submitted lacks what is required when it is.
#[actix_web::test]
async fn a_category_that_becomes_required_cannot_race_a_submission() {
    let app = TestApp::new().await;
    let (event, of) = with_presets(&app).await;
    let ada = app.speaker("ada").await;
    let list = event.organizer.get(&event.path(LIST)).await.json();
    let audience = event.path(&format!("{LIST}/{}", code(&list["items"][1])));
    let submissions = (0..12).map(|number| {
        let (ada, path) = (ada.clone(), event.mine(""));
        let body = picking(&format!("Number {number}"), &[&of["Beginner"]]);
        async move { ada.post(&path, body).await }
    });
    let require = event.organizer.patch(&audience, json!({"required": true}));
    let (answers, required) = futures_util::future::join(futures_util::future::join_all(submissions), require).await;
    required.expect(200);
    for answer in answers {
        if answer.status != 201 {
            answer.field_error("choices", "missing");
        }
    }
    ada.post(&event.mine(""), picking("After", &[&of["Beginner"]])).await.field_error("choices", "missing");
}

#[actix_web::test]
async fn they_belong_to_their_event_and_its_organizers() {
    let app = TestApp::new().await;
    let (event, _) = with_presets(&app).await;
    app.event("other").await;
    let rita = app.reviewer("rita", &event).await;
    let list = event.organizer.get(&event.path(LIST)).await.json();
    let level = code(&list["items"][0]);
    event.organizer.patch(&format!("/events/other{LIST}/{level}"), json!({})).await.problem(404, "not_found");
    event.organizer.delete(&format!("/events/other{LIST}/{level}")).await.problem(404, "not_found");
    let new = json!({"name": "x", "choices": [{"name": "y"}]});
    rita.get(&event.path(LIST)).await.problem(403, "forbidden");
    rita.post(&event.path(LIST), new).await.problem(403, "forbidden");
    rita.post(&event.path("/categories/from-preset"), json!({"preset": "level"})).await.problem(403, "forbidden");
    rita.patch(&event.path(&format!("{LIST}/{level}")), json!({})).await.problem(403, "forbidden");
    rita.delete(&event.path(&format!("{LIST}/{level}"))).await.problem(403, "forbidden");
}
