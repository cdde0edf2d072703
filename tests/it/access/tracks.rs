//! Roles that are limited to tracks: what is outside of them does not exist, whichever way one looks.

use super::sweep::{Sweep, missed};
use crate::harness::{
    Client, TestApp,
    seed::{Event, code},
};
use serde_json::{Value, json};

/// In what is outside: titles of a proposal in another track and of one in none, their speaker, and a review.
const CANARIES: &[&str] = &["kanaritrako", "kanarisentrako", "kanariparolanto", "kanarikomento"];

struct World {
    app: TestApp,
    event: Event,
    here: String,
    there: String,
    inside: Proposal,
    /// In the other track, and in none.
    outside: [Proposal; 2],
    chair: Client,
    reviewer: Client,
}

struct Proposal {
    code: String,
    reference: String,
}

async fn known(event: &Event, proposal: Value) -> Proposal {
    let code = code(&proposal);
    let reference = event.seen(&code).await["ref"].as_str().unwrap().to_owned();
    Proposal { code, reference }
}

impl World {
    async fn new() -> World {
        let app = TestApp::new().await;
        let event = app.event("conf").await;
        event.organizer.patch(&event.path("/settings"), json!({"blind": false})).await.expect(200);
        let (here, there) = (event.track("Here").await, event.track("There").await);
        let (ada, other) = (app.speaker("ada").await, app.speaker("kanariparolanto").await);
        let inside = known(&event, event.submit_to(&here, &ada, "Inside").await).await;
        let outside = [
            known(&event, event.submit_to(&there, &other, "Kanaritrako").await).await,
            known(&event, event.submit(&other, "Kanarisentrako").await).await,
        ];
        let rolf = app.reviewer("rolf", &event).await;
        for proposal in &outside {
            let path = event.path(&format!("/reviewing/proposals/{}/review", proposal.reference));
            rolf.put(&path, json!({"abstain": true, "comment": "Kanarikomento"})).await.expect(200);
        }
        let chair = app.member_of("chair", &event, "chair", &[&here]).await;
        let reviewer = app.member_of("rita", &event, "reviewer", &[&here]).await;
        World { app, event, here, there, inside, outside, chair, reviewer }
    }

    fn proposal(&self, proposal: &Proposal, below: &str) -> String {
        self.event.path(&format!("/proposals/{}{below}", proposal.code))
    }

    fn review(&self, proposal: &Proposal) -> String {
        self.event.path(&format!("/reviewing/proposals/{}/review", proposal.reference))
    }

    async fn decision(&self, proposal: &Proposal) -> Value {
        self.event.seen(&proposal.code).await["decision"].clone()
    }

    async fn limit(&self, name: &str, role: &str, tracks: Value) {
        let path = self.event.member_path(name).await;
        self.event.organizer.patch(&path, json!({"role": role, "tracks": tracks})).await.expect(200);
    }
}

#[actix_web::test]
async fn no_route_shows_what_is_outside() {
    let world = World::new().await;
    let all = [&world.inside, &world.outside[0], &world.outside[1]];
    let codes = all.iter().map(|proposal| proposal.code.clone()).collect();
    let refs = all.iter().map(|proposal| proposal.reference.clone()).collect();
    let sweep = Sweep::new(&world.event, codes, refs).await;
    for client in [&world.chair, &world.reviewer] {
        assert_eq!(sweep.hits(&world.app, client, CANARIES).await, Vec::<String>::new());
        let inside = sweep.hits(&world.app, client, &["inside"]).await;
        assert!(!inside.is_empty(), "what is inside is there");
    }
    // The sweep sees what is there to see without the limit.
    world.limit("chair", "chair", json!(null)).await;
    world.limit("rita", "reviewer", json!(null)).await;
    let viewer = world.app.member("viewer", &world.event, "viewer").await;
    for client in [&world.chair, &viewer] {
        assert_eq!(missed(&sweep.hits(&world.app, client, CANARIES).await, CANARIES), Vec::<&str>::new());
    }
    let seen = sweep.hits(&world.app, &world.reviewer, CANARIES).await;
    assert_eq!(missed(&seen, CANARIES), ["kanarikomento"], "others' reviews come after the own one");
}

