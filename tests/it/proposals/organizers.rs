//! What organizers see and do.

use crate::harness::{
    TestApp,
    seed::{code, proposal},
};
use serde_json::{Value, json};

fn codes(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(code).collect()
}

#[actix_web::test]
async fn cancel_and_reinstate() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let mine = code(&event.submit(&ada, "A talk").await);
    let at = event.path(&format!("/proposals/{mine}"));
    assert_eq!(event.organizer.act(&format!("{at}/cancel")).await.expect(200).json()["lifecycle"], "canceled");
    event.organizer.act(&format!("{at}/cancel")).await.problem(409, "wrong_state");
    assert_eq!(ada.get(&event.mine(&format!("/{mine}"))).await.json()["lifecycle"], "canceled");
    for deed in ["withdraw", "undo-withdrawal", "submit"] {
        ada.act(&event.mine(&format!("/{mine}/{deed}"))).await.problem(409, "wrong_state");
    }
    assert_eq!(event.organizer.act(&format!("{at}/reinstate")).await.expect(200).json()["lifecycle"], "submitted");
    event.organizer.act(&format!("{at}/reinstate")).await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn the_list_pages_through_everything_once_newest_first() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let mut made = vec![];
    for number in 0..7 {
        made.push(code(&event.submit(&ada, &format!("Number {number}")).await));
        if number % 2 == 1 {
            app.advance(std::time::Duration::from_secs(1));
        }
    }
    event.draft(&ada, "Not for you").await;
    let all = codes(&event.organizer.get(&event.path("/proposals")).await.expect(200).json());
    assert_eq!(all.len(), 7);
    assert_eq!(all[0], made[6]);
    let mut paged = vec![];
    let mut path = event.path("/proposals?limit=2");
    loop {
        let page = event.organizer.get(&path).await.expect(200);
        let body = page.json();
        paged.extend(codes(&body));
        let Some(next) = body["next"].as_str() else { break };
        assert!(page.header("link").contains(next) && page.header("link").contains("rel=\"next\""));
        path = event.path(&format!("/proposals?limit=2&cursor={next}"));
    }
    assert_eq!(paged, all);
    event.organizer.get(&event.path("/proposals?cursor=nonsense")).await.problem(400, "bad_cursor");
    event.organizer.get(&event.path("/proposals?limit=101")).await.field_error("limit", "range");
    event.organizer.get(&event.path("/proposals?sort=x")).await.field_error("sort", "unknown_field");
}

#[actix_web::test]
async fn filters_narrow_the_list() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let track = event.organizer.post(&event.path("/tracks"), json!({"name": "Core"})).await.expect(201).json();
    let mut in_track = proposal("In the track");
    in_track["track"] = track["code"].clone();
    let in_track = code(&ada.post(&event.mine(""), in_track).await.expect(201).json());
    let withdrawn = code(&event.submit(&ada, "Withdrawn").await);
    ada.act(&event.mine(&format!("/{withdrawn}/withdraw"))).await.expect(200);
    let list = |query: String| {
        let (organizer, path) = (event.organizer.clone(), event.path(&format!("/proposals?{query}")));
        async move { codes(&organizer.get(&path).await.expect(200).json()) }
    };
    assert_eq!(list("lifecycle=withdrawn".into()).await, [withdrawn]);
    assert_eq!(list(format!("track={}", track["code"].as_str().unwrap())).await, [in_track]);
    assert_eq!(list("decision=accepted".into()).await, Vec::<String>::new());
    event.organizer.get(&event.path("/proposals?lifecycle=lost")).await.problem(422, "invalid");
}
#[actix_web::test]
async fn others_are_refused() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let ada = app.speaker("ada").await;
    let mine = code(&event.submit(&ada, "A talk").await);
    let rita = app.reviewer("rita", &event).await;
    let olga = app.member("olga", &other, "organizer").await;
    for client in [&ada, &rita, &olga] {
        client.get(&event.path("/proposals")).await.problem(403, "forbidden");
        client.get(&event.path(&format!("/proposals/{mine}"))).await.problem(403, "forbidden");
        client.act(&event.path(&format!("/proposals/{mine}/cancel"))).await.problem(403, "forbidden");
    }
    app.anonymous().get(&event.path("/proposals")).await.problem(401, "sign_in_required");
    olga.get(&other.path(&format!("/proposals/{mine}"))).await.problem(404, "not_found");
}

#[actix_web::test]
async fn reinstating_keeps_to_the_limit_per_speaker() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    event.organizer.patch(&event.path("/call"), json!({"limit_per_speaker": 1})).await.expect(200);
    let first = code(&event.submit(&ada, "First").await);
    event.organizer.act(&event.path(&format!("/proposals/{first}/cancel"))).await.expect(200);
    let second = code(&event.submit(&ada, "Second").await);
    let reinstate = event.path(&format!("/proposals/{first}/reinstate"));
    event.organizer.act(&reinstate).await.problem(409, "limit_reached");
    ada.act(&event.mine(&format!("/{second}/withdraw"))).await.expect(200);
    event.organizer.act(&reinstate).await.expect(200);
}
