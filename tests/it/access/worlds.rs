//! Two worlds that differ in one fact that a blind reviewer may not know answer one script byte for byte: every recorded
//! GET route and the reviewer's deeds, with status, headers and order.

use super::sweep::Sweep;
use crate::harness::{
    Client, TestApp,
    seed::{Event, code, proposal},
};
use actix_web::http::Method;
use serde_json::{Value, json};

/// What differs. Nothing of it is for the reviewer before the own review is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fact {
    /// Who wrote a proposal, in every field of the profile, and the notes to organizers.
    Author,
    Decision,
    /// What another reviewer thinks of it.
    Score,
    /// What another reviewer has begun to write.
    Draft,
    Comment,
    /// With which proposal another reviewer has a conflict.
    Conflict,
    /// To which proposal another reviewer is assigned.
    Assignment,
    /// What others think of the reviewer's own talk.
    ScoreOfOwn,
    /// The texts of a proposal with which the reviewer has a conflict.
    ConflictingText,
    /// Whether organizers may decide now.
    Deciding,
}

const FACTS: [Fact; 10] = [
    Fact::Author,
    Fact::Decision,
    Fact::Score,
    Fact::Draft,
    Fact::Comment,
    Fact::Conflict,
    Fact::Assignment,
    Fact::ScoreOfOwn,
    Fact::ConflictingText,
    Fact::Deciding,
];

struct World {
    app: TestApp,
    event: Event,
    rita: Client,
    rolf: Client,
    /// Two that the reviewer may review, the own one, and one with which she has a conflict.
    refs: [String; 4],
    codes: [String; 4],
}

fn either<T>(other: bool, [one, two]: [T; 2]) -> T {
    if other { two } else { one }
}

impl World {
    /// The world as it is, or the other one that differs in this fact.
    async fn new(fact: Fact, other: bool, settings: Value) -> World {
        let is = |this: Fact| other && this == fact;
        let app = TestApp::new().await;
        let event = app.event("conf").await;
        event.organizer.patch(&event.path("/settings"), settings).await.expect(200);
        let (rita, rolf) = (app.reviewer("rita", &event).await, app.reviewer("rolf", &event).await);
        let ada = app.speaker("ada").await;
        let word = either(is(Fact::Author), ["Aaaa", "Zzzzzzzz"]);
        let profile =
            json!({"name": word, "bio": word, "affiliation": word, "links": [format!("https://{word}.example")]});
        ada.put(&event.path("/my/profile"), profile).await.expect(200);
        let text = either(is(Fact::ConflictingText), ["A short one", "One that is quite a bit longer"]);
        let mut codes = vec![];
        for (speaker, title, notes) in
            [(&ada, "One", word), (&ada, "Two", word), (&rita, "Her own", "Mine"), (&ada, text, word)]
        {
            let mut body = proposal(title);
            body["notes"] = json!(notes);
            codes.push(code(&speaker.post(&event.mine(""), body).await.expect(201).json()));
        }
        let mut refs = vec![];
        for code in &codes {
            refs.push(event.seen(code).await["ref"].as_str().unwrap().to_owned());
        }
        let (refs, codes) = (refs.try_into().unwrap(), codes.try_into().unwrap());
        let world = World { app, event, rita, rolf, refs, codes };
        world.furnish(is).await;
        world
    }

    async fn furnish(&self, is: impl Fn(Fact) -> bool) {
        let (event, organizer) = (&self.event, &self.event.organizer);
        let member = async |name: &str| event.member_path(name).await.rsplit('/').next().unwrap().to_owned();
        let (rita, rolf) = (member("rita").await, member("rolf").await);
        let criterion = event.codes("/criteria").await.remove(0);
        let review = |score: i64| json!({"scores": {criterion.clone(): score}, "comment": score.to_string()});
        let of = |place: usize, below: &str| event.path(&format!("/reviewing/proposals/{}{below}", self.refs[place]));
        let score = either(is(Fact::Score), [1, 5]);
        self.rolf.put(&of(0, "/review"), review(score)).await.expect(200);
        let score = either(is(Fact::ScoreOfOwn), [1, 5]);
        self.rolf.put(&of(2, "/review"), review(score)).await.expect(200);
        let draft = json!({"comment": either(is(Fact::Draft), ["So", "Otherwise"])});
        self.rolf.put(&of(1, "/draft"), draft).await.expect(200);
        let pin =
            |place: usize, member: &str| json!({"proposal": self.codes[place], "member": member, "kind": "close"});
        organizer.post(&event.path("/conflicts"), pin(3, &rita)).await.expect(201);
        let place = either(is(Fact::Conflict), [1, 3]);
        organizer.post(&event.path("/conflicts"), pin(place, &rolf)).await.expect(201);
        let place = either(is(Fact::Assignment), [0, 2]);
        let pairs = json!({"pairs": [{"proposal": self.codes[place], "reviewer": rolf}]});
        organizer.post(&event.path("/assignments"), pairs).await.expect(200);
        let comment = json!({"text": either(is(Fact::Comment), ["Take it", "Leave it be"])});
        organizer.post(&event.path(&format!("/proposals/{}/comments", self.codes[0])), comment).await.expect(201);
        let decision = json!({"decision": either(is(Fact::Decision), ["accepted", "rejected"])});
        organizer.put(&event.path(&format!("/proposals/{}/decision", self.codes[0])), decision).await.expect(200);
        let phase = json!({"name": "Reading", "starts_at": "2025-01-01T00:00:00Z",
            "deciding": either(is(Fact::Deciding), [true, false])});
        organizer.post(&event.path("/phases"), phase).await.expect(201);
    }

