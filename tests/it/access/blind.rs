//! The canary sweep: authors carry unmistakable words in every personal field; a blind reviewer fetches every recorded
//! GET route and reads every mail. A route that leaks fails here without anybody having thought of it.

use crate::harness::{
    Client, TestApp,
    seed::{Event, code},
};
use actix_web::http::Method;
use serde_json::json;

/// In the account, its address, and each field of the profile.
const CANARIES: &[&str] = &["kanarinamo", "kanariadreso", "kanarirolo", "kanaribiografio", "kanaridomo", "kanariligo"];

struct World {
    app: TestApp,
    event: Event,
    reviewer: Client,
    speaker: Client,
    values: Vec<(&'static str, Vec<String>)>,
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
    let values = values(&event, codes, refs).await;
    World { app, event, reviewer, speaker, values }
}

/// Everything that can stand in a path.
async fn values(event: &Event, mut codes: Vec<String>, refs: Vec<String>) -> Vec<(&'static str, Vec<String>)> {
    let mut ids = vec!["ZZZZZZZZZZ".to_owned()];
    for list in ["/formats", "/tracks", "/criteria", "/invitations"] {
        codes.extend(event.codes(list).await);
    }
    for list in ["/members", "/mails"] {
        ids.extend(event.codes(list).await);
    }
    let files = ["talks", "proposals", "reviews"].iter();
    let files = files.flat_map(|table| [format!("{table}.csv"), format!("{table}.json")]);
    vec![
        ("{event}", vec![event.slug.clone()]),
        ("{code}", codes),
        ("{ref}", refs),
        ("{id}", ids),
        ("{file}", files.collect()),
        ("{token}", vec!["z".repeat(32)]),
    ]
}

impl World {
    fn paths(&self, pattern: &str) -> Vec<String> {
        let mut paths = vec![pattern.to_owned()];
        for (name, values) in &self.values {
            let filled = |path: String| -> Vec<String> {
                if !path.contains(name) {
                    return vec![path];
                }
                values.iter().map(|value| path.replace(name, value)).collect()
            };
            paths = paths.into_iter().flat_map(filled).collect();
        }
        paths
    }

    /// Every hit in what the client can fetch, headers included.
    async fn hits(&self, client: &Client) -> Vec<String> {
        let mut hits = vec![];
        for route in self.app.board.routes.iter().filter(|route| route.method == Method::GET) {
            for path in self.paths(&route.path) {
                let answer = client.send(client.request(Method::GET, "").uri(&path)).await;
                let whole = format!("{:?}\n{}", answer.headers, answer.text());
                hits.extend(found(&whole).map(|word| format!("{word} in {path}")));
            }
        }
        hits
    }
}

fn found(text: &str) -> impl Iterator<Item = &'static str> + use<> {
    let text = text.to_lowercase();
    CANARIES.iter().copied().filter(move |word| text.contains(word))
}

fn not_found<'w>(hits: &[String], words: &[&'w str]) -> Vec<&'w str> {
    words.iter().copied().filter(|word| !hits.iter().any(|hit| hit.starts_with(word))).collect()
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
        assert_eq!(found(&whole).next(), None, "in the mail {}", mail.kind);
    }
}

/// The sweep sees: in what the speaker and organizers get, and where the event is open, it finds what is there.
#[actix_web::test]
async fn the_sweep_finds_what_is_there_to_find() {
    let world = world().await;
    assert_eq!(not_found(&world.hits(&world.speaker).await, CANARIES), Vec::<&str>::new());
    let organizer = world.hits(&world.event.organizer).await;
    let seen = ["kanariadreso", "kanarirolo", "kanaribiografio", "kanaridomo"];
    assert_eq!(not_found(&organizer, &seen), Vec::<&str>::new());
    world.event.organizer.patch(&world.event.path("/settings"), json!({"blind": false})).await.expect(200);
    let open = world.hits(&world.reviewer).await;
    assert_eq!(not_found(&open, &["kanarirolo", "kanaribiografio", "kanaridomo"]), Vec::<&str>::new());
    let address = open.iter().any(|hit| hit.starts_with("kanariadreso"));
    assert!(!address, "reviewers never need an address: {open:?}");
}
