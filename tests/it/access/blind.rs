//! The canary sweep: authors carry unmistakable words in every personal field; a blind reviewer fetches every recorded
//! GET route and reads every mail. A route that leaks fails here without anybody having thought of it.

use super::sweep::{Sweep, found, missed};
use crate::harness::{
    Client, TestApp,
    seed::{Event, code},
};
use serde_json::json;
use std::time::Duration;

/// In the account, its address, and each field of the profile.
const CANARIES: &[&str] = &[
    "kanarinamo",
    "kanariadreso",
    "kanarirolo",
    "kanaribiografio",
    "kanaridomo",
    "kanariligo",
    // Who speaks with them, and who is invited to.
    "kanarikunulo",
    "kanarigasto",
    // What the proposal said before anybody reviewed it.
    "kanariantauxe",
];

struct World {
    app: TestApp,
    event: Event,
    reviewer: Client,
    speaker: Client,
    sweep: Sweep,
}

async fn world() -> World {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let reviewer = app.reviewer("rita", &event).await;
    let sign_up =
        json!({"email": "kanariadreso@example.org", "name": "Kanarinamo", "password": crate::harness::PASSWORD});
    app.anonymous().post("/accounts", sign_up).await.expect(202);
    app.verify("kanariadreso").await;
    let speaker = app.sign_in("kanariadreso").await;
    let profile = json!({"name": "Kanarirolo", "bio": "Kanaribiografio", "affiliation": "Kanaridomo",
        "links": ["https://kanariligo.example"]});
    speaker.put(&event.path("/my/profile"), profile).await.expect(200);
    let proposals = [event.submit(&speaker, "One talk").await, event.submit(&speaker, "Another talk").await];
    let codes: Vec<String> = proposals.iter().map(code).collect();
    event.co_speaker(&app, &speaker, &codes[0], "kanarikunulo").await;
    event.ask(&speaker, &codes[0], "kanarigasto").await;
    for title in ["By Kanariantauxe", "One talk"] {
        app.advance(Duration::from_secs(1));
        speaker.patch(&event.mine(&format!("/{}", codes[0])), json!({"title": title})).await.expect(200);
    }
    app.advance(Duration::from_secs(1));
    let mut refs = vec![];
    for code in &codes {
        refs.push(event.seen(code).await["ref"].as_str().unwrap().to_owned());
    }
    // Others have reviewed too, so that there is something to read of them.
    let second = app.reviewer("rudi", &event).await;
    for reference in &refs {
        let review = json!({"abstain": true, "comment": "Seen."});
        let path = event.path(&format!("/reviewing/proposals/{reference}/review"));
        second.put(&path, review.clone()).await.expect(200);
        reviewer.put(&path, review).await.expect(200);
    }
    app.advance(Duration::from_secs(1));
    speaker.patch(&event.mine(&format!("/{}", codes[0])), json!({"title": "One new talk"})).await.expect(200);
    let sweep = Sweep::new(&event, codes, refs).await;
    World { app, event, reviewer, speaker, sweep }
}

impl World {
    async fn hits(&self, client: &Client) -> Vec<String> {
        self.sweep.hits(&self.app, client, CANARIES).await
    }
}

#[actix_web::test]
async fn a_blind_reviewer_learns_nothing_from_any_route_or_mail() {
    let world = world().await;
    assert_eq!(world.hits(&world.reviewer).await, Vec::<String>::new());
    let mails = world.app.mails().await;
    let mine: Vec<_> = mails.iter().filter(|mail| mail.to_address == "rita@example.org").collect();
    assert!(!mine.is_empty());
    for mail in mine {
        let whole = format!("{}\n{}\n{}\n{:?}", mail.subject, mail.body_text, mail.body_html, mail.reply_to);
        assert_eq!(found(&whole, CANARIES).next(), None, "in the mail {}", mail.kind);
    }
}

/// The sweep sees: in what the speaker and organizers get, and where the event is open, it finds what is there.
#[actix_web::test]
async fn the_sweep_finds_what_is_there_to_find() {
    let world = world().await;
    assert_eq!(missed(&world.hits(&world.speaker).await, CANARIES), Vec::<&str>::new());
    let organizer = world.hits(&world.event.organizer).await;
    let seen = ["kanariadreso", "kanarirolo", "kanaribiografio", "kanaridomo", "kanarikunulo", "kanariantauxe"];
    assert_eq!(missed(&organizer, &seen), Vec::<&str>::new());
    world.event.organizer.patch(&world.event.path("/settings"), json!({"blind": false})).await.expect(200);
    let open = world.hits(&world.reviewer).await;
    assert_eq!(missed(&open, &["kanarirolo", "kanaribiografio", "kanaridomo", "kanarikunulo"]), Vec::<&str>::new());
    let address = open.iter().any(|hit| hit.starts_with("kanariadreso"));
    assert!(!address, "reviewers never need an address: {open:?}");
}
