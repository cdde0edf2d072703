//! Search: what is found, in which order, and that nobody finds what they may not see.

use crate::harness::{
    Client, TestApp,
    seed::{Event, code},
};
use serde_json::{Value, json};

async fn submit(event: &Event, speaker: &Client, texts: [&str; 3]) -> String {
    let [title, abstract_, description] = texts;
    let proposal = json!({"title": title, "abstract": abstract_, "description": description, "submit": true});
    code(&speaker.post(&event.mine(""), proposal).await.expect(201).json())
}

fn encoded(question: &str) -> String {
    let bytes = question.bytes().map(|byte| format!("%{byte:02X}"));
    bytes.collect()
}

/// The titles found, in their order.
async fn found(client: &Client, event: &Event, list: &str, question: &str) -> Vec<String> {
    let path = event.path(&format!("{list}?q={}", encoded(question)));
    let list = client.get(&path).await.expect(200).json();
    let title = |item: &Value| item["title"].as_str().unwrap().to_owned();
    list["items"].as_array().unwrap().iter().map(title).collect()
}

const COMMITTEE: &str = "/proposals";
const REVIEWER: &str = "/reviewing/proposals";
const PUBLIC: &str = "/talks";

async fn speaker(app: &TestApp, event: &Event, name: &str, affiliation: &str) -> Client {
    let client = app.speaker(name).await;
    let profile = json!({"name": name, "affiliation": affiliation, "bio": "", "links": []});
    client.put(&event.path("/my/profile"), profile).await.expect(200);
    client
}

#[actix_web::test]
async fn words_phrases_beginnings_and_accents() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = speaker(&app, &event, "ada", "").await;
    let later = || app.advance(std::time::Duration::from_secs(1));
    submit(&event, &ada, ["Vacuum", "How Postgres cleans up after itself.", "A café story about bloat"]).await;
    later();
    submit(&event, &ada, ["Postgres at the Café", "Straße, Łódź and other words", "vacuum cleaners"]).await;
    submit(&event, &ada, ["東京で学ぶデータベース入門", "日本語の発表です。", ""]).await;
    submit(&event, &ada, ["محاضرة عن البيانات", "مُحَمَّد يشرح", ""]).await;
    submit(&event, &ada, ["Обзор индексов", "Ёлка и планировщик", ""]).await;
    let organizer = &event.organizer;
    for (question, titles) in [
        ("vacuum", vec!["Vacuum", "Postgres at the Café"]),
        ("VACUUM postgres", vec!["Postgres at the Café", "Vacuum"]),
        ("cafe", vec!["Postgres at the Café", "Vacuum"]),
        ("\"cleans up\"", vec!["Vacuum"]),
        ("\"up cleans\"", vec![]),
        ("clean", vec![]),
        ("clean*", vec!["Postgres at the Café", "Vacuum"]),
        ("strasse lodz", vec!["Postgres at the Café"]),
        ("東京", vec!["東京で学ぶデータベース入門"]),
        ("京東", vec![]),
        ("データ 入門", vec!["東京で学ぶデータベース入門"]),
        ("محمد", vec!["محاضرة عن البيانات"]),
        ("индекс*", vec!["Обзор индексов"]),
        ("елка", vec!["Обзор индексов"]),
        ("nothing", vec![]),
        ("🎉", vec![]),
        ("\"", vec![]),
        ("' OR 1=1 -- \\ & | ! :* <->", vec![]),
        ("NEAR(a b) {talk} : NOT AND", vec![]),
    ] {
        assert_eq!(found(organizer, &event, COMMITTEE, question).await, titles, "{question}");
    }
    let long = "a".repeat(201);
    organizer.get(&event.path(&format!("/proposals?q={long}"))).await.problem(422, "invalid");
    organizer.get(&event.path(&format!("/proposals?q={}", &long[1..]))).await.expect(200);
}

#[actix_web::test]
async fn what_changes_is_found_as_it_is_now_and_drafts_not_at_all() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = speaker(&app, &event, "ada", "").await;
    let talk = submit(&event, &ada, ["Before", "oldword", ""]).await;
    let draft = json!({"title": "Draft", "abstract": "oldword", "submit": false});
    let draft = code(&ada.post(&event.mine(""), draft).await.expect(201).json());
    let organizer = &event.organizer;
    assert_eq!(found(organizer, &event, COMMITTEE, "oldword").await, ["Before"]);
    ada.patch(&event.mine(&format!("/{talk}")), json!({"abstract": "newword"})).await.expect(200);
    assert_eq!(found(organizer, &event, COMMITTEE, "oldword").await, Vec::<String>::new());
    assert_eq!(found(organizer, &event, COMMITTEE, "newword").await, ["Before"]);
    ada.act(&event.mine(&format!("/{draft}/submit"))).await.expect(200);
    assert_eq!(found(organizer, &event, COMMITTEE, "oldword").await, ["Draft"]);
    let other = app.event("other").await;
    assert_eq!(found(&other.organizer, &other, COMMITTEE, "newword").await, Vec::<String>::new(), "another event's");
    let filtered = event.path("/proposals?q=oldword&decision=accepted");
    assert_eq!(organizer.get(&filtered).await.expect(200).json()["items"], json!([]));
}

