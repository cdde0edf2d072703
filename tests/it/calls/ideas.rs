//! Title ideas, drafts that start from one, and the gap map.

use crate::harness::{
    TestApp,
    seed::{Event, code},
};
use serde_json::{Value, json};

async fn level(event: &Event) -> Value {
    let choices = json!([{"name": "Beginner", "wanted": 2}, {"name": "Advanced"}]);
    let category = json!({"name": "Level", "choices": choices});
    event.organizer.post(&event.path("/categories"), category).await.expect(201).json()
}

async fn idea(event: &Event, body: Value) -> Value {
    event.organizer.post(&event.path("/title-ideas"), body).await.expect(201).json()
}

#[actix_web::test]
async fn an_idea_becomes_a_draft_of_the_speaker() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (level, core) = (level(&event).await, event.track("Core").await);
    let beginner = level["choices"][0]["code"].clone();
    let workshop = json!({"name": "Workshop", "minutes": 90});
    let workshop = code(&event.organizer.post(&event.path("/formats"), workshop).await.expect(201).json());
    let new = json!({"title": "What VACUUM does", "text": "We are *often* asked.", "abstract": "In this talk",
        "format": workshop, "track": core, "choices": [beginner], "wanted": 3});
    let made = idea(&event, new).await;
    let plain = idea(&event, json!({"title": "Anything"})).await;
    let public = app.anonymous().get(&event.path("/call")).await.expect(200).json();
    let expected = json!({"code": made["code"], "title": "What VACUUM does", "text": "We are *often* asked.",
        "abstract": "In this talk", "format": workshop, "track": core, "choices": [beginner]});
    assert_eq!(public["title_ideas"][0], expected, "without how many are wanted");
    let ada = app.speaker("ada").await;
    let start = |of: &Value| {
        let (ada, path) = (ada.clone(), event.path(&format!("/title-ideas/{}/start", code(of))));
        async move { ada.act(&path).await }
    };
    let answer = start(&made).await.expect(201);
    let draft = answer.json();
    assert_eq!(answer.header("location"), format!("/api/v1{}", event.mine(&format!("/{}", code(&draft)))));
    let filled = (&draft["title"], &draft["abstract"], &draft["description"], &draft["lifecycle"]);
    assert_eq!(filled, (&json!("What VACUUM does"), &json!("In this talk"), &json!(""), &json!("draft")));
    assert_eq!((&draft["format"]["code"], &draft["track"]["code"]), (&json!(workshop), &json!(core)));
    assert_eq!(draft["choices"][0]["name"], "Beginner");
    let other = start(&plain).await.expect(201).json();
    assert_eq!((&other["format"]["name"], &other["track"]), (&json!("Talk"), &json!(null)));
    ada.act(&event.path("/title-ideas/ZZZZZZ/start")).await.problem(404, "not_found");
    let path = event.path(&format!("/title-ideas/{}", code(&made)));
    let edit = json!({"title": "What ANALYZE does", "track": null, "choices": [], "wanted": null});
    let edited = event.organizer.patch(&path, edit).await.expect(200).json();
    assert_eq!((&edited["track"], &edited["choices"], &edited["version"]), (&json!(null), &json!([]), &json!(2)));
    assert_eq!(event.organizer.patch(&path, json!({"wanted": null})).await.expect(200).json(), edited);
    event.organizer.patch_from("\"1\"", &path, json!({"title": "x"})).await.problem(412, "stale");
    event.organizer.delete(&path).await.expect(204);
    event.organizer.delete(&path).await.problem(404, "not_found");
    let kept = ada.get(&event.mine(&format!("/{}", code(&draft)))).await.expect(200).json();
    assert_eq!(kept["title"], "What VACUUM does", "the draft is the speaker's own");
}

