//! Who speaks beside the owner is told too: once, without the link, and nothing of what they do not speak in.

use super::{DELAY, shown, states};
use crate::harness::{
    Client, TestApp, address,
    seed::{Event, code},
};
use callboard::{
    jobs,
    mail::MailState::{Canceled, Held, Queued},
};
use serde_json::{Value, json};

/// Bears is ada's and bob speaks in it too; Cats is bob's alone. Both are accepted, nobody knows.
struct World {
    app: TestApp,
    event: Event,
    ada: Client,
    bob: Client,
    bears: String,
    cats: String,
}

async fn world() -> World {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let bears = code(&event.submit(&ada, "Bears").await);
    let bob = event.co_speaker(&app, &ada, &bears, "bob").await;
    let cats = code(&event.submit(&bob, "Cats").await);
    for talk in [&bears, &cats] {
        event.decide(talk, "accepted").await;
    }
    World { app, event, ada, bob, bears, cats }
}

impl World {
    async fn release(&self) {
        self.app.advance(DELAY);
        assert_eq!(jobs::release_due(&self.app.board).await.unwrap(), 1);
    }

    async fn organizers(&self, deed: &str) {
        let path = self.event.path(&format!("/proposals/{}/{deed}", self.bears));
        self.event.organizer.act(&path).await.expect(200);
    }

    /// The last letter to somebody.
    async fn letter(&self, name: &str) -> String {
        shown(self.app.decision_mails(name).await.last().unwrap())
    }
}

