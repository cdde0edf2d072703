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
    event.organizer.get(&event.path("/proposals?sort=x")).await.field_error("sort", "wrong_type");
}

#[actix_web::test]
async fn the_list_comes_in_the_order_that_is_asked_for() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let mut made = vec![];
    for title in ["zebras", "Élan", "apples", "Dogs"] {
        made.push(code(&event.submit(&ada, title).await));
        app.advance(std::time::Duration::from_secs(1));
    }
    let rita = app.reviewer("rita", &event).await;
    let rolf = app.reviewer("rolf", &event).await;
    for (reviewer, proposal, score) in [(&rita, 1, 2), (&rolf, 1, 4), (&rita, 3, 5)] {
        let reference = event.seen(&made[proposal]).await["ref"].as_str().unwrap().to_owned();
        let criterion = event.codes("/criteria").await.remove(0);
        let path = event.path(&format!("/reviewing/proposals/{reference}/review"));
        reviewer.put(&path, json!({"scores": {criterion: score}})).await.expect(200);
    }
    let edit = json!({"title": "Yaks"});
    ada.patch(&event.mine(&format!("/{}", made[0])), edit).await.expect(200);
    for (sort, order) in [
        ("newest", [3, 2, 1, 0]),
        ("oldest", [0, 1, 2, 3]),
        ("title", [2, 3, 1, 0]),
        ("changed", [0, 3, 2, 1]),
        ("reviews", [2, 0, 3, 1]),
        ("mean", [3, 1, 2, 0]),
    ] {
        let order: Vec<&String> = order.iter().map(|place| &made[*place]).collect();
        let (mut paged, mut behind) = (vec![], String::new());
        loop {
            let path = event.path(&format!("/proposals?sort={sort}&limit=3{behind}"));
            let page = event.organizer.get(&path).await.expect(200).json();
            paged.extend(codes(&page));
            let Some(next) = page["next"].as_str() else { break };
            behind = format!("&cursor={next}");
        }
        assert_eq!(paged.iter().collect::<Vec<_>>(), order, "{sort}");
    }
    let found = event.organizer.get(&event.path("/proposals?q=apples&sort=oldest")).await.expect(200).json();
    assert_eq!(codes(&found), [made[2].clone()], "what is looked for comes in that order too");
}

#[actix_web::test]
async fn the_order_tells_nothing_of_the_own_proposal() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, olga) = (app.speaker("ada").await, app.member("olga", &event, "organizer").await);
    let own = code(&event.submit(&olga, "My own").await);
    app.advance(std::time::Duration::from_secs(1));
    let other = code(&event.submit(&ada, "Another").await);
    let rita = app.reviewer("rita", &event).await;
    for (proposal, score) in [(&own, 5), (&other, 1)] {
        let reference = event.seen(proposal).await["ref"].as_str().unwrap().to_owned();
        let criterion = event.codes("/criteria").await.remove(0);
        let path = event.path(&format!("/reviewing/proposals/{reference}/review"));
        rita.put(&path, json!({"scores": {criterion: score}})).await.expect(200);
    }
    for sort in ["reviews", "mean"] {
        let list = olga.get(&event.path(&format!("/proposals?sort={sort}"))).await.expect(200).json();
        assert_eq!(codes(&list), std::slice::from_ref(&other), "{sort}");
    }
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
