//! What the committee says to each other.

use super::stage;
use serde_json::json;

#[actix_web::test]
async fn reviewers_talk_under_pseudonyms_once_the_own_review_is_in() {
    let (app, event, rita, engines) = stage().await;
    let rolf = app.reviewer("rolf", &event).await;
    let at = event.of(&engines, "/comments");
    let say = |text: &str| json!({"text": text});
    rita.get(&at).await.problem(409, "own_review_first");
    rita.post(&at, say("Too early")).await.problem(409, "own_review_first");
    event.score(&rita, &engines, &[4]).await;
    event.score(&rolf, &engines, &[2]).await;
    let said = rita.post(&at, say("Why so low?")).await.expect(201).json();
    assert_eq!((&said["mine"], &said["text"]), (&json!(true), &json!("Why so low?")));
    app.advance(std::time::Duration::from_mins(1));
    let by_organizer = event.path(&format!("/proposals/{}/comments", engines.code));
    event.organizer.post(&by_organizer, say("Please agree")).await.expect(201);
    let list = rolf.get(&at).await.expect(200);
    let items = list.json()["items"].clone();
    let of_rita = rolf.get(&event.of(&engines, "/reviews")).await.json()["items"][0]["reviewer"].clone();
    assert_eq!((&items[0]["by"], &items[0]["mine"]), (&of_rita, &json!(false)), "as her review is signed");
    assert_eq!((&items[1]["by"], &items[1]["text"]), (&json!("Organizers"), &json!("Please agree")));
    for word in ["rita", "admin", "2025-01"] {
        assert!(!list.text().contains(word), "{word} in {}", list.text());
    }
    let signed = event.organizer.get(&by_organizer).await.expect(200).json();
    let first = &signed["items"][0];
    assert_eq!(
        (&first["name"], &first["side"], &first["created_at"]),
        (&json!("rita"), &json!("reviewer"), &json!("2025-01-15T12:00:00Z"))
    );
    rita.post(&at, say("")).await.field_error("text", "too_short");
}

#[actix_web::test]
async fn the_phase_and_conflicts_hide_comments() {
    let (app, event, rita, engines) = stage().await;
    let (chair, vera) = (app.member("chair", &event, "chair").await, app.member("vera", &event, "viewer").await);
    event.abstain(&rita, &engines).await;
    let (blind, signed) =
        (event.of(&engines, "/comments"), event.path(&format!("/proposals/{}/comments", engines.code)));
    chair.post(&signed, json!({"text": "Kanarikomento"})).await.expect(201);
    vera.post(&signed, json!({"text": "No"})).await.problem(403, "forbidden");
    assert_eq!(vera.get(&signed).await.expect(200).json()["items"][0]["text"], "Kanarikomento");
    event.phase(json!({"reviews": "never"})).await;
    app.set_clock(super::phases::BEGINS);
    rita.get(&blind).await.problem(409, "not_in_phase");
    rita.post(&blind, json!({"text": "No"})).await.problem(409, "not_in_phase");
    event.pin(&engines, "chair").await;
    event.pin(&engines, "rita").await;
    for (client, path) in [(&chair, &signed), (&rita, &blind)] {
        client.get(path).await.problem(404, "not_found");
        client.post(path, json!({"text": "No"})).await.problem(404, "not_found");
    }
    let ada = app.sign_in("ada").await;
    for path in [&blind, &signed] {
        ada.get(path).await.problem(403, "forbidden");
    }
}

#[actix_web::test]
async fn what_somebody_with_a_conflict_said_does_not_sway_reviewers() {
    let (app, event, rita, engines) = stage().await;
    let (rolf, rosa) = (app.reviewer("rolf", &event).await, app.reviewer("rosa", &event).await);
    let (blind, signed) =
        (event.of(&engines, "/comments"), event.path(&format!("/proposals/{}/comments", engines.code)));
    for (name, reviewer) in [("rita", &rita), ("rolf", &rolf), ("rosa", &rosa)] {
        event.abstain(reviewer, &engines).await;
        reviewer.post(&blind, json!({"text": format!("By {name}")})).await.expect(201);
        app.advance(std::time::Duration::from_secs(1));
    }
    let texts = async |path: &str, who: &crate::harness::Client| -> Vec<String> {
        let list = who.get(path).await.expect(200).json();
        list["items"].as_array().unwrap().iter().map(|item| item["text"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(texts(&blind, &rita).await, ["By rita", "By rolf", "By rosa"]);
    event.pin(&engines, "rolf").await;
    event.ask(&app.sign_in("ada").await, &engines.code, "rosa").await;
    let token = json!({"token": app.link_mailed_to("rosa", "speaker_invitation").await});
    rosa.post("/speaker-invitations/accept", token).await.expect(200);
    assert_eq!(texts(&blind, &rita).await, ["By rita"]);
    assert_eq!(texts(&signed, &event.organizer).await.len(), 3, "organizers see by whom it is");
}
