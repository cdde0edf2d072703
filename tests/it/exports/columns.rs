//! Which columns a file has, workbooks, speakers, and saved choices.

use crate::harness::{TestApp, seed::Event};
use calamine::{Data, Reader, Xlsx};
use serde_json::json;
use std::io::Cursor;

async fn stage() -> (TestApp, Event) {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let profile = json!({"name": "=Ada", "affiliation": "A & B", "links": ["https://example.org/ada"]});
    ada.put("/events/conf/my/profile", profile).await.expect(200);
    event.submit(&ada, "=1+1").await;
    event.submit(&ada, "日本語").await;
    (app, event)
}

impl Event {
    async fn file(&self, file: &str) -> Vec<u8> {
        self.organizer.get(&self.path(&format!("/exports/{file}"))).await.expect(200).body
    }

    async fn csv(&self, file: &str) -> String {
        String::from_utf8(self.file(file).await).unwrap()
    }
}

#[actix_web::test]
async fn columns_come_as_they_are_asked_for() {
    let (_app, event) = stage().await;
    let csv = event.csv("proposals.csv?columns=lifecycle,title").await;
    assert!(csv.starts_with("lifecycle,title\r\n"), "{csv}");
    assert!(csv.contains("submitted,'=1+1\r\n"), "formulas stay guarded: {csv}");
    let json: serde_json::Value =
        serde_json::from_slice(&event.file("proposals.json?columns=title,speakers").await).unwrap();
    let keys: Vec<&String> = json[0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["speakers", "title"], "{json}");
    let path = event.path("/exports/proposals.csv?columns=title,secret");
    let error = event.organizer.get(&path).await.field_error("columns", "unknown_column");
    assert!(error["choices"].as_array().unwrap().contains(&json!("title")), "{error}");
    event
        .organizer
        .get(&event.path("/exports/talks.csv?columns=speaker_emails"))
        .await
        .field_error("columns", "unknown_column");
}

#[actix_web::test]
async fn speakers_come_with_what_they_speak_in() {
    let (_app, event) = stage().await;
    let list: serde_json::Value = serde_json::from_slice(&event.file("speakers.json").await).unwrap();
    assert_eq!((&list[0]["name"], &list[0]["links"]), (&json!("=Ada"), &json!(["https://example.org/ada"])));
    assert_eq!(list[0]["email"], "ada@example.org");
    let titles = list[0]["titles"].as_str().unwrap();
    assert!(titles.contains("日本語") && titles.contains("=1+1") && list.as_array().unwrap().len() == 1, "{titles}");
    let csv = event.csv("speakers.csv").await;
    assert!(
        csv.starts_with("code,name,affiliation,bio,links,email,proposals,titles\r\n") && csv.contains(",'=Ada,"),
        "{csv}"
    );
}

#[actix_web::test]
async fn a_workbook_holds_texts_and_no_formulas() {
    let (_app, event) = stage().await;
    let file = event.file("proposals.xlsx?columns=title,minutes,speakers").await;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let mut rows: Vec<Vec<Data>> = sheet.rows().map(<[Data]>::to_vec).collect();
    assert_eq!(rows.remove(0), ["title", "minutes", "speakers"].map(|text| Data::String(text.into())));
    rows.sort_by_key(|row| row[0].to_string());
    assert_eq!(rows[0][0], Data::String("=1+1".into()));
    assert_eq!((&rows[1][0], &rows[1][2]), (&Data::String("日本語".into()), &Data::String("=Ada".into())));
    assert!(matches!(rows[0][1], Data::Float(_)));
    assert!(book.worksheet_formula(&book.sheet_names()[0].clone()).unwrap().is_empty());
}

#[actix_web::test]
async fn a_saved_choice_is_kept_for_all() {
    let (app, event) = stage().await;
    let path = event.path("/export-presets");
    let new = json!({"name": "For the badges", "table": "speakers", "columns": ["name", "affiliation", "gone"]});
    let made = event.organizer.post(&path, new.clone()).await.expect(201).json();
    let code = made["code"].as_str().unwrap();
    let vera = app.member("vera", &event, "viewer").await;
    let csv = vera.get(&event.path(&format!("/exports/speakers.csv?preset={code}"))).await.expect(200).text();
    assert_eq!(csv, "name,affiliation\r\n'=Ada,A & B\r\n");
    vera.get(&event.path(&format!("/exports/talks.csv?preset={code}"))).await.problem(404, "not_found");
    vera.post(&path, new).await.problem(403, "forbidden");
    let one = format!("{path}/{code}");
    let etag = event.organizer.get(&path).await.json()["items"][0]["version"].to_string();
    let edit = json!({"columns": ["affiliation"]});
    event.organizer.patch_from(&format!("\"{etag}\""), &one, edit.clone()).await.expect(200);
    event.organizer.patch_from(&format!("\"{etag}\""), &one, edit).await.problem(412, "stale");
    let csv = event.csv(&format!("speakers.csv?preset={code}")).await;
    assert_eq!(csv, "affiliation\r\nA & B\r\n");
    for (columns, field) in [(json!([]), "columns"), (json!(["name", "name"]), "columns[1]")] {
        let wrong = json!({"name": "x", "table": "talks", "columns": columns});
        let refused = event.organizer.post(&path, wrong).await.problem(422, "invalid");
        assert_eq!(refused["errors"][0]["field"], field);
    }
    event.organizer.delete(&one).await.expect(204);
    event.organizer.get(&event.path(&format!("/exports/speakers.csv?preset={code}"))).await.problem(404, "not_found");
}
