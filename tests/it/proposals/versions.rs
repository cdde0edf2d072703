//! What proposals said before, what reviewers learn of it, and drafts that save themselves.

use crate::harness::{
    Client, TestApp,
    seed::{Event, code},
};
use serde_json::{Value, json};
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

struct World {
    app: TestApp,
    event: Event,
    ada: Client,
    talk: String,
}

async fn world() -> World {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "Bears").await);
    World { app, event, ada, talk }
}

impl World {
    async fn edit(&self, change: Value) {
        self.app.advance(SECOND);
        self.ada.patch(&self.event.mine(&format!("/{}", self.talk)), change).await.expect(200);
    }

    async fn versions(&self, client: &Client, path: &str) -> Vec<Value> {
        client.get(path).await.expect(200).json()["items"].as_array().unwrap().clone()
    }

    async fn reference(&self) -> String {
        self.event.seen(&self.talk).await["ref"].as_str().unwrap().to_owned()
    }

    /// Reviews the talk; answers the path of what the reviewer sees of it.
    async fn review(&self, reviewer: &Client) -> String {
        let path = self.event.path(&format!("/reviewing/proposals/{}", self.reference().await));
        reviewer.put(&format!("{path}/review"), json!({"abstain": true})).await.expect(200);
        path
    }
}

#[actix_web::test]
async fn every_change_after_the_submission_is_a_version() {
    let world = world().await;
    let (mine, theirs) = (
        world.event.mine(&format!("/{}/versions", world.talk)),
        world.event.path(&format!("/proposals/{}/versions", world.talk)),
    );
    let first = world.versions(&world.ada, &mine).await;
    assert_eq!(first, [json!({"number": 1, "at": "2025-01-15T12:00:00Z", "by": "ada", "changed": []})]);
    world.edit(json!({"title": "Brown bears", "notes": "Thanks."})).await;
    world.edit(json!({"title": "Brown bears"})).await;
    world.edit(json!({"abstract": "All about brown bears."})).await;
    let all = world.versions(&world.ada, &mine).await;
    let short: Vec<_> = all.iter().map(|one| (one["number"].clone(), one["changed"].clone())).collect();
    let expected = [(1, json!([])), (2, json!(["title", "notes"])), (3, json!(["abstract"]))];
    assert_eq!(short, expected.map(|(number, changed)| (json!(number), changed)));
    assert_eq!(world.versions(&world.event.organizer, &theirs).await, all);
    let third = world.ada.get(&format!("{mine}/3")).await.expect(200).json();
    let segments = json!([
        {"change": "same", "text": "All about "}, {"change": "removed", "text": "Bears"},
        {"change": "added", "text": "brown bears"}, {"change": "same", "text": "."},
    ]);
    assert_eq!(third["differences"], json!([{"field": "abstract", "segments": segments}]));
    assert_eq!((&third["title"], &third["notes"]), (&json!("Brown bears"), &json!("Thanks.")));
    let same = world.event.organizer.get(&format!("{theirs}/3")).await.expect(200).json();
    assert_eq!(same, third);
    assert_eq!(world.ada.get(&format!("{mine}/1")).await.expect(200).json()["differences"], json!([]));
    for number in ["4", "0", "x", "1000000000"] {
        world.ada.get(&format!("{mine}/{number}")).await.problem(404, "not_found");
    }
    world.app.speaker("mallory").await.get(&mine).await.problem(404, "not_found");
}

#[actix_web::test]
async fn drafts_have_no_versions_and_withdrawing_makes_none() {
    let world = world().await;
    let draft = world.event.draft(&world.ada, "Cats").await;
    let path = world.event.mine(&format!("/{draft}"));
    world.ada.patch(&path, json!({"title": "Two cats"})).await.expect(200);
    assert_eq!(world.versions(&world.ada, &format!("{path}/versions")).await, Vec::<Value>::new());
    world.ada.act(&format!("{path}/submit")).await.expect(200);
    for deed in ["withdraw", "undo-withdrawal"] {
        world.ada.act(&format!("{path}/{deed}")).await.expect(200);
    }
    let all = world.versions(&world.ada, &format!("{path}/versions")).await;
    assert_eq!(all.len(), 1);
    let first = world.ada.get(&format!("{path}/versions/1")).await.expect(200).json();
    assert_eq!(first["title"], "Two cats");
}

