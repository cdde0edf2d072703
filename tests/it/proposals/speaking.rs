//! Co-speakers: who is invited, comes, goes and takes over.

use crate::harness::{
    Client, PASSWORD, TestApp, address,
    seed::{Event, code},
};
use actix_web::http::Method;
use callboard::{jobs, mail::MailState};
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use std::time::Duration;

const MICROSECOND: Duration = Duration::from_micros(1);
/// The last instant of 14 days.
const LAST: Duration = Duration::from_micros(14 * 24 * 3600 * 1_000_000 - 1);
const ALMOST_A_MONTH: Duration = Duration::from_micros(30 * 24 * 3600 * 1_000_000 - 1);

impl Event {
    fn speakers(&self, code: &str) -> String {
        self.mine(&format!("/{code}/speakers"))
    }

    pub async fn ask(&self, owner: &Client, code: &str, name: &str) -> Value {
        owner.post(&self.speakers(code), json!({"email": address(name)})).await.expect(201).json()
    }

    /// Somebody who speaks with `owner` from now on.
    pub async fn co_speaker(&self, app: &TestApp, owner: &Client, code: &str, name: &str) -> Client {
        let client = app.speaker(name).await;
        self.ask(owner, code, name).await;
        accept(app, &client, name).await;
        client
    }

    async fn speaking(&self, client: &Client, code: &str) -> Vec<Value> {
        client.get(&self.speakers(code)).await.expect(200).json()["items"].as_array().unwrap().clone()
    }

    pub async fn id_of(&self, client: &Client, code: &str, name: &str) -> String {
        let all = self.speaking(client, code).await;
        let found = all.iter().find(|one| one["name"] == name || one["email"] == address(name));
        found.unwrap_or_else(|| panic!("no {name} in {all:?}"))["id"].as_str().unwrap().to_owned()
    }

    pub async fn remove_speaker(&self, client: &Client, code: &str, id: &str) -> crate::harness::Response {
        client.delete(&format!("{}/{id}", self.speakers(code))).await
    }

    pub async fn hand_over(&self, client: &Client, code: &str, to: &str, leave: bool) -> crate::harness::Response {
        let path = self.mine(&format!("/{code}/hand-over"));
        client.post(&path, json!({"to": to, "leave": leave})).await
    }
}

async fn token(app: &TestApp, name: &str) -> Value {
    json!({"token": app.link_mailed_to(name, "speaker_invitation").await})
}

async fn accept(app: &TestApp, client: &Client, name: &str) -> Value {
    client.post("/speaker-invitations/accept", token(app, name).await).await.expect(200).json()
}

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
    async fn publish(&self, decision: &str) {
        self.event.decide(&self.talk, decision).await;
        self.event.publish().await;
        self.app.advance(Duration::from_mins(1));
        jobs::release_due(&self.app.board).await.unwrap();
    }

    async fn mine(&self, client: &Client) -> Value {
        client.get(&self.event.mine(&format!("/{}", self.talk))).await.expect(200).json()
    }

    async fn act(&self, client: &Client, deed: &str) -> crate::harness::Response {
        client.act(&self.event.mine(&format!("/{}/{deed}", self.talk))).await
    }
}

#[actix_web::test]
async fn whoever_is_invited_is_nobody_until_they_accept() {
    let World { app, event, ada, talk } = world().await;
    let bob = app.speaker("bob").await;
    let invited = event.ask(&ada, &talk, "bob").await;
    assert_eq!((&invited["state"], &invited["email"]), (&json!("invited"), &json!(address("bob"))));
    assert_eq!(invited["expires_at"], "2025-01-29T12:00:00Z");
    bob.get(&event.mine(&format!("/{talk}"))).await.problem(404, "not_found");
    assert_eq!(bob.get("/me/proposals").await.json()["items"], json!([]));
    assert_eq!(event.seen(&talk).await["speakers"].as_array().unwrap().len(), 1);
    let mail = app.mails_to("bob", "speaker_invitation").await.pop().unwrap();
    assert!(!mail.body_text.contains("Bears") && mail.body_text.contains("ada asks you"), "{}", mail.body_text);
    let joined = accept(&app, &bob, "bob").await;
    let bears = json!([{"code": talk, "title": "Bears"}]);
    assert_eq!(joined, json!({"event": "conf", "event_name": "The conf", "proposals": bears}));
    let mine = bob.get(&event.mine(&format!("/{talk}"))).await.expect(200).json();
    assert_eq!((&mine["owner"], &mine["title"]), (&json!(false), &json!("Bears")));
    assert_eq!(ada.get("/me/proposals").await.json()["items"][0]["owner"], true);
    let all = event.speaking(&bob, &talk).await;
    let short: Vec<_> = all.iter().map(|one| (&one["name"], &one["owner"], &one["me"], &one["state"])).collect();
    let speaks = json!("speaks");
    assert_eq!(short[0], (&json!("ada"), &json!(true), &json!(false), &speaks));
    assert_eq!(short[1], (&json!("bob"), &json!(false), &json!(true), &speaks));
    assert_eq!(event.seen(&talk).await["speakers"].as_array().unwrap().len(), 2);
    let told = app.mails_to("ada", "speaker_joined").await.pop().unwrap();
    assert!(told.body_text.contains("bob accepted") && told.body_text.contains("Bears"), "{}", told.body_text);
    bob.post("/speaker-invitations/accept", token(&app, "bob").await).await.problem(422, "link_dead");
}

