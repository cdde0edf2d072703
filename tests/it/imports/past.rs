//! Lists of past talks, which proposals are compared with.

use super::{counts, outcomes, sessionize, stage};
use serde_json::{Value, json};

#[actix_web::test]
async fn they_come_from_any_format_and_only_once() {
    let (_app, event) = stage().await;
    let query = "of=past_talks&occasion=Conf+2024";
    let dry = event.import(&format!("{query}&dry_run=true"), &sessionize().to_string()).await;
    assert_eq!((counts(&dry), &dry["of"]), ([2, 0, 0, 0, 1, 0], &json!("past_talks")));
    let past = async || -> Vec<Value> {
        let list = event.organizer.get(&event.path("/past-talks")).await.expect(200).json();
        list["items"].as_array().unwrap().clone()
    };
    assert_eq!(past().await, Vec::<Value>::new());
    for created in [2, 0] {
        let report = event.import(query, &sessionize().to_string()).await;
        assert_eq!(counts(&report), [created, 0, 2 - created, 0, 1, 0]);
    }
    let csv =
        "title,abstract,occasion,url,state\nOld,Text,,https://a.example/,\nOlder,Text,Conf 2019,,\nNo,x,,,rejected\n";
    assert_eq!(outcomes(&event.import(query, csv).await), ["created", "created", "skipped"]);
    let list = past().await;
    let of = |title: &str| list.iter().find(|talk| talk["title"] == title).unwrap().clone();
    assert_eq!((&of("Old")["occasion"], &of("Old")["url"]), (&json!("Conf 2024"), &json!("https://a.example/")));
    assert_eq!((&of("Older")["occasion"], list.len()), (&json!("Conf 2019"), 4));
    // Callboard's own lists, as JSON.
    event.import("", "code,title,abstract\nA,Mine,x\n").await;
    let own = event.exported("proposals.json").await.text();
    assert_eq!((outcomes(&event.import(query, &own).await), past().await.len()), (vec!["created"], 5));
    assert!(!event.organizer.get(&event.path("/past-talks")).await.text().contains("Ada"), "speakers are left out");
    event.upload(&event.organizer, "of=past_talks", csv.as_bytes()).await.problem(422, "invalid");
    event.upload(&event.organizer, "of=past_talks", b"title\nOne\n").await.field_error("occasion", "invalid");
}

/// What comes by an import is found, and is found to be like others.
#[actix_web::test]
async fn imported_proposals_are_compared_and_found() {
    let (_app, event) = stage().await;
    let text = "How to keep a garden of very small servers alive through a long winter without any light at all";
    event.import("of=past_talks&occasion=Conf+2024", &format!("title,abstract\nGardens,{text}\n")).await;
    let file = |title: &str, text: &str| format!("code,title,abstract\nA,{title},{text}\n");
    event.import("source=sheet", &file("Servers", "Something short about the others here")).await;
    let pairs = async || event.organizer.get(&event.path("/similar")).await.expect(200).json()["items"].clone();
    let found = async |word: &str| {
        let list = event.organizer.get(&event.path(&format!("/proposals?q={word}"))).await.expect(200).json();
        list["items"].as_array().unwrap().len()
    };
    assert_eq!((pairs().await, found("short").await, found("winter").await), (json!([]), 1, 0));
    assert_eq!(outcomes(&event.import("source=sheet", &file("Gardens", text)).await), ["updated"]);
    assert_eq!(pairs().await[0]["similar"]["occasion"], "Conf 2024");
    assert_eq!((found("short").await, found("winter").await), (0, 1));
}
