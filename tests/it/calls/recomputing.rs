//! Zone data that has changed: found out, and set right by a command only.

use crate::harness::{
    TestApp,
    seed::{CLOSES, Event},
};
use callboard::{
    db::{
        Tx,
        schema::{calls, late_links},
        types::Ts,
    },
    jobs,
};
use diesel::prelude::*;
use serde_json::{Value, json};

/// As if the zone had been an hour further east when the deadline was typed.
const OTHERWISE: &str = "2025-02-10T09:00:00Z";

async fn stored_otherwise(app: &TestApp) {
    let at = Ts::truncated(OTHERWISE.parse().unwrap());
    let change = move |tx: &mut Tx<'_>| {
        diesel::update(calls::table).set(calls::closes_at.eq(at)).execute(tx.conn())?;
        diesel::update(late_links::table).set(late_links::closes_at.eq(at)).execute(tx.conn())?;
        Ok(())
    };
    app.board.db.write(change).await.unwrap();
}

async fn closes_at(event: &Event) -> Value {
    event.organizer.get(&event.path("/call/settings")).await.expect(200).json()["deadline"]["utc"].clone()
}

#[actix_web::test]
async fn deadlines_are_computed_anew_noted_and_told() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    event.draft(&ada, "Half an idea").await;
    let link = json!({"name": "Late", "deadline": {"local": "2025-02-09T23:59", "zone": "America/Los_Angeles"}});
    event.organizer.post(&event.path("/late-links"), link).await.expect(201);
    assert_eq!(jobs::recompute_deadlines(&app.board, false).await.unwrap(), vec![], "nothing to do");
    stored_otherwise(&app).await;
    let found = jobs::recompute_deadlines(&app.board, true).await.unwrap();
    let words: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(words.len(), 2, "{words:?}");
    let call = format!("conf: call, 2025-02-09T23:59 America/Los_Angeles: {OTHERWISE} becomes {CLOSES}");
    assert_eq!(words[0], call);
    assert_eq!(closes_at(&event).await, OTHERWISE, "a dry run changes nothing");
    assert_eq!(jobs::recompute_deadlines(&app.board, false).await.unwrap(), found);
    assert_eq!(closes_at(&event).await, CLOSES);
    let links = event.organizer.get(&event.path("/late-links")).await.expect(200).json();
    assert_eq!(links["items"][0]["deadline"]["utc"], CLOSES);
    assert_eq!(app.mails_to("ada", "deadline_moved").await.len(), 1, "an hour less");
    let noted = event.organizer.get(&event.path("/audit?action=deadline_recomputed")).await.expect(200).json();
    let items = noted["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["actor"]), (2, &json!(null)));
    let call = items.iter().find(|item| item["object"]["kind"] == "call").unwrap();
    assert_eq!(call["facts"], json!({"from": OTHERWISE, "to": CLOSES}));
    assert_eq!(jobs::recompute_deadlines(&app.board, false).await.unwrap(), vec![], "once is enough");
}