#[actix_web::test]
async fn only_the_verified_address_may_accept() {
    let World { app, event, ada, talk } = world().await;
    let (mallory, bob) = (app.speaker("mallory").await, app.unverified("bob").await);
    event.ask(&ada, &talk, "Bob").await;
    let mails = app.mails().await;
    let link = app.links_in(mails.iter().rfind(|mail| mail.kind == "speaker_invitation").unwrap()).remove(0);
    let token = json!({"token": link});
    let accept = "/speaker-invitations/accept";
    app.anonymous().post(accept, token.clone()).await.problem(401, "sign_in_required");
    mallory.post(accept, token.clone()).await.problem(409, "other_address");
    bob.post(accept, token.clone()).await.problem(409, "address_not_verified");
    app.verify("bob").await;
    bob.post(accept, token.clone()).await.expect(200);
    bob.post(accept, json!({"token": "no such token at all"})).await.problem(422, "link_dead");
}

#[actix_web::test]
async fn whoever_invites_has_verified_the_own_address() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.unverified("ada").await;
    let draft = event.draft(&ada, "Bears").await;
    let ask = json!({"email": address("bob")});
    ada.post(&event.speakers(&draft), ask.clone()).await.problem(409, "address_not_verified");
    app.verify("ada").await;
    ada.post(&event.speakers(&draft), ask).await.expect(201);
}

#[actix_web::test]
async fn it_is_dead_after_14_days_and_gone_a_month_later() {
    let World { app, event, ada, talk } = world().await;
    app.speaker("bob").await;
    app.speaker("cyd").await;
    event.ask(&ada, &talk, "bob").await;
    event.ask(&ada, &talk, "cyd").await;
    app.advance(LAST);
    let (bob, cyd) = (app.sign_in("bob").await, app.sign_in("cyd").await);
    accept(&app, &bob, "bob").await;
    app.advance(MICROSECOND);
    cyd.post("/speaker-invitations/accept", token(&app, "cyd").await).await.problem(422, "link_dead");
    let ada = app.sign_in("ada").await;
    assert_eq!(event.speaking(&ada, &talk).await.len(), 2);
    let purge = || async {
        let now = app.board.clock.now();
        app.board.db.write(move |tx| callboard::proposals::speaking::store::purge(tx, now, 10)).await
    };
    app.advance(ALMOST_A_MONTH);
    assert_eq!(purge().await.unwrap(), 0);
    app.advance(MICROSECOND);
    assert_eq!(purge().await.unwrap(), 1);
}

#[actix_web::test]
async fn a_newer_invitation_replaces_the_older_and_what_is_taken_back_is_dead() {
    let World { app, event, ada, talk } = world().await;
    let bob = app.speaker("bob").await;
    event.ask(&ada, &talk, "bob").await;
    let first = token(&app, "bob").await;
    event.ask(&ada, &talk, "bob").await;
    let second = token(&app, "bob").await;
    let states: Vec<_> = app.mails_to("bob", "speaker_invitation").await.iter().map(|mail| mail.state).collect();
    assert_eq!(states, [MailState::Canceled, MailState::Queued]);
    bob.post("/speaker-invitations/accept", first).await.problem(422, "link_dead");
    let id = event.id_of(&ada, &talk, "bob").await;
    assert_eq!(id.len(), 10);
    event.remove_speaker(&ada, &talk, &id).await.expect(204);
    event.remove_speaker(&ada, &talk, &id).await.problem(404, "not_found");
    bob.post("/speaker-invitations/accept", second).await.problem(422, "link_dead");
    assert_eq!(event.speaking(&ada, &talk).await.len(), 1);
}