#[actix_web::test]
async fn what_it_is_filled_with_belongs_to_the_event() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let (level, foreign) = (level(&event).await, other.track("Foreign").await);
    let add = |body: Value| {
        let (organizer, path) = (event.organizer.clone(), event.path("/title-ideas"));
        async move { organizer.post(&path, body).await }
    };
    add(json!({"title": "x", "track": foreign})).await.field_error("track", "unknown");
    add(json!({"title": "x", "format": foreign})).await.field_error("format", "unknown");
    add(json!({"title": "x", "choices": [foreign]})).await.field_error("choices[0]", "unknown");
    add(json!({"title": ""})).await.field_error("title", "too_short");
    let beginner = level["choices"][0]["code"].clone();
    let made = code(&add(json!({"title": "x", "choices": [beginner]})).await.expect(201).json());
    event.organizer.delete(&event.path(&format!("/categories/{}", code(&level)))).await.problem(409, "in_use");
    event.organizer.delete(&other.path(&format!("/title-ideas/{made}"))).await.problem(404, "not_found");
    let rita = app.reviewer("rita", &event).await;
    rita.get(&event.path("/title-ideas")).await.problem(403, "forbidden");
    rita.post(&event.path("/title-ideas"), json!({"title": "x"})).await.problem(403, "forbidden");
    rita.patch(&event.path(&format!("/title-ideas/{made}")), json!({})).await.problem(403, "forbidden");
    rita.delete(&event.path(&format!("/title-ideas/{made}"))).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn the_gap_map_counts_what_is_submitted() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let level = level(&event).await;
    let (beginner, advanced) = (level["choices"][0]["code"].clone(), level["choices"][1]["code"].clone());
    let made = idea(&event, json!({"title": "Asked for", "abstract": "A", "choices": [beginner], "wanted": 1})).await;
    let (ada, core) = (app.speaker("ada").await, event.track("Core").await);
    let gaps = || async { event.organizer.get(&event.path("/gaps/all")).await.expect(200).json() };
    let draft = ada.act(&event.path(&format!("/title-ideas/{}/start", code(&made)))).await.expect(201).json();
    assert_eq!((&gaps().await["proposals"], &gaps().await["title_ideas"][0]["missing"]), (&json!(0), &json!(1)));
    ada.act(&event.mine(&format!("/{}/submit", code(&draft)))).await.expect(200);
    let mut body = crate::harness::seed::proposal("In the track");
    body["track"] = json!(core);
    body["choices"] = json!([advanced]);
    let talk = code(&ada.post(&event.mine(""), body).await.expect(201).json());
    event.organizer.act(&event.path(&format!("/proposals/{talk}/mark-invited"))).await.expect(200);
    let seen = gaps().await;
    let of_level = &seen["categories"][0]["choices"];
    let one = json!({"code": beginner, "name": "Beginner", "proposals": 1, "wanted": 2, "missing": 1});
    let two = json!({"code": advanced, "name": "Advanced", "proposals": 1, "wanted": null, "missing": null});
    assert_eq!((&seen["proposals"], of_level), (&json!(2), &json!([one, two])), "with the invited one");
    assert_eq!((&seen["title_ideas"][0]["proposals"], &seen["title_ideas"][0]["missing"]), (&json!(1), &json!(0)));
    let chair = app.member_of("chair", &event, "chair", &[&core]).await;
    let limited = chair.get(&event.path("/gaps/all")).await.expect(200).json();
    assert_eq!((&limited["proposals"], &limited["categories"][0]["choices"][0]["proposals"]), (&json!(1), &json!(0)));
    ada.act(&event.mine(&format!("/{talk}/withdraw"))).await.expect(200);
    assert_eq!(gaps().await["categories"][0]["choices"][1]["proposals"], 0);
}

#[actix_web::test]
async fn the_gap_map_is_public_where_the_organizers_say_so() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let level = level(&event).await;
    let hidden = json!({"name": "First talk", "shown_to": "organizers", "choices": [{"name": "Yes"}]});
    event.organizer.post(&event.path("/categories"), hidden).await.expect(201);
    let look = || async { app.anonymous().get(&event.path("/gaps")).await };
    look().await.problem(404, "not_found");
    event.organizer.patch(&event.path("/call"), json!({"gaps_public": true})).await.expect(200);
    let seen = look().await.expect(200).json();
    assert_eq!((seen["categories"].as_array().unwrap().len(), &seen["categories"][0]["code"]), (1, &level["code"]));
    event.organizer.patch(&event.path("/call"), json!({"gaps_public": false})).await.expect(200);
    look().await.problem(404, "not_found");
    let rita = app.reviewer("rita", &event).await;
    rita.get(&event.path("/gaps/all")).await.problem(403, "forbidden");
}