#[actix_web::test]
async fn a_chair_reads_and_decides_inside_only() {
    let world = World::new().await;
    let (chair, event) = (&world.chair, &world.event);
    let list = chair.get(&event.path("/proposals")).await.expect(200).json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let there = chair.get(&event.path(&format!("/proposals?track={}", world.there))).await.expect(200).json();
    assert_eq!(there["items"], json!([]));
    let accept = json!({"decision": "accepted"});
    chair.put(&world.proposal(&world.inside, "/decision"), accept.clone()).await.expect(200);
    for proposal in &world.outside {
        chair.get(&world.proposal(proposal, "")).await.problem(404, "not_found");
        chair.get(&world.proposal(proposal, "/reviews")).await.problem(404, "not_found");
        chair.put(&world.proposal(proposal, "/decision"), accept.clone()).await.problem(404, "not_found");
        assert_eq!(world.decision(proposal).await, "undecided");
    }
    assert_eq!(world.decision(&world.inside).await, "accepted");
    chair.post(&event.path("/publications"), json!({"version": "x"})).await.problem(403, "forbidden");
    chair.act(&world.proposal(&world.inside, "/cancel")).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn deciding_many_knows_nothing_outside() {
    let world = World::new().await;
    let codes = [&world.inside.code, &world.outside[0].code, &world.outside[1].code];
    let many = |dry_run: bool| json!({"codes": codes, "decision": "accepted", "dry_run": dry_run});
    let path = world.event.path("/decisions");
    let dry = world.chair.post(&path, many(true)).await.expect(200).json();
    assert_eq!(dry["count"], 1);
    let problems: Vec<&Value> = dry["items"].as_array().unwrap().iter().map(|item| &item["problem"]).collect();
    assert_eq!(problems, [&json!(null), &json!("unknown"), &json!("unknown")], "as codes that do not exist");
    let refused = world.chair.post(&path, many(false)).await.problem(422, "invalid");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 2);
    assert_eq!(world.decision(&world.inside).await, "undecided");
    let inside = json!({"codes": [world.inside.code], "decision": "rejected"});
    assert_eq!(world.chair.post(&path, inside).await.expect(200).json()["count"], 1);
}

#[actix_web::test]
async fn a_reviewer_counts_and_reviews_inside_only() {
    let world = World::new().await;
    let (reviewer, event) = (&world.reviewer, &world.event);
    assert_eq!(reviewer.get(&event.path("/reviewing")).await.json()["total"], 1);
    let abstain = json!({"abstain": true});
    for proposal in &world.outside {
        reviewer.put(&world.review(proposal), abstain.clone()).await.problem(404, "not_found");
        reviewer.delete(&world.review(proposal)).await.problem(404, "not_found");
        reviewer.get(&world.review(proposal)).await.problem(404, "not_found");
    }
    let next = reviewer.get(&event.path("/reviewing/next")).await.expect(200).json();
    assert_eq!(next["proposal"]["ref"], world.inside.reference.as_str());
    reviewer.put(&world.review(&world.inside), abstain).await.expect(200);
    assert_eq!(reviewer.get(&event.path("/reviewing/next")).await.json(), json!({"proposal": null}));
    let progress = reviewer.get(&event.path("/reviewing")).await.json();
    assert_eq!((&progress["abstained"], &progress["left"]), (&json!(1), &json!(0)));
}

#[actix_web::test]
async fn another_role_without_limit_widens_only_what_it_allows() {
    let world = World::new().await;
    world.app.join(&world.chair, "chair", &world.event, "viewer").await;
    world.chair.get(&world.proposal(&world.outside[0], "")).await.expect(200);
    let accept = json!({"decision": "accepted"});
    world.chair.put(&world.proposal(&world.outside[0], "/decision"), accept).await.problem(404, "not_found");
}