#[actix_web::test]
async fn the_invited_can_say_no_with_the_link_alone() {
    let World { app, event, ada, talk } = world().await;
    event.ask(&ada, &talk, "bob").await;
    let token = token(&app, "bob").await;
    app.anonymous().post("/speaker-invitations/decline", token.clone()).await.expect(204);
    app.anonymous().post("/speaker-invitations/decline", token).await.problem(422, "link_dead");
    assert_eq!(event.speaking(&ada, &talk).await.len(), 1);
    assert_eq!(app.mails_to("ada", "speaker_refused").await.len(), 1);
}

#[actix_web::test]
async fn only_the_owner_invites_and_removes_and_each_may_leave() {
    let World { app, event, ada, talk } = world().await;
    let bob = event.co_speaker(&app, &ada, &talk, "bob").await;
    let cyd = event.co_speaker(&app, &ada, &talk, "cyd").await;
    let mallory = app.speaker("mallory").await;
    let ask = json!({"email": address("dan")});
    bob.post(&event.speakers(&talk), ask.clone()).await.problem(403, "forbidden");
    mallory.post(&event.speakers(&talk), ask.clone()).await.problem(404, "not_found");
    mallory.get(&event.speakers(&talk)).await.problem(404, "not_found");
    ada.post(&event.speakers(&talk), ask).await.expect(201);
    let dan = event.id_of(&ada, &talk, "dan").await;
    assert_eq!(event.speaking(&bob, &talk).await[3]["email"], Value::Null, "whom it went to is the owner's");
    bob_cannot(&event, &bob, &talk, &dan).await;
    let cyds = event.id_of(&ada, &talk, "cyd").await;
    bob_cannot(&event, &bob, &talk, &cyds).await;
    let adas = event.id_of(&ada, &talk, "ada").await;
    event.remove_speaker(&ada, &talk, &adas).await.problem(409, "wrong_state");
    bob_cannot(&event, &bob, &talk, &adas).await;
    let bobs = event.id_of(&bob, &talk, "bob").await;
    event.remove_speaker(&bob, &talk, &bobs).await.expect(204);
    bob.get(&event.mine(&format!("/{talk}"))).await.problem(404, "not_found");
    assert_eq!(app.mails_to("ada", "co_speaker_left").await.len(), 1);
    event.remove_speaker(&ada, &talk, &cyds).await.expect(204);
    cyd.get(&event.mine(&format!("/{talk}"))).await.problem(404, "not_found");
    assert_eq!(app.mails_to("cyd", "speaker_removed").await.len(), 1);
    assert_eq!(app.mails_to("admin", "speaker_left").await.len(), 0, "it is in no program");
}

