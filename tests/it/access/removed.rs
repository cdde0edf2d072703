//! Somebody removed is out at the next request, and in a request that was under way already.

use crate::harness::{TestApp, seed::code};
use serde_json::{Value, json};

fn review() -> Value {
    json!({"abstain": true, "comment": "Not my field."})
}

#[actix_web::test]
async fn at_the_next_request() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let rita = app.reviewer("rita", &event).await;
    rita.get(&event.path("/reviewing")).await.expect(200);
    event.organizer.delete(&event.member_path("rita").await).await.expect(204);
    rita.get(&event.path("/reviewing")).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn in_a_request_under_way() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let proposal = code(&event.submit(&ada, "A talk").await);
    let reference = event.seen(&proposal).await["ref"].as_str().unwrap().to_owned();
    let rita = app.reviewer("rita", &event).await;
    let removal = event.member_path("rita").await;
    let blocked = app.block_writers().await;
    let organizer = event.organizer.clone();
    let removing = actix_web::rt::spawn(async move { organizer.delete(&removal).await });
    app.queued(1).await;
    // Still a member when the request comes in, and no more when its turn to write comes.
    let (client, path) = (rita.clone(), event.path(&format!("/reviewing/proposals/{reference}/review")));
    let reviewing = actix_web::rt::spawn(async move { client.put(&path, review()).await });
    app.queued(2).await;
    blocked.release_one_by_one(removing).await.expect(204);
    reviewing.await.unwrap().problem(403, "forbidden");
    let reviews = event.organizer.get(&event.path(&format!("/proposals/{proposal}/reviews"))).await.expect(200).json();
    assert!(!reviews.to_string().contains("Not my field"), "{reviews}");
}

#[actix_web::test]
async fn and_does_not_come_back_by_an_old_invitation() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let rita = app.reviewer("rita", &event).await;
    let invitation = json!({"email": "rita@example.org", "role": "organizer"});
    event.organizer.post(&event.path("/invitations"), invitation).await.expect(201);
    let token = app.link_mailed_to("rita", "invitation").await;
    event.organizer.delete(&event.member_path("rita").await).await.expect(204);
    rita.post("/invitations/accept", json!({"token": token})).await.problem(422, "link_dead");
}