#[actix_web::test]
async fn reviewers_learn_that_it_changed_since_their_review_and_how() {
    let world = world().await;
    let rita = world.app.reviewer("rita", &world.event).await;
    let rudi = world.app.reviewer("rudi", &world.event).await;
    let path = world.review(&rita).await;
    let seen = |reviewer: &Client| {
        let (reviewer, path) = (reviewer.clone(), path.clone());
        async move { reviewer.get(&path).await.expect(200).json()["changed_since_my_review"].clone() }
    };
    let (changes, review) = (format!("{path}/changes"), format!("{path}/review"));
    assert_eq!(seen(&rita).await, false);
    assert_eq!(rita.get(&changes).await.expect(200).json(), json!({"changed": false, "differences": []}));
    world.edit(json!({"notes": "For organizers."})).await;
    assert_eq!(seen(&rita).await, false, "reviewers do not see notes");
    let etag = rita.get(&review).await.expect(200).header("etag").to_owned();
    world.edit(json!({"title": "Brown bears"})).await;
    world.edit(json!({"title": "Brown bears of Alaska"})).await;
    assert_eq!(seen(&rita).await, true);
    let mine = rita.get(&review).await.expect(200);
    assert_eq!((mine.header("etag"), &mine.json()["changed_since"]), (etag.as_str(), &json!(true)));
    let told = rita.get(&changes).await.expect(200).json();
    let segments =
        json!([{"change": "removed", "text": "Bears"}, {"change": "added", "text": "Brown bears of Alaska"}]);
    assert_eq!(told, json!({"changed": true, "differences": [{"field": "title", "segments": segments}]}));
    assert_eq!(seen(&rudi).await, false);
    rudi.get(&changes).await.problem(404, "not_found");
    // Judged anew.
    world.app.advance(SECOND);
    world.review(&rita).await;
    assert_eq!(seen(&rita).await, false);
    assert_eq!(rita.get(&changes).await.expect(200).json()["changed"], false);
    // Taken back to what it was: there is nothing to look at.
    world.edit(json!({"title": "Other bears"})).await;
    world.edit(json!({"title": "Brown bears of Alaska"})).await;
    assert_eq!(rita.get(&changes).await.expect(200).json()["changed"], false);
}

#[actix_web::test]
async fn who_wrote_a_version_is_told_among_speakers() {
    let world = world().await;
    let bob = world.event.co_speaker(&world.app, &world.ada, &world.talk, "bob").await;
    bob.patch(&world.event.mine(&format!("/{}", world.talk)), json!({"title": "Bob's bears"})).await.expect(200);
    let all = world.versions(&world.ada, &world.event.mine(&format!("/{}/versions", world.talk))).await;
    assert_eq!((&all[0]["by"], &all[1]["by"]), (&json!("ada"), &json!("bob")));
}

#[actix_web::test]
async fn saving_a_draft_that_did_not_change_writes_nothing() {
    let world = world().await;
    let draft = world.event.draft(&world.ada, "Cats").await;
    let path = world.event.mine(&format!("/{draft}"));
    let before = world.ada.get(&path).await.expect(200);
    world.app.advance(SECOND);
    let blocked = world.app.block_writers().await;
    let same = json!({"title": " Cats ", "abstract": before.json()["abstract"], "track": null});
    let saved = world.ada.patch_from(before.header("etag"), &path, same.clone()).await.expect(200);
    assert_eq!((saved.header("etag"), &saved.body), (before.header("etag"), &before.body));
    blocked.release().await;
    world.ada.patch_from("\"77\"", &path, same.clone()).await.problem(412, "stale");
    let unversioned = world.ada.request(actix_web::http::Method::PATCH, &path).set_json(same);
    world.ada.send(unversioned).await.problem(428, "version_required");
    world.ada.patch_from(before.header("etag"), &path, json!({"title": "Two cats"})).await.expect(200);
    let after = world.ada.get(&path).await.expect(200).json();
    assert_eq!(after["version"], before.json()["version"].as_i64().unwrap() + 1);
}

/// A phase that shows names makes a blind event open, and a speaker is told before it begins.
#[actix_web::test]
async fn the_mirror_says_what_the_phases_show() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "Bears").await);
    let path = event.mine(&format!("/{talk}/as-reviewers-see-it"));
    let blind = async || ada.get(&path).await.expect(200).json()["blind"].clone();
    let phase = |at: &str, names: bool| json!({"name": "Phase", "starts_at": at, "names": names});
    event.organizer.post(&event.path("/phases"), phase("2025-02-01T00:00:00Z", false)).await.expect(201);
    assert_eq!(blind().await, true);
    event.organizer.post(&event.path("/phases"), phase("2025-02-02T00:00:00Z", true)).await.expect(201);
    assert_eq!(blind().await, false, "it will not stay so");
    event.organizer.post(&event.path("/phases"), phase("2025-02-03T00:00:00Z", false)).await.expect(201);
    app.set_clock("2025-02-02T23:59:59.999999Z");
    assert_eq!(blind().await, false);
    app.set_clock("2025-02-03T00:00:00Z");
    assert_eq!(blind().await, true);
}

