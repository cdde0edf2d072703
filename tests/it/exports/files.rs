//! What stands in the files, and who gets them.

use crate::harness::{Client, Response, TestApp, seed::Event};
use serde_json::{Value, json};

const MULTI_LINE: &str = "Zeile eins, mit \"Anführung\"\n\n二行目 🐘; and a comma,\n=1+1";

/// An event with two criteria and two reviewers.
struct Stage {
    app: TestApp,
    event: Event,
    ada: Client,
    rita: Client,
    rolf: Client,
}

async fn stage() -> Stage {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    event.organizer.post("/events/conf/criteria", json!({"name": "Fit: the audience", "weight": 3})).await.expect(201);
    let ada = app.speaker("ada").await;
    let rita = app.reviewer("rita", &event).await;
    let rolf = app.reviewer("rolf", &event).await;
    Stage { app, event, ada, rita, rolf }
}

impl Stage {
    async fn profile(&self) {
        let profile = json!({"name": "Ada Ünïq 千代", "affiliation": "+Plus & Co", "bio": MULTI_LINE});
        self.ada.put("/events/conf/my/profile", profile).await.expect(200);
    }

    async fn submit(&self, title: &str) -> String {
        let proposal =
            json!({"title": title, "abstract": MULTI_LINE, "description": "-", "notes": "@home", "submit": true});
        let submitted = self.ada.post("/events/conf/my/proposals", proposal).await.expect(201).json();
        submitted["code"].as_str().unwrap().to_owned()
    }

    /// Scores both criteria of the proposal of this title, or abstains.
    async fn review(&self, reviewer: &Client, title: &str, scores: Option<[i64; 2]>) {
        let list = reviewer.get("/events/conf/reviewing/proposals").await.expect(200).json();
        let found = list["items"].as_array().unwrap().iter().find(|item| item["title"] == title).unwrap().clone();
        let criteria = reviewer.get("/events/conf/reviewing").await.json()["criteria"].clone();
        let code = |at: usize| criteria[at]["code"].as_str().unwrap().to_owned();
        let review = match scores {
            Some([one, two]) => {
                json!({"scores": {code(0): one, code(1): two}, "comment": "=comment\nmore", "feedback": "ok"})
            }
            None => json!({"abstain": true, "comment": "@friend"}),
        };
        let path = format!("/events/conf/reviewing/proposals/{}/review", found["ref"].as_str().unwrap());
        reviewer.put(&path, review).await.expect(200);
    }

    async fn export(&self, file: &str) -> Response {
        self.event.organizer.get(&format!("/events/conf/exports/{file}")).await.expect(200)
    }

    /// The rows of a table, from JSON; the CSV holds the same, cell by cell.
    async fn rows(&self, table: &str) -> Vec<Value> {
        let json = self.export(&format!("{table}.json")).await;
        assert_eq!(json.header("content-type"), "application/json");
        let rows = json.json().as_array().unwrap().clone();
        let csv = self.export(&format!("{table}.csv")).await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(csv.header("content-disposition"), format!("attachment; filename=\"conf-{table}.csv\""));
        let mut reader = csv::Reader::from_reader(csv.body.as_slice());
        let names = reader.headers().unwrap().clone();
        let records: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(records.len(), rows.len());
        for (record, row) in records.iter().zip(&rows) {
            // Tables have a column for each category instead.
            let keys = row.as_object().unwrap().keys().filter(|key| *key != "choices");
            assert!(keys.clone().all(|key| names.iter().any(|name| name == key)), "{names:?} {keys:?}");
            for (name, cell) in names.iter().zip(record) {
                assert_eq!(cell, expected_cell(row, name), "{name}");
            }
        }
        rows
    }
}

fn expected_cell(row: &Value, name: &str) -> String {
    let of_speakers = |part: &str, between: &str| {
        let speakers = row["speakers"].as_array().unwrap().iter();
        disarmed(&speakers.map(|speaker| speaker[part].as_str().unwrap()).collect::<Vec<_>>().join(between))
    };
    match name {
        "speakers" => of_speakers("name", "; "),
        "speaker_affiliations" => of_speakers("affiliation", "; "),
        "speaker_bios" => of_speakers("bio", "\n\n"),
        "speaker_emails" => of_speakers("email", "; "),
        _ => match &row[name] {
            Value::String(text) => disarmed(text),
            Value::Number(number) => number.as_f64().unwrap().to_string(),
            Value::Null => String::new(),
            other => panic!("{name} holds {other}"),
        },
    }
}

fn disarmed(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '＝']) { format!("'{text}") } else { text.to_owned() }
}

