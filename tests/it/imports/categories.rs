//! What a file says of categories becomes choices of the event.

use super::{counts, outcomes, sessionize, stage};
use crate::harness::seed::Event;
use serde_json::{Value, json};

impl Event {
    async fn categories(&self) -> Vec<Value> {
        self.organizer.get(&self.path("/categories")).await.expect(200).json()["items"].as_array().unwrap().clone()
    }

    /// What was picked for the proposal of this title: `Category: Choice`.
    async fn picked(&self, title: &str) -> Vec<String> {
        let list = self.exported("proposals.json").await.json();
        let of = list.as_array().unwrap().iter().find(|item| item["title"] == title).unwrap().clone();
        let word = |value: &Value| value.as_str().unwrap().to_owned();
        let name = |choice: &Value| format!("{}: {}", word(&choice["category"]), word(&choice["name"]));
        of["choices"].as_array().unwrap().iter().map(name).collect()
    }
}

fn names(category: &Value) -> Vec<&str> {
    category["choices"].as_array().unwrap().iter().map(|choice| choice["name"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn missing_ones_are_made_for_one_or_several() {
    let (_app, event) = stage().await;
    let file = "code,title,abstract,Level,Tags\nA,One,x,Deep,Rust; SQL\nB,Two,x,Easy,SQL\nC,Three,x,,\n";
    let map = "source=sheet&map=category.Level=Level&map=category.Tags=Tags";
    let dry = event.import(&format!("{map}&dry_run=true"), file).await;
    assert_eq!(dry["new_categories"], json!(["Level", "Tags"]));
    assert_eq!(event.categories().await, Vec::<Value>::new(), "a dry run changes nothing");
    let first = event.import(map, file).await;
    assert_eq!((&first["new_categories"], counts(&first)[0]), (&json!(["Level", "Tags"]), 3));
    assert_eq!(first["new_choices"].as_array().unwrap().len(), 4);
    assert_eq!(first["new_choices"][0], json!({"category": "Level", "name": "Deep"}));
    let made = event.categories().await;
    let facts: Vec<Value> =
        made.iter().map(|made| json!([made["several"], made["required"], made["shown_to"]])).collect();
    assert_eq!(facts, [json!([false, false, "everyone"]), json!([true, false, "organizers"])]);
    assert_eq!((names(&made[0]), names(&made[1])), (vec!["Deep", "Easy"], vec!["Rust", "SQL"]));
    assert_eq!(event.picked("One").await, ["Level: Deep", "Tags: Rust", "Tags: SQL"]);
    assert_eq!(event.picked("Three").await, Vec::<String>::new());
    let again = event.import(map, file).await;
    assert_eq!((outcomes(&again), &again["new_choices"]), (vec!["unchanged"; 3], &json!([])));
    assert_eq!(event.categories().await, made);
}

#[actix_web::test]
async fn the_events_own_are_used_and_changes_count() {
    let (_app, event) = stage().await;
    let level = json!({"name": "Level", "choices": [{"name": "Deep"}, {"name": "Easy"}]});
    event.organizer.post(&event.path("/categories"), level).await.expect(201);
    let map = "source=sheet&map=category.level=How";
    let file = |how: &str| format!("code,title,abstract,How\nA,One,x,{how}\n");
    let first = event.import(map, &file("EASY; Deep")).await;
    assert_eq!((&first["new_categories"], &first["new_choices"]), (&json!([]), &json!([])));
    assert_eq!(event.picked("One").await, ["Level: Easy"], "one of them may be picked");
    assert_eq!(first["rows"][0]["remarks"][1], "level: what cannot be picked here stands in the notes");
    assert_eq!(event.exported("proposals.json").await.json()[0]["notes"], "level: Deep");
    assert_eq!(outcomes(&event.import(map, &file("easy;Deep")).await), ["unchanged"]);
    let third = event.import(map, &file("Expert")).await;
    assert_eq!(
        (outcomes(&third), &third["new_choices"]),
        (vec!["updated"], &json!([{"category": "Level", "name": "Expert"}]))
    );
    assert_eq!(event.picked("One").await, ["Level: Expert"]);
    assert_eq!(names(&event.categories().await[0]), ["Deep", "Easy", "Expert"]);
    // Picked anew here, so the file does not overwrite it.
    let code = first["rows"][0]["code"].as_str().unwrap();
    assert_eq!(outcomes(&event.import(map, &file("Expert")).await), ["unchanged"], "{code}");
}

#[actix_web::test]
async fn exports_bring_them_to_another_event() {
    let (app, event) = stage().await;
    let mut all = sessionize();
    all["categories"][2]["title"] = json!("Talk-type?");
    let first = event.import("", &all.to_string()).await;
    assert_eq!(first["new_categories"], json!(["Talk-type?"]));
    let title = "=Formeln & Straßen";
    assert_eq!(event.picked(title).await, ["Talk-type?: Deep"]);
    let (json_there, csv_there) = (app.event("json").await, app.event("csv").await);
    let exported = event.exported("proposals.json").await.text();
    assert_eq!(json_there.import("", &exported).await["new_categories"], json!(["Talk-type?"]));
    assert_eq!(json_there.picked(title).await, ["Talk-type?: Deep"]);
    let table = event.exported("proposals.csv").await.text();
    assert_eq!(csv_there.import("", &table).await["new_categories"], json!(["Talk type"]));
    assert_eq!(csv_there.picked(title).await, ["Talk type: Deep"]);
    for (there, file) in [(&json_there, &table), (&json_there, &exported), (&csv_there, &exported), (&event, &table)] {
        assert_eq!(counts(&there.import("", file).await), [0, 0, 2, 0, 0, 0], "{}", there.slug);
    }
}