#[actix_web::test]
async fn a_blind_reviewer_finds_nobody_by_name() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = speaker(&app, &event, "Lovelace", "Analytical Engines Ltd").await;
    submit(&event, &ada, ["Engines", "On punched cards", "The secret outline"]).await;
    let rita = app.reviewer("rita", &event).await;
    for name in ["lovelace", "love*", "analytical", "\"engines ltd\""] {
        assert_eq!(found(&rita, &event, REVIEWER, name).await, Vec::<String>::new(), "{name}");
        assert_eq!(found(&event.organizer, &event, COMMITTEE, name).await, ["Engines"], "{name}");
    }
    assert_eq!(found(&event.organizer, &event, COMMITTEE, "lovelace punched").await, ["Engines"], "both together");
    assert_eq!(found(&rita, &event, REVIEWER, "punched outline").await, ["Engines"]);
    assert_eq!(found(&rita, &event, REVIEWER, "lovelace punched").await, Vec::<String>::new());
}

#[actix_web::test]
async fn a_reviewer_finds_only_what_is_theirs_to_review() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (here, there) = (event.track("Here").await, event.track("There").await);
    let ada = speaker(&app, &event, "ada", "").await;
    event.submit_to(&here, &ada, "Looms here").await;
    event.submit_to(&there, &ada, "Looms there").await;
    let rita = app.member_of("rita", &event, "reviewer", &[&here]).await;
    event.submit_to(&here, &rita, "Looms of my own").await;
    assert_eq!(found(&rita, &event, REVIEWER, "looms").await, ["Looms here"]);
    let chair = app.member_of("cleo", &event, "chair", &[&there]).await;
    assert_eq!(found(&chair, &event, COMMITTEE, "looms").await, ["Looms there"]);
}

#[actix_web::test]
async fn the_public_finds_published_talks_by_what_is_public() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = speaker(&app, &event, "Lovelace", "").await;
    let talk = submit(&event, &ada, ["Engines", "On punched cards", "The secret outline"]).await;
    submit(&event, &ada, ["Looms", "More punched cards", ""]).await;
    let anybody = app.anonymous();
    assert_eq!(found(&anybody, &event, PUBLIC, "punched").await, Vec::<String>::new());
    event.decide(&talk, "accepted").await;
    event.publish().await;
    assert_eq!(found(&anybody, &event, PUBLIC, "punched").await, Vec::<String>::new(), "not before it is told");
    app.advance(std::time::Duration::from_mins(1));
    assert_eq!(callboard::jobs::release_due(&app.board).await.unwrap(), 1);
    for question in ["punched", "lovelace", "engines lovelace card*"] {
        assert_eq!(found(&anybody, &event, PUBLIC, question).await, ["Engines"], "{question}");
    }
    for hidden in ["secret", "outline", "looms"] {
        assert_eq!(found(&anybody, &event, PUBLIC, hidden).await, Vec::<String>::new(), "{hidden}");
    }
}

#[actix_web::test]
async fn what_is_found_comes_in_pages_too() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = speaker(&app, &event, "ada", "").await;
    for at in 0..5 {
        let (title, abstract_) = if at % 2 == 0 { ("Looms", "x") } else { ("Other", "about looms") };
        let talk = submit(&event, &ada, [&format!("{title} {at}"), abstract_, ""]).await;
        event.decide(&talk, "accepted").await;
    }
    event.publish().await;
    app.advance(std::time::Duration::from_mins(1));
    assert_eq!(callboard::jobs::release_due(&app.board).await.unwrap(), 1);
    let rita = app.reviewer("rita", &event).await;
    for (client, list) in [(&event.organizer, COMMITTEE), (&rita, REVIEWER), (&app.anonymous(), PUBLIC)] {
        let whole = found(client, &event, list, "looms").await;
        assert_eq!(whole.len(), 5);
        assert!(whole[..3].iter().all(|title| title.starts_with("Looms")), "titles first: {whole:?}");
        let (mut seen, mut cursor) = (vec![], String::new());
        loop {
            let page = client.get(&event.path(&format!("{list}?q=looms&limit=2{cursor}"))).await.expect(200).json();
            let items = page["items"].as_array().unwrap();
            seen.extend(items.iter().map(|item| item["title"].as_str().unwrap().to_owned()));
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, whole);
    }
}