#[actix_web::test]
async fn all_but_drafts_with_everything_organizers_know() {
    let stage = stage().await;
    stage.profile().await;
    let mut codes = vec![];
    for title in ["=HYPERLINK(\"http://x\")", "日本語の題 🎉", "＝全角", "Plain, with \"quotes\""] {
        codes.push(stage.submit(title).await);
    }
    stage.ada.post("/events/conf/my/proposals", json!({"title": "Only a draft"})).await.expect(201);
    stage.ada.act(&format!("/events/conf/my/proposals/{}/withdraw", codes[3])).await.expect(200);
    stage.review(&stage.rita, "＝全角", Some([5, 3])).await;
    stage.review(&stage.rolf, "＝全角", None).await;

    let rows = stage.rows("proposals").await;
    codes.sort();
    assert_eq!(rows.iter().map(|row| row["code"].as_str().unwrap()).collect::<Vec<_>>(), codes);
    let of = |title: &str| rows.iter().find(|row| row["title"] == title).unwrap();
    assert_eq!(of("Plain, with \"quotes\"")["lifecycle"], "withdrawn");
    let reviewed = of("＝全角");
    assert_eq!((&reviewed["reviews"], &reviewed["mean"]), (&json!(1), &json!(3.5)), "(1 × 5 + 3 × 3) / 4");
    assert_eq!(reviewed["abstract"], MULTI_LINE);
    assert_eq!(reviewed["speakers"][0]["email"], "ada@example.org");
    let unreviewed = of("日本語の題 🎉");
    assert_eq!((&unreviewed["reviews"], &unreviewed["mean"]), (&json!(0), &Value::Null));
    assert!(rows.iter().all(|row| row.as_object().unwrap().keys().all(|key| key != "id" && !key.ends_with("_id"))));
}

#[actix_web::test]
async fn every_review_with_a_column_for_each_criterion() {
    let stage = stage().await;
    for title in ["One", "Two"] {
        stage.submit(title).await;
        stage.review(&stage.rolf, title, Some([1, 5])).await;
        stage.review(&stage.rita, title, None).await;
    }
    let rows = stage.rows("reviews").await;
    assert_eq!(rows.len(), 4);
    let order: Vec<_> = rows.iter().map(|row| row["proposal"].as_str().unwrap()).collect();
    assert!(order.is_sorted(), "{order:?}");
    let reviewers = |half: &[Value]| half.iter().map(|row| row["reviewer"].clone()).collect::<Vec<_>>();
    assert_eq!(reviewers(&rows[..2]), reviewers(&rows[2..]), "the same order within each proposal");
    let of = |name: &str| rows.iter().find(|row| row["reviewer"] == name).unwrap();
    assert_eq!((&of("rolf")["score_overall"], &of("rolf")["score_fit_the_audience"]), (&json!(1), &json!(5)));
    assert_eq!((&of("rolf")["total"], &of("rolf")["comment"]), (&json!(4.0), &json!("=comment\nmore")));
    let abstained = of("rita");
    assert_eq!((&abstained["state"], &abstained["total"]), (&json!("abstained"), &Value::Null));
    assert_eq!(abstained["score_overall"], Value::Null);
}

#[actix_web::test]
async fn the_own_proposals_and_what_is_said_about_them_are_left_out() {
    let stage = stage().await;
    stage.submit("Hers").await;
    stage.review(&stage.rita, "Hers", Some([2, 2])).await;
    stage.app.join(&stage.ada, "ada", &stage.event, "organizer").await;
    for file in ["proposals", "reviews"] {
        let of_ada = stage.ada.get(&format!("/events/conf/exports/{file}.json")).await.expect(200).json();
        assert_eq!(of_ada, json!([]), "{file}");
        assert_eq!(stage.rows(file).await.len(), 1, "others get them");
    }
}

#[actix_web::test]
async fn lines_end_as_rfc_4180_says_and_an_empty_table_has_its_header() {
    let stage = stage().await;
    for table in ["talks", "proposals", "reviews"] {
        let empty = stage.export(&format!("{table}.csv")).await.text();
        assert!(empty.ends_with("\r\n") && empty.lines().count() == 1, "{empty:?}");
        assert_eq!(stage.export(&format!("{table}.json")).await.json(), json!([]));
    }
    stage.submit("One").await;
    let csv = stage.export("proposals.csv").await.text();
    assert!(csv.starts_with("code,public_no,title,abstract,"), "no byte order mark: {csv:?}");
    assert_eq!(csv.matches("\r\n").count(), 2, "{csv:?}");
    assert!(csv.contains("\"Zeile eins, mit \"\"Anführung\"\"\n\n二行目"), "{csv:?}");
}

#[actix_web::test]
async fn only_organizers_of_the_event_and_only_what_there_is() {
    let stage = stage().await;
    stage.app.event("other").await;
    let olaf = stage.app.member("olaf", &Event { slug: "other".into(), ..stage.event.clone() }, "organizer").await;
    for table in ["talks", "proposals", "reviews"] {
        for format in ["csv", "json"] {
            let path = format!("/events/conf/exports/{table}.{format}");
            stage.app.anonymous().get(&path).await.problem(401, "sign_in_required");
            for client in [&stage.ada, &stage.rita, &olaf] {
                client.get(&path).await.problem(403, "forbidden");
            }
        }
    }
    for file in ["talks", "talks.xls", "mails.csv", "talks.csv.json", "TALKS.csv", "a-very-long-name-of-a-file.csv"] {
        stage.event.organizer.get(&format!("/events/conf/exports/{file}")).await.problem(404, "not_found");
    }
}