#[actix_web::test]
async fn the_mirror_shows_what_reviewers_read_and_what_gives_one_away() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let profile = json!({"name": "Ada Löwe", "affiliation": "Engines Ltd", "links": ["https://github.com/adaloewe"]});
    ada.put(&event.path("/my/profile"), profile).await.expect(200);
    let draft = json!({"title": "Ada's bears", "abstract": "日本 at Engines, by ada@example.org.",
        "description": "See github.com/adaloewe", "notes": "I am Ada Löwe"});
    let talk = code(&ada.post(&event.mine(""), draft).await.expect(201).json());
    event.co_speaker(&app, &ada, &talk, "bob").await;
    let mirror = ada.get(&event.mine(&format!("/{talk}/as-reviewers-see-it"))).await.expect(200).json();
    assert_eq!((&mirror["blind"], &mirror["title"]), (&json!(true), &json!("Ada's bears")));
    assert!(!mirror.to_string().contains("I am Ada"), "notes are not for reviewers: {mirror}");
    let hints: Vec<_> = mirror["hints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hint| {
            (
                hint["field"].as_str().unwrap(),
                hint["kind"].as_str().unwrap(),
                hint["start"].as_u64().unwrap(),
                hint["text"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        hints,
        [
            ("title", "name", 0, "Ada"),
            ("abstract", "company", 6, "Engines"),
            ("abstract", "address", 18, "ada@example.org"),
            ("description", "link", 4, "github.com/adaloewe"),
        ]
    );
    // A word of the co-speaker's name counts too; whoever does not speak in it sees nothing.
    ada.patch(&event.mine(&format!("/{talk}")), json!({"title": "bob and I"})).await.expect(200);
    let mirror = ada.get(&event.mine(&format!("/{talk}/as-reviewers-see-it"))).await.expect(200).json();
    assert_eq!(mirror["hints"][0]["text"], "bob");
    let mallory = app.speaker("mallory").await;
    mallory.get(&event.mine(&format!("/{talk}/as-reviewers-see-it"))).await.problem(404, "not_found");
}

#[actix_web::test]
async fn what_was_proposed_before_is_proposed_again() {
    let app = TestApp::new().await;
    let (old, new) = (app.event("old").await, app.event("next").await);
    let ada = app.speaker("ada").await;
    let profile = json!({"name": "Ada L.", "bio": "Counts.", "links": ["https://ada.example/"]});
    ada.put(&old.path("/my/profile"), profile).await.expect(200);
    let track = old.track("Beasts").await;
    let mut proposal = crate::harness::seed::proposal("Bears");
    proposal["track"] = json!(track);
    proposal["notes"] = json!("For the old team.");
    let talk = code(&ada.post(&old.mine(""), proposal).await.expect(201).json());
    let here = new.track("BEASTS").await;
    let again = new.mine("/again");
    let asked = json!({"event": "old", "code": talk});
    let made = ada.post(&again, asked.clone()).await.expect(201);
    let draft = made.json();
    assert_eq!(made.header("location"), format!("/api/v1/events/next/my/proposals/{}", code(&draft)));
    assert_eq!((&draft["title"], &draft["abstract"]), (&json!("Bears"), &json!("All about Bears.")));
    assert_eq!((&draft["lifecycle"], &draft["notes"]), (&json!("draft"), &json!("")));
    assert_eq!(draft["track"]["code"], json!(here), "the one of the same name");
    let mine = ada.get(&new.path("/my/profile")).await.expect(200).json();
    assert_eq!((&mine["name"], &mine["bio"]), (&json!("Ada L."), &json!("Counts.")));
    // A profile that is there stays as it is.
    ada.put(&new.path("/my/profile"), json!({"name": "Ada here"})).await.expect(200);
    ada.post(&again, asked).await.expect(201);
    assert_eq!(ada.get(&new.path("/my/profile")).await.expect(200).json()["name"], "Ada here");
    // Several formats: one has to be said, unless one is called the same.
    new.organizer.post(&new.path("/formats"), json!({"name": "Workshop", "minutes": 90})).await.expect(201);
    ada.post(&again, json!({"event": "old", "code": talk})).await.expect(201);
    let formats = new.organizer.get(&new.path("/formats")).await.expect(200).json();
    let first = &formats["items"][0];
    let path = new.path(&format!("/formats/{}", code(first)));
    new.organizer.patch(&path, json!({"name": "Lecture"})).await.expect(200);
    ada.post(&again, json!({"event": "old", "code": talk})).await.field_error("format", "missing");
    let with_format = json!({"event": "old", "code": talk, "format": code(first)});
    ada.post(&again, with_format).await.expect(201);
    ada.post(&again, json!({"event": "old", "code": talk, "format": "ZZZZZZ"})).await.field_error("format", "unknown");
    // Only one's own.
    let mallory = app.speaker("mallory").await;
    mallory.post(&again, json!({"event": "old", "code": talk})).await.problem(404, "not_found");
    ada.post(&again, json!({"event": "next", "code": talk})).await.problem(404, "not_found");
}