#[actix_web::test]
async fn a_changed_limit_counts_at_the_next_request() {
    let world = World::new().await;
    let seen = async |proposal: &Proposal| world.chair.get(&world.proposal(proposal, "")).await.status.as_u16();
    assert_eq!((seen(&world.inside).await, seen(&world.outside[0]).await), (200, 404));
    world.limit("chair", "chair", json!([world.there])).await;
    assert_eq!((seen(&world.inside).await, seen(&world.outside[0]).await), (404, 200));
    world.limit("chair", "chair", json!([world.there, world.here])).await;
    assert_eq!((seen(&world.inside).await, seen(&world.outside[0]).await), (200, 200));
    assert_eq!(seen(&world.outside[1]).await, 404, "one without a track is in none of them");
    world.limit("chair", "chair", json!(null)).await;
    assert_eq!(seen(&world.outside[1]).await, 200);
}

/// Allowed when the request comes in, and no more when its turn to write comes.
async fn narrowed_under_way(before: Value) {
    let world = World::new().await;
    world.limit("chair", "chair", before.clone()).await;
    world.limit("rita", "reviewer", before).await;
    let path = world.event.member_path("chair").await;
    let (organizer, of_rita) = (world.event.organizer.clone(), world.event.member_path("rita").await);
    let there = world.there.clone();
    let blocked = world.app.block_writers().await;
    let limiting = actix_web::rt::spawn(async move {
        let limit = |role: &str| json!({"role": role, "tracks": [there]});
        let (one, other) =
            tokio::join!(organizer.patch(&path, limit("chair")), organizer.patch(&of_rita, limit("reviewer")));
        one.expect(200);
        other.expect(200);
    });
    world.app.queued(2).await;
    let (chair, decision) = (world.chair.clone(), world.proposal(&world.inside, "/decision"));
    let deciding = actix_web::rt::spawn(async move { chair.put(&decision, json!({"decision": "accepted"})).await });
    world.app.queued(3).await;
    let (reviewer, review) = (world.reviewer.clone(), world.review(&world.inside));
    let reviewing = actix_web::rt::spawn(async move { reviewer.put(&review, json!({"abstain": true})).await });
    world.app.queued(4).await;
    blocked.release_one_by_one(limiting).await;
    deciding.await.unwrap().problem(404, "not_found");
    reviewing.await.unwrap().problem(404, "not_found");
    assert_eq!(world.decision(&world.inside).await, "undecided");
}

#[actix_web::test]
async fn a_changed_limit_counts_in_a_request_under_way() {
    let world = World::new().await;
    narrowed_under_way(json!([world.here])).await;
}

#[actix_web::test]
async fn a_new_limit_counts_in_a_request_under_way() {
    narrowed_under_way(json!(null)).await;
}

#[actix_web::test]
async fn changing_a_limit_waits_for_what_is_under_way() {
    let world = World::new().await;
    let path = world.event.member_path("chair").await;
    let decide = json!({"decision": "accepted"});
    for round in 0..8 {
        world.limit("chair", "chair", json!([world.here])).await;
        let reset = json!({"decision": "undecided"});
        world.event.organizer.put(&world.proposal(&world.inside, "/decision"), reset).await.expect(200);
        let there = json!({"role": "chair", "tracks": [world.there]});
        let decision = world.proposal(&world.inside, "/decision");
        let (limited, decided) =
            tokio::join!(world.event.organizer.patch(&path, there), world.chair.put(&decision, decide.clone()));
        limited.expect(200);
        let expected = match decided.status.as_u16() {
            200 => "accepted",
            404 => "undecided",
            other => panic!("{other} in round {round}: {}", decided.text()),
        };
        assert_eq!(world.decision(&world.inside).await, expected);
    }
}