async fn bob_cannot(event: &Event, bob: &Client, talk: &str, id: &str) {
    event.remove_speaker(bob, talk, id).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn a_co_speaker_edits_and_confirms_and_only_the_owner_does_the_rest() {
    let world = world().await;
    let World { app, event, ada, talk } = &world;
    let bob = event.co_speaker(app, ada, talk, "bob").await;
    let path = event.mine(&format!("/{talk}"));
    let before = bob.get(&path).await.expect(200);
    bob.patch_from(before.header("etag"), &path, json!({"title": "Two bears"})).await.expect(200);
    ada.patch_from(before.header("etag"), &path, json!({"title": "Three"})).await.problem(412, "stale");
    world.act(&bob, "withdraw").await.problem(403, "forbidden");
    world.act(ada, "withdraw").await.expect(200);
    world.act(&bob, "undo-withdrawal").await.problem(403, "forbidden");
    world.act(ada, "undo-withdrawal").await.expect(200);
    let draft = event.draft(ada, "Cats").await;
    event.ask(ada, &draft, "bob").await;
    accept(app, &bob, "bob").await;
    bob.act(&event.mine(&format!("/{draft}/submit"))).await.problem(403, "forbidden");
    bob.delete(&event.mine(&format!("/{draft}"))).await.problem(403, "forbidden");
    world.publish("accepted").await;
    world.act(&bob, "decline").await.problem(403, "forbidden");
    assert_eq!(world.act(&bob, "confirm").await.expect(200).json()["confirmation"], "confirmed");
    let talks = app.anonymous().get(&event.path("/talks")).await.expect(200).json();
    assert!(talks.to_string().contains("bob"), "{talks}");
    let bobs = event.id_of(&bob, talk, "bob").await;
    event.remove_speaker(&bob, talk, &bobs).await.expect(204);
    let talks = app.anonymous().get(&event.path("/talks")).await.expect(200).json();
    assert!(!talks.to_string().contains("bob"), "{talks}");
    let told = app.mails_to("admin", "speaker_left").await.pop().unwrap();
    assert!(told.body_text.contains("bob left a proposal"), "it is in the program: {}", told.body_text);
    world.act(&bob, "confirm").await.problem(404, "not_found");
}

#[actix_web::test]
async fn what_left_has_nobody_to_join_it() {
    let world = world().await;
    let World { app, event, ada, talk } = &world;
    let bob = app.speaker("bob").await;
    event.ask(ada, talk, "bob").await;
    let token = token(app, "bob").await;
    world.act(ada, "withdraw").await.expect(200);
    bob.post("/speaker-invitations/accept", token.clone()).await.problem(422, "link_dead");
    ada.post(&event.speakers(talk), json!({"email": address("cyd")})).await.problem(409, "wrong_state");
    world.act(ada, "undo-withdrawal").await.expect(200);
    bob.post("/speaker-invitations/accept", token).await.expect(200);
}

#[actix_web::test]
async fn a_proposal_has_ten_places() {
    let World { app, event, ada, talk } = world().await;
    for nth in 0..9 {
        event.ask(&ada, &talk, &format!("guest{nth}")).await;
    }
    ada.post(&event.speakers(&talk), json!({"email": address("late")})).await.problem(409, "wrong_state");
    // Asking once more takes no other place.
    event.ask(&ada, &talk, "GUEST0").await;
    let id = event.id_of(&ada, &talk, "guest1").await;
    event.remove_speaker(&ada, &talk, &id).await.expect(204);
    event.ask(&ada, &talk, "late").await;
    let ada_again = json!({"email": "ADA@example.org"});
    ada.post(&event.speakers(&talk), ada_again).await.problem(409, "taken");
    drop(app);
}

#[actix_web::test]
async fn the_page_makes_an_account_whose_address_is_verified() {
    let World { app, event, ada, talk } = world().await;
    event.ask(&ada, &talk, "bob").await;
    let page = format!("/speak/{}", app.link_mailed_to("bob", "speaker_invitation").await);
    for _ in 0..2 {
        let shown = app.anonymous().page(&page).await.expect(200).text();
        for part in ["The conf", "Bears", "ada", "bob@example.org", "Create the account"] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
    }
    app.anonymous().form(&page, &[("name", "Bob B."), ("password", "short")]).await.expect(422);
    app.anonymous().form(&page, &[("name", "Bob B."), ("password", PASSWORD)]).await.expect(303);
    let bob = app.sign_in("bob").await;
    assert_eq!(bob.get("/me").await.json()["email_verified"], true);
    assert_eq!(bob.get("/me/proposals").await.json()["items"][0]["code"], json!(talk));
    app.anonymous().page(&page).await.expect(422);
    // Who has an account proves it.
    app.speaker("cyd").await;
    event.ask(&ada, &talk, "cyd").await;
    let page = format!("/speak/{}", app.link_mailed_to("cyd", "speaker_invitation").await);
    app.anonymous().form(&page, &[("password", "not the password")]).await.expect(422);
    app.anonymous().form(&page, &[("password", PASSWORD)]).await.expect(303);
    assert_eq!(event.speaking(&ada, &talk).await.len(), 3);
}

#[actix_web::test]
async fn a_reviewer_who_speaks_has_no_say_any_more() {
    let World { app, event, ada, talk } = world().await;
    let rita = app.reviewer("rita", &event).await;
    let reference = event.seen(&talk).await["ref"].as_str().unwrap().to_owned();
    let path = event.path(&format!("/reviewing/proposals/{reference}"));
    let criteria = event.codes("/criteria").await;
    let review = json!({"scores": {criteria[0].clone(): 5}});
    rita.put(&format!("{path}/review"), review).await.expect(200);
    assert_eq!(event.seen(&talk).await["reviews"]["count"], 1);
    event.ask(&ada, &talk, "rita").await;
    rita.get(&path).await.expect(200);
    accept(&app, &rita, "rita").await;
    rita.get(&path).await.problem(404, "not_found");
    assert_eq!(event.seen(&talk).await["reviews"]["count"], 0);
}

#[actix_web::test]
async fn nothing_is_noted_of_drafts_and_organizers_see_no_mail_about_them() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let draft = event.draft(&ada, "Bears").await;
    let deeds = || async {
        let audit = event.organizer.get(&event.path("/audit")).await.expect(200).json();
        audit["items"].as_array().unwrap().iter().map(|one| one["action"].clone()).collect::<Vec<_>>()
    };
    let before = deeds().await;
    event.co_speaker(&app, &ada, &draft, "bob").await;
    let bobs = event.id_of(&ada, &draft, "bob").await;
    event.hand_over(&ada, &draft, &bobs, true).await.expect(204);
    assert_eq!(deeds().await, before);
    let mails = event.organizer.get(&event.path("/mails")).await.expect(200).json();
    assert!(!mails.to_string().contains("speaker_invitation"), "{mails}");
    assert!(!mails.to_string().contains("handed_over"), "{mails}");
    let talk = code(&event.submit(&ada, "Cats").await);
    event.ask(&ada, &talk, "cyd").await;
    assert!(deeds().await.contains(&json!("speaker_invited")));
}