    /// Everything that the reviewer can fetch, then what she does, then what she can fetch of the own review's proposal.
    async fn transcript(&self) -> Vec<String> {
        let ids = vec!["ZZZZZZZZZZ".to_owned()];
        let sweep = Sweep::of(&self.event, self.codes.to_vec(), self.refs.to_vec(), ids);
        let mut lines = sweep.transcript(&self.app, &self.rita).await;
        let path =
            |place: usize, below: &str| self.event.path(&format!("/reviewing/proposals/{}{below}", self.refs[place]));
        let deeds = [
            (Method::PUT, path(1, "/draft"), json!({"comment": "Begun"})),
            (Method::PUT, path(1, "/skip"), json!({})),
            (Method::GET, self.event.path("/reviewing/next"), json!({})),
            (Method::POST, path(0, "/comments"), json!({"text": "Too early"})),
            (Method::PUT, path(2, "/review"), json!({"abstain": true})),
            (Method::PUT, path(3, "/review"), json!({"abstain": true})),
            (Method::PUT, path(3, "/conflict"), json!({"kind": "own"})),
            (Method::DELETE, path(3, "/conflict"), json!({})),
            (Method::PUT, path(2, "/conflict"), json!({"kind": "own"})),
            (Method::PUT, path(1, "/review"), json!({"abstain": true})),
            (Method::GET, self.event.path("/reviewing/next"), json!({})),
            (Method::GET, path(1, "/reviews"), json!({})),
            (Method::GET, path(1, "/comments"), json!({})),
            (Method::GET, self.event.path("/reviewing"), json!({})),
        ];
        for (method, path, body) in deeds {
            let answer = self.rita.send(self.rita.request(method.clone(), &path).set_json(body)).await;
            lines.push(format!("{method} {path} {}", answer.whole()));
        }
        lines
    }
}

/// Where the transcripts of both worlds differ.
async fn differences(fact: Fact, settings: Value) -> Vec<String> {
    let (one, other) = (World::new(fact, false, settings.clone()).await, World::new(fact, true, settings).await);
    let (one, other) = (one.transcript().await, other.transcript().await);
    assert_eq!(one.len(), other.len());
    assert!(one.len() > 60, "a script of {} requests", one.len());
    one.into_iter()
        .zip(other)
        .filter(|(one, other)| one != other)
        .map(|(one, other)| format!("{one}\n{other}"))
        .collect()
}

#[actix_web::test]
async fn a_blind_reviewer_cannot_tell_the_worlds_apart() {
    for fact in FACTS {
        assert_eq!(differences(fact, json!({})).await, Vec::<String>::new(), "{fact:?}");
    }
}

/// The comparison sees: what a phase or the settings show makes a difference.
#[actix_web::test]
async fn what_is_shown_tells_the_worlds_apart() {
    let open = async |fact: Fact, switches: Value| -> usize {
        let (one, other) = (World::new(fact, false, json!({})).await, World::new(fact, true, json!({})).await);
        for world in [&one, &other] {
            let mut phase = json!({"name": "Open", "starts_at": "2025-01-02T00:00:00Z"});
            phase.as_object_mut().unwrap().extend(switches.as_object().unwrap().clone());
            world.event.organizer.post(&world.event.path("/phases"), phase).await.expect(201);
        }
        let (one, other) = (one.transcript().await, other.transcript().await);
        one.iter().zip(&other).filter(|(one, other)| one != other).count()
    };
    assert!(open(Fact::Author, json!({"names": true})).await > 0);
    assert!(open(Fact::Score, json!({"reviews": "always"})).await > 0);
    assert!(open(Fact::Comment, json!({"reviews": "always"})).await > 0);
    assert_eq!(open(Fact::ScoreOfOwn, json!({"reviews": "always", "names": true})).await, 0, "never the own");
    assert_eq!(open(Fact::ConflictingText, json!({"reviews": "always", "names": true})).await, 0);
    assert_eq!(open(Fact::Decision, json!({"reviews": "always", "names": true})).await, 0);
}