#[actix_web::test]
async fn everybody_who_speaks_is_told_and_the_owner_has_the_link() {
    let world = world().await;
    let World { app, event, ada, bob, bears, .. } = &world;
    app.speaker("eve").await;
    event.ask(ada, bears, "eve").await;
    let preview = event.preview().await;
    let to: Vec<&Value> = preview["mails"].as_array().unwrap().iter().map(|mail| &mail["to"]).collect();
    assert_eq!(to.len(), 2, "who is invited has not accepted: {to:?}");
    event.publish().await;
    for (name, own, count) in [("ada", "Bears", 1), ("bob", "Cats", 1)] {
        let mails = app.decision_mails(name).await;
        assert_eq!(states(&mails), [Held]);
        let text = shown(&mails[0]);
        let told = preview["mails"].as_array().unwrap().iter().find(|mail| mail["to"] == address(name)).unwrap();
        assert_eq!(told["text"], text, "as the preview showed it");
        assert_eq!(app.links_in(&mails[0]).len(), count, "a link for {own} alone: {text}");
        assert!(text.contains(own) && text.contains("Bears"), "{text}");
        let other = if name == "ada" { "bob" } else { "ada" };
        assert!(!text.contains(&address(other)) && !text.contains(&address("eve")), "{text}");
    }
    assert!(!world.letter("ada").await.contains("Cats"));
    world.release().await;
    assert_eq!(states(&app.decision_mails("bob").await), [Queued]);
    assert_eq!(app.decision_mails("eve").await.len(), 0);
    let answered = bob.act(&event.mine(&format!("/{bears}/confirm"))).await.expect(200).json();
    assert_eq!(answered["confirmation"], "confirmed", "who speaks too confirms");
    bob.act(&event.mine(&format!("/{bears}/decline"))).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn who_has_no_account_is_told_at_the_address_that_was_entered() {
    let world = world().await;
    let speaker = |name: &str, email: Option<&str>| json!({"email": email, "profile": {"name": name}});
    let speakers =
        [speaker("Carl", Some("carl@x.example")), speaker("Dora", Some("dora@x.example")), speaker("No", None)];
    let entry = json!({"title": "Dogs", "abstract": "All about them.", "speakers": speakers});
    let dogs = world.event.organizer.post(&world.event.path("/proposals"), entry).await.expect(201).json();
    world.event.decide(&code(&dogs), "rejected").await;
    let preview = world.event.preview().await;
    assert_eq!(preview["counts"]["without_mail"], 1);
    world.event.publish().await;
    let mails = world.app.mails().await;
    for address in ["carl@x.example", "dora@x.example"] {
        let told: Vec<_> = mails.iter().filter(|mail| mail.to_address == address && mail.kind == "rejection").collect();
        assert_eq!(told.len(), 1, "{address}");
        assert!(told[0].body_text.contains("Dogs") && !told[0].body_text.contains("@x.example"));
    }
}

#[actix_web::test]
async fn what_leaves_is_told_nobody_and_what_returns_everybody() {
    let world = world().await;
    let World { app, event, ada, bears, .. } = &world;
    event.publish().await;
    world.release().await;
    world.organizers("cancel").await;
    assert_eq!(states(&app.decision_mails("ada").await), [Canceled]);
    assert_eq!(states(&app.decision_mails("bob").await), [Canceled, Queued], "the own one is told all the same");
    let letter = world.letter("bob").await;
    assert!(letter.contains("Cats") && !letter.contains("Bears"), "{letter}");
    world.organizers("reinstate").await;
    assert_eq!(states(&app.decision_mails("ada").await), [Canceled, Queued]);
    assert_eq!(states(&app.decision_mails("bob").await), [Canceled, Queued, Queued]);
    let letters = app.live_decision_mails("bob").await;
    let links: Vec<usize> = letters.iter().map(|mail| app.links_in(mail).len()).collect();
    assert_eq!(links, [1, 0], "of Cats, and not of Bears");
    assert!(shown(&letters[1]).contains("Bears") && !shown(&letters[1]).contains("Cats"));
    ada.act(&event.mine(&format!("/{bears}/decline"))).await.expect(200);
    assert_eq!(states(&app.decision_mails("bob").await), [Canceled, Queued, Canceled]);
}

#[actix_web::test]
async fn who_left_is_told_nothing_of_it() {
    let world = world().await;
    let World { app, event, bob, bears, .. } = &world;
    event.publish().await;
    let id = event.id_of(bob, bears, "bob").await;
    event.remove_speaker(bob, bears, &id).await.expect(204);
    assert_eq!(states(&app.decision_mails("bob").await), [Canceled, Held]);
    let letter = world.letter("bob").await;
    assert!(letter.contains("Cats") && !letter.contains("Bears"), "{letter}");
    assert_eq!(states(&app.decision_mails("ada").await), [Held], "untouched");
    world.release().await;
    assert_eq!(app.live_decision_mails("bob").await.len(), 1);
}

#[actix_web::test]
async fn a_preview_is_outdated_when_another_one_speaks() {
    let world = world().await;
    let version = world.event.version().await;
    let cleo = world.event.co_speaker(&world.app, &world.bob, &world.cats, "cleo").await;
    let outdated = world.event.organizer.post(&world.event.path("/publications"), version).await;
    let outdated = outdated.problem(409, "preview_outdated");
    assert!(outdated.to_string().contains(&world.cats), "{outdated}");
    world.event.publish().await;
    assert_eq!(states(&world.app.decision_mails("cleo").await), [Held]);
    drop(cleo);
}

#[actix_web::test]
async fn handed_over_each_is_told_and_the_link_goes_along() {
    let world = world().await;
    let World { app, event, ada, bears, .. } = &world;
    event.publish().await;
    world.release().await;
    let old = app.links_in(&app.decision_mails("ada").await[0]).remove(0);
    let bobs = event.id_of(ada, bears, "bob").await;
    event.hand_over(ada, bears, &bobs, false).await.expect(204);
    let mails = app.decision_mails("ada").await;
    assert_eq!(states(&mails), [Canceled, Queued]);
    assert!(shown(&mails[1]).contains("Bears") && app.links_in(&mails[1]).is_empty());
    assert_eq!(states(&app.decision_mails("bob").await), [Queued], "untouched");
    let dead = json!({"token": old, "answer": "confirm"});
    app.anonymous().post("/confirmations", dead).await.problem(422, "link_dead");
    let new = json!({"token": app.link_mailed_to("bob", "handed_over").await, "answer": "confirm"});
    app.anonymous().post("/confirmations", new).await.expect(200);
}