#[actix_web::test]
async fn an_owner_hands_over_and_may_leave() {
    let world = world().await;
    let World { app, event, ada, talk } = &world;
    let bob = event.co_speaker(app, ada, talk, "bob").await;
    let (adas, bobs) = (event.id_of(ada, talk, "ada").await, event.id_of(ada, talk, "bob").await);
    event.hand_over(&bob, talk, &bobs, false).await.problem(403, "forbidden");
    event.hand_over(ada, talk, "ZZZZZZ", false).await.problem(404, "not_found");
    event.hand_over(ada, talk, &adas, false).await.problem(409, "wrong_state");
    event.hand_over(ada, talk, &bobs, false).await.expect(204);
    assert_eq!(world.mine(&bob).await["owner"], true);
    assert_eq!(world.mine(ada).await["owner"], false);
    world.act(ada, "withdraw").await.problem(403, "forbidden");
    let told = app.mails_to("bob", "handed_over").await.pop().unwrap();
    assert!(told.body_text.contains("ada handed this proposal over"), "{}", told.body_text);
    event.hand_over(&bob, talk, &adas, true).await.expect(204);
    bob.get(&event.mine(&format!("/{talk}"))).await.problem(404, "not_found");
    assert_eq!(event.seen(talk).await["speakers"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn what_is_handed_over_counts_for_the_heir() {
    let World { app, event, ada, talk } = world().await;
    event.organizer.patch(&event.path("/call"), json!({"limit_per_speaker": 1})).await.expect(200);
    let bob = event.co_speaker(&app, &ada, &talk, "bob").await;
    let bobs = event.id_of(&ada, &talk, "bob").await;
    let own = code(&event.submit(&bob, "Cats").await);
    event.hand_over(&ada, &talk, &bobs, false).await.problem(409, "limit_reached");
    bob.act(&event.mine(&format!("/{own}/withdraw"))).await.expect(200);
    event.hand_over(&ada, &talk, &bobs, false).await.expect(204);
    event.submit(&ada, "Hers again").await;
    bob.act(&event.mine(&format!("/{own}/undo-withdrawal"))).await.problem(409, "limit_reached");
}

#[actix_web::test]
async fn the_answer_to_an_acceptance_is_handed_over_too() {
    let world = world().await;
    let World { app, event, ada, talk } = &world;
    let bob = event.co_speaker(app, ada, talk, "bob").await;
    let bobs = event.id_of(ada, talk, "bob").await;
    event.decide(talk, "accepted").await;
    event.publish().await;
    event.hand_over(ada, talk, &bobs, true).await.problem(409, "wrong_state");
    app.advance(Duration::from_mins(1));
    jobs::release_due(&app.board).await.unwrap();
    let old = app.link_mailed_to("ada", "acceptance").await;
    event.hand_over(ada, talk, &bobs, true).await.expect(204);
    assert_eq!(app.mails_to("ada", "acceptance").await[0].state, MailState::Canceled, "it had not left");
    let answer = |token: &str| json!({"token": token, "answer": "decline"});
    app.anonymous().post("/confirmations", answer(&old)).await.problem(422, "link_dead");
    let new = app.link_mailed_to("bob", "handed_over").await;
    app.anonymous().post("/confirmations", answer(&new)).await.expect(200);
    assert_eq!(world.mine(&bob).await["confirmation"], "declined");
}

#[actix_web::test]
async fn two_who_hand_over_to_each_other_both_do() {
    let World { app, event, ada, talk } = world().await;
    let bob = event.co_speaker(&app, &ada, &talk, "bob").await;
    let bobs_talk = code(&event.submit(&bob, "Cats").await);
    event.ask(&bob, &bobs_talk, "ada").await;
    accept(&app, &ada, "ada").await;
    let (adas, bobs) = (event.id_of(&ada, &talk, "ada").await, event.id_of(&ada, &talk, "bob").await);
    for _ in 0..4 {
        let (one, two) =
            join(event.hand_over(&ada, &talk, &bobs, false), event.hand_over(&bob, &bobs_talk, &adas, false)).await;
        assert_eq!((one.status.as_u16(), two.status.as_u16()), (204, 204), "{} {}", one.text(), two.text());
        let back =
            join(event.hand_over(&bob, &talk, &adas, false), event.hand_over(&ada, &bobs_talk, &bobs, false)).await;
        assert_eq!((back.0.status.as_u16(), back.1.status.as_u16()), (204, 204));
    }
}

#[actix_web::test]
async fn of_many_acceptances_at_once_one_counts_and_the_last_place_is_given_once() {
    let World { app, event, ada, talk } = world().await;
    let bob = app.speaker("bob").await;
    event.ask(&ada, &talk, "bob").await;
    let token = token(&app, "bob").await;
    let answers = join_all((0..8).map(|_| bob.post("/speaker-invitations/accept", token.clone()))).await;
    let accepted = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(accepted, 1);
    assert!(answers.iter().all(|answer| [200, 422].contains(&answer.status.as_u16())));
    let path = event.speakers(&talk);
    let asks = (0..16).map(|nth| ada.post(&path, json!({"email": address(&format!("guest{nth}"))})));
    let asked = asks.collect::<Vec<_>>();
    let given = join_all(asked).await.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(given, 8, "two speak already");
}

/// Whoever is removed while they confirm has confirmed before or does not.
#[actix_web::test]
async fn removed_while_confirming() {
    let world = world().await;
    let World { app, event, ada, talk } = &world;
    world.publish("accepted").await;
    for round in 0..4 {
        let name = format!("guest{round}");
        let guest = event.co_speaker(app, ada, talk, &name).await;
        let id = event.id_of(ada, talk, &name).await;
        let (confirmed, removed) = join(world.act(&guest, "confirm"), event.remove_speaker(ada, talk, &id)).await;
        removed.expect(204);
        assert!([200, 404].contains(&confirmed.status.as_u16()), "{}", confirmed.text());
        world.act(&guest, "confirm").await.problem(404, "not_found");
    }
}

#[actix_web::test]
async fn sent_twice_with_a_key_it_is_one_invitation() {
    let World { app, event, ada, talk } = world().await;
    let (path, ask) = (event.speakers(&talk), json!({"email": address("bob")}));
    let first = ada.post_once("ask", &path, ask.clone()).await.expect(201);
    let again = ada.post_once("ask", &path, ask).await.expect(201);
    assert_eq!(first.body, again.body);
    assert_eq!(app.mails_to("bob", "speaker_invitation").await.len(), 1);
    let bob = app.speaker("bob").await;
    accept(&app, &bob, "bob").await;
    let to = json!({"to": event.id_of(&ada, &talk, "bob").await, "leave": true});
    let hand_over = event.mine(&format!("/{talk}/hand-over"));
    for _ in 0..2 {
        ada.post_once("over", &hand_over, to.clone()).await.expect(204);
    }
    ada.send(ada.request(Method::POST, &hand_over).set_json(to)).await.problem(404, "not_found");
}
