//! Hints at conflicts of interest, and a second address of the same person.

use super::stage;
use crate::harness::{Client, TestApp, seed::Event};
use serde_json::{Value, json};

async fn profile(client: &Client, event: &Event, name: &str, affiliation: &str) {
    let profile = json!({"name": name, "bio": "", "affiliation": affiliation});
    client.put(&event.path("/my/profile"), profile).await.expect(200);
}

/// The reasons for a member with a proposal.
async fn reasons(event: &Event, member: &str, proposal: &super::Proposal) -> Value {
    let hints = event.organizer.get(&event.path("/conflicts/hints")).await.expect(200).json();
    let mut items = hints["items"].as_array().unwrap().iter();
    let found = items.find(|hint| hint["member"]["name"] == member && hint["proposal"] == proposal.code.as_str());
    found.map_or(json!([]), |hint| hint["reasons"].clone())
}

#[actix_web::test]
async fn only_organizers_are_told_what_people_have_in_common() {
    let (app, event, rita, engines) = stage().await;
    profile(&rita, &event, "Rita", "Acme").await;
    let ada = app.sign_in("ada").await;
    profile(&ada, &event, "Ada", "ACME").await;
    assert_eq!(reasons(&event, "rita", &engines).await, json!(["affiliation", "mail_domain"]));
    let own = event.propose(&rita, "By Rita").await;
    assert_eq!(reasons(&event, "rita", &own).await, json!([]), "that it is hers is known");
    event.pin(&engines, "rita").await;
    assert_eq!(reasons(&event, "rita", &engines).await, json!([]), "known");
    for (name, role) in [("chair", "chair"), ("vera", "viewer")] {
        let member = app.member(name, &event, role).await;
        for path in ["/conflicts", "/conflicts/hints"] {
            member.get(&event.path(path)).await.problem(403, "forbidden");
        }
    }
}

async fn second_address(app: &TestApp, event: &Event) -> super::Proposal {
    let second = app.speaker("rita.elsewhere").await;
    profile(&second, event, "Levi, Rita", "").await;
    event.propose(&second, "Her own, from elsewhere").await
}

/// The person who reviews and speaks under two addresses: once the organizer has pinned what the hint says, she never
/// meets her own talk again, and what she said of it counts for nothing.
#[actix_web::test]
async fn a_second_address_is_hinted_at_and_pinned() {
    let (app, event, rita, engines) = stage().await;
    let rolf = app.reviewer("rolf", &event).await;
    profile(&rita, &event, "Rita Levi", "").await;
    let own = second_address(&app, &event).await;
    event.score(&rita, &own, &[5]).await;
    event.score(&rolf, &own, &[2]).await;
    assert_eq!(reasons(&event, "rita", &own).await, json!(["same_person", "mail_domain"]));
    assert_eq!(reasons(&event, "rolf", &own).await, json!(["mail_domain"]));
    event.assign(&own, "rita").await;
    event.pin(&own, "rita").await;
    event.is_absent(&rita, &own).await;
    assert_eq!(event.assignments().await, []);
    let pair = json!({"pairs": [{"proposal": own.code, "reviewer": event.member_code("rita").await}]});
    event.organizer.post(&event.path("/assignments"), pair).await.field_error("pairs[0]", "conflict");
    let progress = rita.get(&event.reviewing("")).await.json();
    assert_eq!((&progress["total"], &progress["done"]), (&json!(1), &json!(0)));
    let all = event.all_reviews(&own).await;
    assert_eq!((&all["summary"]["count"], &all["summary"]["mean"]), (&json!(1), &json!(2.0)));
    app.join(&rita, "rita", &event, "organizer").await;
    for path in ["/proposals", "/exports/proposals.json", "/exports/reviews.json", "/assignments"] {
        let text = rita.get(&event.path(path)).await.expect(200).text();
        assert!(!text.contains(&own.code) && !text.contains("from elsewhere"), "{path}: {text}");
    }
    let list = rita.get(&event.path("/proposals")).await.json();
    assert_eq!(list["items"][0]["code"], engines.code.as_str());
    for below in ["", "/reviews", "/comments", "/decision"] {
        rita.get(&event.path(&format!("/proposals/{}{below}", own.code))).await.problem(404, "not_found");
    }
}