#[actix_web::test]
async fn an_invitation_carries_its_tracks() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (here, there) = (event.track("Here").await, event.track("There").await);
    let rita = app.speaker("rita").await;
    let invitation = json!({"email": "rita@example.org", "role": "chair", "tracks": [there, here, there]});
    let created = event.organizer.post(&event.path("/invitations"), invitation).await.expect(201).json();
    assert_eq!(created["tracks"], json!([here, there]), "each once, in the order of the tracks");
    let mail = app.mails_to("rita", "invitation").await.pop().unwrap();
    assert!(mail.body_text.contains("as chair of Here and There, by admin"), "{}", mail.body_text);
    let token = app.links_in(&mail).remove(0);
    let page = app.anonymous().page(&format!("/invitation/{token}")).await.expect(200).text();
    assert!(page.contains("chair of Here and There"), "{page}");
    event.organizer.delete(&event.path(&format!("/tracks/{here}"))).await.problem(409, "in_use");
    let joined = rita.post("/invitations/accept", json!({"token": token})).await.expect(200).json();
    assert_eq!(joined, json!({"event": "conf", "role": "chair", "tracks": [here, there]}));
    event.organizer.delete(&event.path(&format!("/tracks/{here}"))).await.problem(409, "in_use");
    let path = event.member_path("rita").await;
    let limit = |tracks: Value| json!({"role": "chair", "tracks": tracks});
    let held = event.organizer.patch(&path, limit(json!([there]))).await.expect(200);
    assert_eq!(held.json(), json!({"role": "chair", "tracks": [there], "version": 3}));
    assert_eq!(held.header("etag"), "\"3\"");
    let team = event.organizer.get(&event.path("/members")).await.expect(200).json();
    let roles: Vec<&Value> = team["items"].as_array().unwrap().iter().map(|member| &member["roles"]).collect();
    assert!(roles.contains(&&json!([held.json()])), "{team}");
    event.organizer.patch_from("\"2\"", &path, limit(json!(null))).await.problem(412, "stale");
    event.organizer.delete(&event.path(&format!("/tracks/{here}"))).await.expect(204);
    event.organizer.delete(&path).await.expect(204);
    event.organizer.delete(&event.path(&format!("/tracks/{there}"))).await.expect(204);
}

#[actix_web::test]
async fn what_cannot_be_limited_is_refused() {
    let app = TestApp::new().await;
    let (event, other) = (app.event("conf").await, app.event("other").await);
    let (here, elsewhere) = (event.track("Here").await, other.track("Elsewhere").await);
    app.member("rita", &event, "reviewer").await;
    app.member("vera", &event, "viewer").await;
    let path = event.member_path("rita").await;
    let limit =
        |role: &str, tracks: Value| event.organizer.clone().patch_owned(&path, json!({"role": role, "tracks": tracks}));
    limit("reviewer", json!([])).await.field_error("tracks", "length");
    limit("reviewer", json!([here, elsewhere])).await.field_error("tracks[1]", "unknown");
    limit("chair", json!([here])).await.problem(404, "not_found");
    let of_admin = event.member_path("admin").await;
    let organizer = json!({"role": "organizer", "tracks": [here]});
    event.organizer.patch(&of_admin, organizer).await.field_error("tracks", "not_limitable");
    event.organizer.patch(&path, json!({"role": "reviewer"})).await.field_error("tracks", "missing");
    other
        .organizer
        .patch(&path.replace("conf", "other"), json!({"role": "reviewer", "tracks": null}))
        .await
        .problem(404, "not_found");
    let invite = |role: &str| {
        let invitation = json!({"email": "new@example.org", "role": role, "tracks": [here]});
        event.organizer.clone().post_owned("/events/conf/invitations", invitation)
    };
    for role in ["organizer", "viewer"] {
        invite(role).await.field_error("tracks", "not_limitable");
    }
    for role in ["chair", "reviewer"] {
        invite(role).await.expect(201);
    }
}
