//! Assigning by hand and from CSV.

use super::{Proposal, stage};
use crate::harness::seed::Event;
use serde_json::{Value, json};

impl Event {
    pub(super) async fn assign(&self, proposal: &Proposal, name: &str) {
        let pairs = json!({"pairs": [{"proposal": proposal.code, "reviewer": self.member_code(name).await}]});
        let done = self.organizer.post(&self.path("/assignments"), pairs).await.expect(200).json();
        assert_eq!(done["count"], 1, "{done}");
    }

    /// The code of each proposal with the name of a reviewer, newest first.
    pub(super) async fn assignments(&self) -> Vec<(String, String)> {
        let list = self.organizer.get(&self.path("/assignments")).await.expect(200).json();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let items = list["items"].as_array().unwrap().iter();
        items.map(|item| (text(&item["proposal"]), text(&item["reviewer"]["name"]))).collect()
    }
}

fn problems(answer: &Value) -> Vec<&str> {
    answer["items"].as_array().unwrap().iter().map(|item| item["problem"].as_str().unwrap_or("")).collect()
}

#[actix_web::test]
async fn all_pairs_or_none() {
    let (app, event, _, engines) = stage().await;
    app.reviewer("rolf", &event).await;
    let (rita, rolf) = (event.member_code("rita").await, event.member_code("rolf").await);
    let path = event.path("/assignments");
    let pair = |proposal: &str, reviewer: &str| json!({"proposal": proposal, "reviewer": reviewer});
    let wrong = [pair(&engines.code, &rita), pair("ZZZZZZ", &rolf), pair(&engines.code, "nobody")];
    let dry = event.organizer.post(&path, json!({"pairs": wrong, "dry_run": true})).await.expect(200).json();
    assert_eq!((&dry["count"], &dry["dry_run"]), (&json!(1), &json!(true)));
    assert_eq!(problems(&dry), ["", "unknown_proposal", "unknown_reviewer"]);
    let refused = event.organizer.post(&path, json!({"pairs": wrong})).await.problem(422, "invalid");
    let fields: Vec<&str> =
        refused["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
    assert_eq!(fields, ["pairs[1]", "pairs[2]"]);
    assert_eq!(event.assignments().await, []);
    let both = json!({"pairs": [pair(&engines.code, &rita), pair(&engines.code, &rolf)]});
    assert_eq!(event.organizer.post(&path, both.clone()).await.expect(200).json()["count"], 2);
    let again = event.organizer.post(&path, both).await.expect(200).json();
    assert_eq!((&again["count"], &again["items"][0]["new"]), (&json!(0), &json!(false)), "nothing is new");
    assert_eq!(event.assignments().await.len(), 2);
    event.organizer.post(&path, json!({"pairs": []})).await.field_error("pairs", "length");
}

#[actix_web::test]
async fn what_speaks_against_a_pair() {
    let (app, event, rita, engines) = stage().await;
    let (here, there) = (event.track("Here").await, event.track("There").await);
    app.member_of("rolf", &event, "reviewer", &[&here]).await;
    app.member("vera", &event, "viewer").await;
    let ada = app.sign_in("ada").await;
    let elsewhere = crate::harness::seed::code(&event.submit_to(&there, &ada, "Elsewhere").await);
    let within = crate::harness::seed::code(&event.submit_to(&here, &ada, "Within").await);
    let gone = event.propose(&ada, "Gone").await;
    ada.act(&event.mine(&format!("/{}/withdraw", gone.code))).await.expect(200);
    let own = event.propose(&rita, "By Rita").await;
    rita.put(&event.of(&engines, "/conflict"), json!({"kind": "close"})).await.expect(200);
    let (of_rita, rolf, vera) =
        (event.member_code("rita").await, event.member_code("rolf").await, event.member_code("vera").await);
    let pairs = [
        (&engines.code, &of_rita, "conflict"),
        (&own.code, &of_rita, "conflict"),
        (&engines.code, &vera, "unknown_reviewer"),
        (&elsewhere, &rolf, "other_track"),
        (&engines.code, &rolf, "other_track"),
        (&gone.code, &of_rita, "wrong_state"),
        (&within, &rolf, ""),
        (&within, &rolf, "duplicate"),
    ];
    let sent: Vec<Value> =
        pairs.iter().map(|(proposal, reviewer, _)| json!({"proposal": proposal, "reviewer": reviewer})).collect();
    let dry = json!({"pairs": sent, "dry_run": true});
    let answer = event.organizer.post(&event.path("/assignments"), dry).await.expect(200).json();
    assert_eq!(problems(&answer), pairs.map(|(.., problem)| problem));
}

#[actix_web::test]
async fn from_csv_by_reference_and_address() {
    let (app, event, _, engines) = stage().await;
    app.reviewer("rolf", &event).await;
    let path = event.path("/assignments/csv");
    let rows = format!("ref,email\r\n{0},RITA@example.org\r\n{0},rolf@example.org\r\n", engines.reference);
    let dry = event.organizer.post(&path, json!({"csv": rows, "dry_run": true})).await.expect(200).json();
    assert_eq!((&dry["count"], event.assignments().await.len()), (&json!(2), 0));
    assert_eq!(dry["items"][1]["reviewer"]["name"], "rolf");
    let done = event.organizer.post(&path, json!({"csv": rows})).await.expect(200).json();
    assert_eq!((&done["count"], event.assignments().await.len()), (&json!(2), 2));
    let wrong = format!("proposal,reviewer\n{},nobody\n", engines.code);
    let refused = event.organizer.post(&path, json!({"csv": wrong})).await.problem(422, "invalid");
    assert_eq!(
        (&refused["errors"][0]["field"], &refused["errors"][0]["code"]),
        (&json!("row 1"), &json!("unknown_reviewer"))
    );
    event.organizer.post(&path, json!({"csv": "a,b\n1,2\n"})).await.field_error("csv", "header");
}

#[actix_web::test]
async fn chairs_assign_in_their_tracks() {
    let (app, event, rita, engines) = stage().await;
    let here = event.track("Here").await;
    let chair = app.member_of("chair", &event, "chair", &[&here]).await;
    let ada = app.sign_in("ada").await;
    let within = crate::harness::seed::code(&event.submit_to(&here, &ada, "Within").await);
    let reviewer = event.member_code("rita").await;
    event.assign(&engines, "rita").await;
    let path = event.path("/assignments");
    let pairs = |code: &str| json!({"pairs": [{"proposal": code, "reviewer": reviewer}]});
    chair.post(&path, pairs(&engines.code)).await.field_error("pairs[0]", "unknown_proposal");
    chair.post(&path, pairs(&within)).await.expect(200);
    let list = chair.get(&path).await.expect(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1, "{list}");
    let all = event.organizer.get(&event.path(&format!("/assignments?proposal={}", engines.code))).await.json();
    let outside = event.path(&format!("/assignments/{}", all["items"][0]["id"].as_str().unwrap()));
    chair.delete(&outside).await.problem(404, "not_found");
    event.organizer.delete(&outside).await.expect(204);
    let inside = event.path(&format!("/assignments/{}", list["items"][0]["id"].as_str().unwrap()));
    rita.delete(&inside).await.problem(403, "forbidden");
    chair.delete(&inside).await.expect(204);
    assert_eq!(event.assignments().await, []);
}

#[actix_web::test]
async fn the_list_pages() {
    let (app, event, _, engines) = stage().await;
    let ada = app.sign_in("ada").await;
    event.assign(&engines, "rita").await;
    for number in 0..3 {
        event.assign(&event.propose(&ada, &format!("Number {number}")).await, "rita").await;
    }
    let first = event.organizer.get(&event.path("/assignments?limit=3")).await.expect(200).json();
    let next = first["next"].as_str().unwrap();
    let second = event.organizer.get(&event.path(&format!("/assignments?limit=3&cursor={next}"))).await.json();
    let lengths = [&first, &second].map(|page| page["items"].as_array().unwrap().len());
    assert_eq!((lengths, &second["next"]), ([3, 1], &json!(null)));
    let none = event.organizer.get(&event.path("/assignments?reviewer=ZZZZZZZZZZ")).await.expect(200).json();
    assert_eq!(none["items"], json!([]));
}
