//! Somebody who reviews and speaks, under one address or several, never meets the own talk: not in any answer, count,
//! mean, mail or export, whatever else they are in the team.

use super::sweep::{Sweep, found, readable};
use crate::harness::{
    Client, TestApp, address,
    seed::{Event, code},
};
use actix_web::http::Method;
use serde_json::{Value, json};

/// In the titles of what Rita speaks in: as its owner, beside somebody, as organizers entered it, and by a second account.
const OWN: [&str; 4] = ["kanariposedata", "kanarikunparolata", "kanarienirita", "kanaridua"];

struct World {
    app: TestApp,
    event: Event,
    rita: Client,
    sweep: Sweep,
    /// Codes and references of [`OWN`].
    own: Vec<(String, String)>,
}

impl World {
    async fn new() -> World {
        let app = TestApp::new().await;
        let event = app.event("conf").await;
        let organizer = &event.organizer;
        let (rita, rolf) = (app.reviewer("rita", &event).await, app.reviewer("rolf", &event).await);
        let (ada, second) = (app.speaker("ada").await, app.speaker("rita.elsewhere").await);
        let theirs = code(&event.submit(&ada, "Of somebody else").await);
        let entered = json!({"title": OWN[2], "abstract": "All about it.", "invite": false,
            "speakers": [{"profile": {"name": "Somebody"}}, {"email": address("Rita"), "profile": {"name": "R."}}]});
        let mut codes = vec![code(&event.submit(&rita, OWN[0]).await), code(&event.submit(&ada, OWN[1]).await)];
        codes.push(code(&organizer.post(&event.path("/proposals"), entered).await.expect(201).json()));
        codes.push(code(&event.submit(&second, OWN[3]).await));
        let mut own = vec![];
        for code in &codes {
            own.push((code.clone(), event.seen(code).await["ref"].as_str().unwrap().to_owned()));
        }
        let member = async |name: &str| event.member_path(name).await.rsplit('/').next().unwrap().to_owned();
        let criterion = event.codes("/criteria").await.remove(0);
        // What she did before it was known to be hers.
        for reference in [&own[1].1, &own[3].1] {
            let at = |below: &str| event.path(&format!("/reviewing/proposals/{reference}{below}"));
            rita.put(&at("/draft"), json!({"comment": "Begun"})).await.expect(200);
            rita.put(&at("/review"), json!({"scores": {criterion.clone(): 5}, "comment": "Mine"})).await.expect(200);
            rita.put(&at("/draft"), json!({"comment": "Begun again"})).await.expect(200);
            rita.put(&at("/bid"), json!({"bid": "want"})).await.expect(200);
        }
        for (code, reference) in &own {
            let review = json!({"scores": {criterion.clone(): 2}, "comment": format!("About {code}: kanaridiro")});
            rolf.put(&event.path(&format!("/reviewing/proposals/{reference}/review")), review).await.expect(200);
            let comment = json!({"text": "Kanarivorto"});
            organizer.post(&event.path(&format!("/proposals/{code}/comments")), comment).await.expect(201);
            event.decide(code, "accepted").await;
        }
        let csv = format!("proposal,email\n{},rita@example.org\n", codes[1]);
        organizer.post(&event.path("/assignments/csv"), json!({"csv": csv})).await.expect(200);
        event.ask(&ada, &codes[1], "rita").await;
        let token = json!({"token": app.link_mailed_to("rita", "speaker_invitation").await});
        rita.post("/speaker-invitations/accept", token).await.expect(200);
        let pin = json!({"proposal": codes[3], "member": member("rita").await, "kind": "own"});
        organizer.post(&event.path("/conflicts"), pin).await.expect(201);
        let csv =
            codes.iter().fold("proposal,email\n".to_owned(), |csv, code| format!("{csv}{code},rolf@example.org\n"));
        organizer.post(&event.path("/assignments/csv"), json!({"csv": csv})).await.expect(200);
        organizer.post(&event.path("/rankings"), json!({"name": "Kept"})).await.expect(201);
        codes.push(theirs);
        let mut references: Vec<String> = own.iter().map(|(_, reference)| reference.clone()).collect();
        references.push(event.seen(&codes[4]).await["ref"].as_str().unwrap().to_owned());
        let sweep = Sweep::new(&event, codes, references).await;
        World { app, event, rita, sweep, own }
    }

    /// Where the committee's routes tell of the own talks.
    async fn meets(&self) -> Vec<String> {
        let mut words: Vec<String> = OWN.map(str::to_owned).to_vec();
        words.extend(["kanaridiro".to_owned(), "kanarivorto".to_owned()]);
        for (code, reference) in &self.own {
            words.extend([code.to_lowercase(), reference.to_lowercase()]);
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut hits = vec![];
        for route in self.app.board.routes.iter().filter(|route| {
            route.method == Method::GET && !["anyone", "signed in", "speaker"].contains(&route.audience)
        }) {
            for path in self.sweep.paths(&route.path) {
                let answer = self.rita.send(self.rita.request(Method::GET, "").uri(&path)).await;
                let known = path.to_lowercase();
                let told = readable(&answer);
                hits.extend(
                    found(&told, &words).filter(|word| !known.contains(word)).map(|word| format!("{word} in {path}")),
                );
            }
        }
        hits
    }

    async fn progress(&self) -> Value {
        self.rita.get(&self.event.path("/reviewing")).await.expect(200).json()
    }
}

#[actix_web::test]
async fn a_reviewer_never_meets_the_own_talk() {
    let world = World::new().await;
    assert_eq!(world.meets().await, Vec::<String>::new());
    let progress = world.progress().await;
    assert_eq!(
        ["total", "done", "left", "assigned", "drafts"].map(|count| progress[count].as_i64().unwrap()),
        [1, 0, 1, 0, 0],
        "{progress}"
    );
    assert_eq!(world.rita.get(&world.event.path("/reviewing/bids")).await.expect(200).json()["items"], json!([]));
    for (_, reference) in &world.own {
        for below in ["", "/review", "/reviews", "/comments", "/draft", "/changes", "/bid"] {
            let path = world.event.path(&format!("/reviewing/proposals/{reference}{below}"));
            world.rita.get(&path).await.problem(404, "not_found");
        }
    }
}

/// With any other role beside, the own talk stays out of what judges and of what tells of it.
#[actix_web::test]
async fn nor_do_other_roles_show_it() {
    for role in ["chair", "viewer", "organizer"] {
        let world = World::new().await;
        world.app.join(&world.rita, "rita", &world.event, role).await;
        let mut hits = world.meets().await;
        if role == "organizer" {
            // Managing the event reaches all of it, or nobody could publish what an organizer speaks in.
            let managing =
                ["api/v1/events/conf/conflicts", "api/v1/events/conf/publications", "api/v1/events/conf/mails"];
            let pages = ["conf/organize/conflicts", "conf/organize/publish", "conf/organize/mails"];
            let paths: Vec<String> = managing.iter().chain(&pages).map(|path| format!(" in /{path}")).collect();
            hits.retain(|hit| !paths.iter().any(|path| hit.contains(path)));
        }
        assert_eq!(hits, Vec::<String>::new(), "{role}");
        let ranking = world.rita.get(&world.event.path("/ranking")).await.expect(200).text();
        assert!(world.own.iter().all(|(code, _)| !ranking.contains(code)), "{ranking}");
    }
}

/// Their own reviews of it count for nobody.
#[actix_web::test]
async fn what_they_said_of_it_does_not_count() {
    let world = World::new().await;
    for (code, _) in [&world.own[1], &world.own[3]] {
        let path = world.event.path(&format!("/proposals/{code}/reviews"));
        let all = world.event.organizer.get(&path).await.expect(200).json();
        assert_eq!((&all["summary"]["count"], &all["summary"]["mean"]), (&json!(1), &json!(2.0)), "{all}");
    }
}

/// What is mailed to them as a member of the committee names none of it.
#[actix_web::test]
async fn no_mail_to_the_committee_tells_of_it() {
    let world = World::new().await;
    let mails = world.app.mails().await;
    let mine: Vec<_> = mails.iter().filter(|mail| mail.to_address == address("rita")).collect();
    assert!(mine.len() > 2);
    for mail in mine {
        let whole = format!("{} {} {}", mail.subject, mail.body_text, mail.body_html);
        let told: Vec<&str> = found(&whole, &["kanaridiro", "kanarivorto", OWN[2], OWN[3]]).collect();
        assert_eq!(told, Vec::<&str>::new(), "{}", mail.kind);
    }
}

/// Who was entered by an address that is theirs is kept away before they take the profile over, and is not planned either.
#[actix_web::test]
async fn entered_by_an_address_is_spoken() {
    let world = World::new().await;
    let (code, reference) = &world.own[2];
    let path = world.event.path(&format!("/reviewing/proposals/{reference}/review"));
    world.rita.put(&path, json!({"abstain": true})).await.problem(404, "not_found");
    let rita = world.event.member_path("rita").await.rsplit('/').next().unwrap().to_owned();
    let pairs = json!({"pairs": [{"proposal": code, "reviewer": rita}]});
    world.event.organizer.post(&world.event.path("/assignments"), pairs).await.field_error("pairs[0]", "conflict");
    let rolf = world.app.sign_in("rolf").await;
    rolf.get(&world.event.path(&format!("/reviewing/proposals/{reference}"))).await.expect(200);
}

/// Whoever becomes a speaker is not asked to review it any more, and nothing is left of what they had begun.
#[actix_web::test]
async fn what_was_begun_is_gone_when_it_is_theirs() {
    let world = World::new().await;
    let (_, reference) = &world.own[1];
    let data = world.rita.get("/me/data").await.expect(200).text();
    assert!(!data.contains(reference), "{data}");
    let assigned = world.event.organizer.get(&world.event.path("/assignments")).await.expect(200).text();
    assert!(!assigned.contains("\"rita\""), "{assigned}");
}
