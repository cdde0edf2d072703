//! Two worlds that differ only in what somebody may not know answer one script byte for byte: every recorded GET route,
//! what they do and what is refused, with status, headers and order, and the mails to them.

use super::sweep::{Sweep, readable};
use crate::{
    harness::{
        Client, Response, TestApp, address,
        seed::{Event, code, proposal},
    },
    proposals::headshots::{picture, put},
};
use actix_web::http::Method;
use callboard::{
    db::{
        Conn,
        schema::{proposal_speakers, proposals, speakers},
    },
    http::cursor::Cursor,
    proposals::model::Decision,
};
use data_encoding::BASE64URL_NOPAD;
use diesel::prelude::*;
use image::ImageFormat;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Who must not know of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    /// A blind reviewer.
    Rita,
    /// A chair.
    Chaim,
    /// A viewer.
    Vera,
    /// The author of a proposal.
    Ada,
    /// The organizer of another event.
    Olaf,
    Anonymous,
}

use Who::{Ada, Anonymous, Chaim, Olaf, Rita, Vera};

/// Rita, Chaim and Vera speak together in one proposal and have a conflict of interest with another one.
macro_rules! facts {
    ($($(#[$doc:meta])* $fact:ident: $($who:ident)+;)+) => {
        /// What differs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        enum Fact { $($(#[$doc])* $fact),+ }

        const FACTS: &[(Fact, &[Who])] = &[$((Fact::$fact, &[$($who),+])),+];
    };
}

facts! {
    /// Who wrote a proposal, in every field of the profile, and the notes to organizers.
    Author: Rita Olaf Anonymous;
    CoSpeaker: Rita Olaf Anonymous;
    Headshot: Rita Olaf Anonymous;
    /// What was picked of what only organizers see.
    Picked: Rita Olaf Anonymous;
    Decision: Rita Ada Olaf Anonymous;
    /// What another reviewer thinks of it.
    Score: Rita Ada Olaf Anonymous;
    /// What another reviewer has begun to write.
    Draft: Rita Chaim Vera Ada Olaf Anonymous;
    Comment: Rita Ada Olaf Anonymous;
    /// With which proposal another reviewer has a conflict.
    Conflict: Rita Ada Olaf Anonymous;
    /// To which proposal another reviewer is assigned.
    Assignment: Rita Ada Olaf Anonymous;
    /// What the reviewer will be assigned to when it is released.
    Planned: Rita Ada Olaf Anonymous;
    Bid: Rita Vera Ada Olaf Anonymous;
    /// What others think of one's own talk.
    ScoreOfOwn: Rita Chaim Vera Ada Olaf Anonymous;
    DraftOfOwn: Rita Chaim Vera Ada Olaf Anonymous;
    CommentOnOwn: Rita Chaim Vera Ada Olaf Anonymous;
    DecisionOfOwn: Rita Chaim Vera Ada Olaf Anonymous;
    /// Who reads one's own talk.
    AssignmentOfOwn: Rita Chaim Vera Ada Olaf Anonymous;
    BidOnOwn: Rita Chaim Vera Ada Olaf Anonymous;
    /// Who has a conflict of interest with one's own talk.
    ConflictOfOwn: Rita Chaim Vera Ada Olaf Anonymous;
    /// The texts of a proposal with which one has a conflict.
    ConflictingText: Rita Chaim Vera Olaf Anonymous;
    /// What becomes of it.
    ConflictingDecision: Rita Chaim Vera Ada Olaf Anonymous;
    /// Whether organizers may decide now.
    Deciding: Rita Ada Olaf Anonymous;
}

struct World {
    app: TestApp,
    event: Event,
    rolf: Client,
    people: BTreeMap<&'static str, Client>,
    /// Two of others, the own one, and one with which there is a conflict.
    refs: [String; 4],
    codes: [String; 4],
}

fn either<T>(other: bool, [one, two]: [T; 2]) -> T {
    if other { two } else { one }
}

impl Who {
    fn name(self) -> &'static str {
        match self {
            Rita => "rita",
            Chaim => "chaim",
            Vera => "vera",
            Ada => "ada",
            Olaf => "olaf",
            Anonymous => "anonymous",
        }
    }
}

impl World {
    /// The world as it is, or the other one that differs in these facts.
    async fn new(facts: &[Fact], other: bool) -> World {
        let is = |this: Fact| other && facts.contains(&this);
        let app = TestApp::new().await;
        let (event, elsewhere) = (app.event("conf").await, app.event("other").await);
        let rolf = app.reviewer("rolf", &event).await;
        app.reviewer("rene", &event).await;
        let mut people = BTreeMap::from([("anonymous", app.anonymous())]);
        for (name, role) in [("rosa", "reviewer"), ("rita", "reviewer"), ("chaim", "chair"), ("vera", "viewer")] {
            people.insert(name, app.member(name, &event, role).await);
        }
        people.insert("olaf", app.member("olaf", &elsewhere, "organizer").await);
        let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
        let word = either(is(Fact::Author), ["Aaaa", "Zzzzzzzz"]);
        let profile =
            json!({"name": word, "bio": word, "affiliation": word, "links": [format!("https://{word}.example")]});
        ada.put(&event.path("/my/profile"), profile).await.expect(200);
        bob.put(&event.path("/my/profile"), json!({"name": "Mmmmm"})).await.expect(200);
        let picture = picture(either(is(Fact::Headshot), [64, 80]), 64, ImageFormat::Png);
        put(&ada, &event.path("/my/profile/headshot"), "image/png", picture).await.expect(204);
        let inside = json!({"name": "Inside", "shown_to": "organizers", "choices": [{"name": "A"}, {"name": "B"}]});
        let inside = event.organizer.post(&event.path("/categories"), inside).await.expect(201).json();
        let always = code(&inside["choices"][0]);
        let picked = code(&inside["choices"][either(is(Fact::Picked), [0, 1])]);
        let text = either(is(Fact::ConflictingText), ["A short one", "One that is quite a bit longer"]);
        let mut codes = vec![];
        for (speaker, title, notes) in
            [(&ada, "One", word), (&bob, "Two", "None"), (&people["rita"], "Her own", "Mine"), (&bob, text, "None")]
        {
            let mut body = proposal(title);
            let picked = if title == "Her own" { &always } else { &picked };
            (body["notes"], body["choices"]) = (json!(notes), json!([picked]));
            codes.push(code(&speaker.post(&event.mine(""), body).await.expect(201).json()));
        }
        for name in ["chaim", "vera"] {
            event.ask(&people["rita"], &codes[2], name).await;
            let token = json!({"token": app.link_mailed_to(name, "speaker_invitation").await});
            people[name].post("/speaker-invitations/accept", token).await.expect(200);
        }
        let co_speaker = either(is(Fact::CoSpeaker), ["dora", "emil"]);
        for name in ["dora", "emil"] {
            app.speaker(name).await;
        }
        event.ask(&ada, &codes[0], co_speaker).await;
        let token = json!({"token": app.link_mailed_to(co_speaker, "speaker_invitation").await});
        app.sign_in(co_speaker).await.post("/speaker-invitations/accept", token).await.expect(200);
        let mut refs = vec![];
        for code in &codes {
            refs.push(event.seen(code).await["ref"].as_str().unwrap().to_owned());
        }
        people.insert("ada", ada);
        let (refs, codes) = (refs.try_into().unwrap(), codes.try_into().unwrap());
        let world = World { app, event, rolf, people, refs, codes };
        world.furnish(is).await;
        world
    }

    fn of(&self, place: usize, below: &str) -> String {
        self.event.path(&format!("/reviewing/proposals/{}{below}", self.refs[place]))
    }

    fn proposal(&self, place: usize, below: &str) -> String {
        self.event.path(&format!("/proposals/{}{below}", self.codes[place]))
    }

    async fn furnish(&self, is: impl Fn(Fact) -> bool) {
        let (event, organizer, rolf) = (&self.event, &self.event.organizer, &self.rolf);
        let member = async |name: &str| event.member_path(name).await.rsplit('/').next().unwrap().to_owned();
        let (rita, of_rolf, rene) = (member("rita").await, member("rolf").await, member("rene").await);
        let criterion = event.codes("/criteria").await.remove(0);
        let review = |score: i64| {
            json!({"scores": {criterion.clone(): score}, "comment": score.to_string(),
            "feedback": score.to_string(), "confidence": if score > 3 { "high" } else { "low" }})
        };
        rolf.put(&self.of(0, "/review"), review(either(is(Fact::Score), [1, 5]))).await.expect(200);
        rolf.put(&self.of(2, "/review"), review(either(is(Fact::ScoreOfOwn), [1, 5]))).await.expect(200);
        for (place, fact) in [(1, Fact::Draft), (2, Fact::DraftOfOwn)] {
            let draft = json!({"comment": either(is(fact), ["So", "Otherwise"])});
            rolf.put(&self.of(place, "/draft"), draft).await.expect(200);
        }
        for (place, fact) in [(0, Fact::Bid), (2, Fact::BidOnOwn)] {
            let bid = json!({"bid": either(is(fact), ["want", "rather_not"]), "expertise": "some"});
            rolf.put(&self.of(place, "/bid"), bid).await.expect(200);
        }
        let pin =
            |place: usize, member: &str| json!({"proposal": self.codes[place], "member": member, "kind": "close"});
        for name in ["rita", "chaim", "vera"] {
            organizer.post(&event.path("/conflicts"), pin(3, &member(name).await)).await.expect(201);
        }
        let rosa = member("rosa").await;
        for (place, who, fact) in [([1, 3], &of_rolf, Fact::Conflict), ([2, 3], &rosa, Fact::ConflictOfOwn)] {
            organizer.post(&event.path("/conflicts"), pin(either(is(fact), place), who)).await.expect(201);
        }
        for (place, who, fact) in [([0, 1], &rene, Fact::Assignment), ([2, 3], &rene, Fact::AssignmentOfOwn)] {
            let pairs = json!({"pairs": [{"proposal": self.codes[either(is(fact), place)], "reviewer": who}]});
            organizer.post(&event.path("/assignments"), pairs).await.expect(200);
        }
        self.plan(&rita, either(is(Fact::Planned), [0, 1])).await;
        for (place, fact) in [(0, Fact::Comment), (2, Fact::CommentOnOwn)] {
            let comment = json!({"text": either(is(fact), ["Take it", "Leave it be"])});
            organizer.post(&self.proposal(place, "/comments"), comment).await.expect(201);
        }
        for (place, fact) in [(0, Fact::Decision), (2, Fact::DecisionOfOwn), (3, Fact::ConflictingDecision)] {
            let decision = json!({"decision": either(is(fact), ["accepted", "rejected"])});
            organizer.put(&self.proposal(place, "/decision"), decision).await.expect(200);
        }
        organizer.post(&event.path("/rankings"), json!({"name": "Kept"})).await.expect(201);
        let phase = json!({"name": "Reading", "starts_at": "2025-01-01T00:00:00Z",
            "deciding": either(is(Fact::Deciding), [true, false])});
        organizer.post(&event.path("/phases"), phase).await.expect(201);
    }

    /// An assignment of the reviewer that is not released.
    async fn plan(&self, rita: &str, place: usize) {
        let (code, member) = (self.codes[place].clone(), rita.to_owned());
        let insert = move |tx: &mut callboard::db::Tx<'_>| {
            use callboard::db::schema::accounts;
            let (event, proposal): (callboard::db::types::EventId, callboard::db::types::ProposalId) = proposals::table
                .filter(proposals::code.eq(&code))
                .select((proposals::event_id, proposals::id))
                .first(tx.conn())?;
            let account: callboard::db::types::AccountId =
                accounts::table.filter(accounts::code.eq(&member)).select(accounts::id).first(tx.conn())?;
            callboard::reviews::assignments::store::insert(tx, event, &[(proposal, account)], false)
        };
        self.app.board.db.write(insert).await.unwrap();
    }

    /// All that somebody is answered and mailed.
    async fn transcript(&self, who: Who, client: &Client) -> Vec<String> {
        let ids = vec!["ZZZZZZZZZZ".to_owned()];
        let sweep = Sweep::of(&self.event, self.codes.to_vec(), self.refs.to_vec(), ids);
        let mut lines = sweep.transcript(&self.app, client).await;
        for (method, path, body) in self.questions().into_iter().chain(self.deeds(who)) {
            let answer = client.send(client.request(method.clone(), &path).set_json(body)).await;
            lines.push(format!("{method} {path} {}", readable(&answer)));
        }
        let to = address(who.name());
        let mails = self.app.mails().await.into_iter().filter(|mail| mail.to_address == to);
        lines.extend(mails.map(|mail| format!("{} {} {} {}", mail.kind, mail.subject, mail.body_text, mail.body_html)));
        lines
    }

    /// What a reviewer reads.
    async fn reviewing(&self, client: &Client) -> Vec<String> {
        let mut lines = vec![];
        for (method, path, _) in self.questions().into_iter().filter(|(_, path, _)| path.contains("/reviewing")) {
            let answer = client.send(client.request(method.clone(), &path)).await;
            lines.push(format!("{method} {path} {}", readable(&answer)));
        }
        lines
    }

    /// Searches, pages and filters that could tell of what is hidden.
    fn questions(&self) -> Vec<(Method, String, Value)> {
        let mut paths = vec![];
        for words in ["One", "Aaaa", "Zzzzzzzz", "short", "longer", "own", "dora", "Inside"] {
            for list in ["/reviewing/proposals", "/proposals", "/talks"] {
                paths.push(format!("{list}?q={words}"));
            }
        }
        for place in 0..4 {
            let behind = BASE64URL_NOPAD.encode(self.refs[place].as_bytes());
            paths.push(format!("/reviewing/proposals?limit=1&cursor={behind}"));
            paths.push(format!("/reviewing/proposals?limit=1&cursor={behind}&q=all"));
            let behind = Cursor { at: self.app.board.clock.now(), code: self.codes[place].clone() }.encode();
            for list in ["/proposals?", "/proposals?q=all&", "/assignments?", "/mails?", "/audit?", "/talks?"] {
                paths.push(format!("{list}limit=1&cursor={behind}"));
            }
            paths.push(format!("/assignments?proposal={}", self.codes[place]));
            for object in [&self.codes[place], &self.refs[place]] {
                paths.push(format!("/audit?object={object}"));
            }
        }
        for filter in [
            "decision=accepted",
            "decision=rejected",
            "lifecycle=submitted",
            "order=score",
            "sort=mean",
            "sort=reviews",
            "sort=title",
        ] {
            paths.push(format!("/proposals?{filter}"));
        }
        paths.extend(["/reviewing".to_owned(), "/reviewing/proposals".to_owned()]);
        for mine in ["done", "left", "skipped"] {
            paths.push(format!("/reviewing/proposals?mine={mine}"));
        }
        for file in ["proposals.xlsx?columns=title,decision", "reviews.csv?columns=title", "speakers.json?columns=name"]
        {
            paths.push(format!("/exports/{file}"));
        }
        paths.extend(["/ranking?cut=1".to_owned(), "/audit?action=decided".to_owned(), "/audit?limit=100".to_owned()]);
        paths.into_iter().map(|path| (Method::GET, self.event.path(&path), json!(null))).collect()
    }

    fn deeds(&self, who: Who) -> Vec<(Method, String, Value)> {
        let abstain = || json!({"abstain": true});
        match who {
            Rita => vec![
                (Method::PUT, self.of(1, "/draft"), json!({"comment": "Begun"})),
                (Method::PUT, self.of(1, "/skip"), json!({})),
                (Method::GET, self.event.path("/reviewing/next"), json!({})),
                (Method::POST, self.of(0, "/comments"), json!({"text": "Too early"})),
                (Method::PUT, self.of(0, "/bid"), json!({"bid": "want"})),
                (Method::PUT, self.of(2, "/bid"), json!({"bid": "want"})),
                (Method::PUT, self.of(3, "/bid"), json!({"bid": "want"})),
                (Method::GET, self.event.path("/reviewing/bids"), json!({})),
                (Method::PUT, self.of(2, "/draft"), json!({"comment": "Mine"})),
                (Method::PUT, self.of(3, "/skip"), json!({})),
                (Method::PUT, self.of(2, "/review"), abstain()),
                (Method::PUT, self.of(3, "/review"), abstain()),
                (Method::PUT, self.of(3, "/conflict"), json!({"kind": "own"})),
                (Method::DELETE, self.of(3, "/conflict"), json!({})),
                (Method::PUT, self.of(2, "/conflict"), json!({"kind": "own"})),
                (Method::PUT, self.of(1, "/review"), abstain()),
                (Method::GET, self.event.path("/reviewing/next"), json!({})),
                (Method::GET, self.of(1, "/reviews"), json!({})),
                (Method::GET, self.of(1, "/comments"), json!({})),
                (Method::GET, self.event.path("/reviewing"), json!({})),
                (Method::GET, "/me/data".to_owned(), json!({})),
            ],
            Chaim => {
                let own = json!({"codes": [self.codes[2], self.codes[3]], "decision": "rejected", "dry_run": true});
                let pairs = |place: usize| json!({"pairs": [{"proposal": self.codes[place], "reviewer": "ZZZZZZZZZZ"}], "dry_run": true});
                let csv = format!("proposal,email\n{},rolf@example.org\n", self.codes[2]);
                vec![
                    (Method::PUT, self.proposal(2, "/decision"), json!({"decision": "accepted"})),
                    (Method::POST, self.event.path("/decisions"), own),
                    (Method::POST, self.proposal(2, "/comments"), json!({"text": "Mine"})),
                    (Method::POST, self.event.path("/assignments"), pairs(2)),
                    (Method::POST, self.event.path("/assignments/csv"), json!({"csv": csv, "dry_run": true})),
                    (
                        Method::POST,
                        self.event.path("/assignments/plan"),
                        json!({"dry_run": true, "with_task": true, "at_most": 2}),
                    ),
                    (Method::POST, self.event.path("/assignments/release"), json!(null)),
                ]
            }
            Ada => self.deeds_of_the_speaker(),
            Vera | Olaf | Anonymous => vec![
                (Method::PUT, self.proposal(2, "/decision"), json!({"decision": "accepted"})),
                (Method::POST, self.event.path("/assignments/plan"), json!({"dry_run": true})),
                (Method::PUT, self.of(2, "/review"), abstain()),
            ],
        }
    }

    fn deeds_of_the_speaker(&self) -> Vec<(Method, String, Value)> {
        vec![
            (
                Method::PUT,
                self.event.mine(&format!("/{}/slides", self.codes[0])),
                json!({"url": "https://slides.example/"}),
            ),
            (Method::POST, self.event.mine("/again"), json!({"event": "conf", "code": self.codes[0]})),
            (Method::DELETE, self.event.mine(&format!("/{}", self.codes[0])), json!(null)),
            (Method::POST, self.event.mine(&format!("/{}/decline", self.codes[0])), json!(null)),
            (Method::POST, self.event.mine(&format!("/{}/confirm", self.codes[0])), json!(null)),
            (Method::POST, self.event.mine(&format!("/{}/withdraw", self.codes[0])), json!(null)),
            (Method::POST, self.event.mine(&format!("/{}/undo-withdrawal", self.codes[0])), json!(null)),
            (Method::GET, self.event.mine(&format!("/{}", self.codes[0])), json!(null)),
        ]
    }
}

/// Without the random names of requests, which follow from how many came before.
/// What was noted at one instant comes in the order of codes that are drawn by chance.
fn in_some_order(mut list: Value) -> String {
    let mut items: Vec<String> = vec![];
    for item in list["items"].as_array_mut().into_iter().flatten() {
        item.as_object_mut().unwrap().remove("id");
        items.push(item.to_string());
    }
    items.sort();
    items.join("\n")
}

fn without_request_ids(line: &str) -> String {
    let mut text = line.to_owned();
    // The last is what makes a form act once.
    for (before, letters) in [("request_id\":\"", 12), (", request ", 12), ("name=\"_key\" value=\"", 16)] {
        let mut pieces = text.split(before);
        let first = pieces.next().unwrap_or_default().to_owned();
        text = pieces.fold(first, |text, piece| text + &piece[letters..]);
    }
    let lines = text.lines().filter(|line| !line.starts_with("x-request-id"));
    let noted = |line: &str| match serde_json::from_str::<Value>(line) {
        Ok(list) if text.contains("/audit") => in_some_order(list),
        _ => line.to_owned(),
    };
    lines.map(noted).collect::<Vec<_>>().join("\n")
}

/// Where both transcripts differ.
fn compared(one: &[String], other: &[String]) -> Vec<String> {
    assert_eq!(one.len(), other.len());
    let pairs = one.iter().zip(other).filter(|(one, other)| one != other);
    pairs.map(|(one, other)| format!("{one}\n{other}")).collect()
}

/// Where what somebody is told differs.
async fn differences(who: Who, facts: &[Fact]) -> Vec<String> {
    let mut told = vec![];
    for other in [false, true] {
        let world = World::new(facts, other).await;
        told.push(world.transcript(who, &world.people[who.name()]).await);
    }
    assert!(told[0].len() > 150, "a script of {} requests", told[0].len());
    compared(&told[0], &told[1])
}

/// In the other world everything differs that this person may not know.
async fn cannot_tell(who: Who) {
    let facts: Vec<Fact> = FACTS.iter().filter(|(_, all)| all.contains(&who)).map(|(fact, _)| *fact).collect();
    let wrong = differences(who, &facts).await;
    assert!(wrong.is_empty(), "{} times: {}", wrong.len(), wrong[0]);
}

#[actix_web::test]
async fn a_blind_reviewer_cannot_tell_the_worlds_apart() {
    cannot_tell(Rita).await;
}

#[actix_web::test]
async fn a_chair_cannot_tell_the_worlds_apart() {
    cannot_tell(Chaim).await;
}

#[actix_web::test]
async fn a_viewer_cannot_tell_the_worlds_apart() {
    cannot_tell(Vera).await;
}

#[actix_web::test]
async fn a_speaker_cannot_tell_the_worlds_apart() {
    cannot_tell(Ada).await;
}

#[actix_web::test]
async fn outsiders_cannot_tell_the_worlds_apart() {
    for who in [Olaf, Anonymous] {
        cannot_tell(who).await;
    }
}

/// The comparison sees: what a phase or the settings show makes a difference, each fact by itself.
#[actix_web::test]
async fn what_is_shown_tells_the_worlds_apart() {
    let open = async |facts: &[Fact], switches: Value| -> usize {
        let mut told = vec![];
        for other in [false, true] {
            let world = World::new(facts, other).await;
            let mut phase = json!({"name": "Open", "starts_at": "2025-01-02T00:00:00Z"});
            phase.as_object_mut().unwrap().extend(switches.as_object().unwrap().clone());
            world.event.organizer.post(&world.event.path("/phases"), phase).await.expect(201);
            told.push(world.transcript(Rita, &world.people["rita"]).await);
        }
        compared(&told[0], &told[1]).len()
    };
    assert!(open(&[Fact::CoSpeaker], json!({"names": true})).await > 0);
    assert!(open(&[Fact::Score], json!({"reviews": "always"})).await > 0);
    let never = [
        Fact::ScoreOfOwn,
        Fact::CommentOnOwn,
        Fact::ConflictingText,
        Fact::ConflictOfOwn,
        Fact::Decision,
        Fact::Planned,
    ];
    assert_eq!(open(&never, json!({"reviews": "always", "names": true})).await, 0);
    for (fact, who) in [(Fact::Decision, Chaim), (Fact::Author, Vera), (Fact::Bid, Chaim)] {
        assert!(!differences(who, &[fact]).await.is_empty(), "{fact:?} shows to {who:?}");
    }
}

/// What a server that leaks would add to what a reviewer reads.
#[derive(Clone, Copy, Debug)]
enum Leak {
    Field,
    /// In what a page ends with.
    SortKey,
    Count,
    Order,
    ETag,
}

/// The author's name by the proposal's reference, and how many are accepted: what no reviewer may know.
async fn secrets(app: &TestApp) -> (BTreeMap<String, String>, i64) {
    let read = |conn: &mut Conn| {
        let owners = proposal_speakers::table
            .inner_join(proposals::table)
            .inner_join(speakers::table)
            .filter(proposal_speakers::owner.eq(true))
            .select((proposals::ref_, speakers::name));
        let accepted = proposals::table.filter(proposals::decision.eq(Decision::Accepted)).count();
        Ok((owners.load::<(String, String)>(conn)?.into_iter().collect(), accepted.get_result(conn)?))
    };
    app.board.db.read(read).await.unwrap()
}

impl Leak {
    /// The client of a server that leaks.
    async fn planted(self, world: &World) -> Client {
        let (authors, accepted) = secrets(&world.app).await;
        world.people["rita"].altered(move |path, answer| {
            if answer.status == 200 && path.contains("/reviewing") {
                self.spoil(path, answer, &authors, accepted);
            }
        })
    }

    fn spoil(self, path: &str, answer: &mut Response, authors: &BTreeMap<String, String>, accepted: i64) {
        let Ok(mut body) = serde_json::from_slice::<Value>(&answer.body) else { return };
        let author = |item: &Value| authors.get(item["ref"].as_str().unwrap_or_default()).cloned();
        let items = body.get_mut("items").and_then(Value::as_array_mut).filter(|_| path.contains("/proposals"));
        match (self, items) {
            (Leak::Field, Some(items)) => {
                for item in items {
                    item["author"] = json!(author(item));
                }
            }
            (Leak::Order, Some(items)) => items.sort_by_key(author),
            (Leak::SortKey, Some(items)) => {
                let key = items.last().and_then(author).unwrap_or_default();
                body["next"] = json!(BASE64URL_NOPAD.encode(key.as_bytes()));
            }
            (Leak::ETag, Some(items)) => {
                let lengths: usize = items.iter().filter_map(author).map(|name| name.len()).sum();
                let tag = format!("\"{lengths}\"").parse().unwrap();
                answer.headers.insert("etag".parse().unwrap(), tag);
            }
            (Leak::Count, _) if path.ends_with("/reviewing") => body["total"] = json!(accepted),
            _ => {}
        }
        answer.body = serde_json::to_vec(&body).unwrap();
    }
}

/// The comparison is worth something: whatever of these a server did, it reports.
#[actix_web::test]
async fn planted_leaks_are_reported() {
    let facts = [Fact::Author, Fact::Decision];
    let (one, other) = (World::new(&facts, false).await, World::new(&facts, true).await);
    let mut told = vec![];
    for world in [&one, &other] {
        told.push(world.reviewing(&world.people["rita"]).await);
    }
    assert_eq!(compared(&told[0], &told[1]), Vec::<String>::new());
    for leak in [Leak::Field, Leak::SortKey, Leak::Order, Leak::ETag, Leak::Count] {
        let mut told = vec![];
        for world in [&one, &other] {
            told.push(world.reviewing(&leak.planted(world).await).await);
        }
        let reported = compared(&told[0], &told[1]);
        assert!(!reported.is_empty(), "{leak:?} is not reported");
    }
}

/// A world with one proposal more, with which all three have a conflict of interest, and all that belongs to it.
#[actix_web::test]
async fn what_one_has_a_conflict_with_leaves_no_gap() {
    let mut told: Vec<Vec<Vec<String>>> = vec![];
    for exists in [false, true] {
        let world = World::new(&[], false).await;
        if exists {
            let zoe = world.app.speaker("zoe").await;
            let hidden = code(&world.event.submit(&zoe, "Quite another one").await);
            let (event, organizer) = (&world.event, &world.event.organizer);
            let reference = event.seen(&hidden).await["ref"].as_str().unwrap().to_owned();
            let review = event.path(&format!("/reviewing/proposals/{reference}/review"));
            let criterion = event.codes("/criteria").await.remove(0);
            world.rolf.put(&review, json!({"scores": {criterion: 5}})).await.expect(200);
            let bid = event.path(&format!("/reviewing/proposals/{reference}/bid"));
            world.rolf.put(&bid, json!({"bid": "want"})).await.expect(200);
            let rolf = event.member_path("rolf").await.rsplit('/').next().unwrap().to_owned();
            let pairs = json!({"pairs": [{"proposal": hidden, "reviewer": rolf}]});
            organizer.post(&event.path("/assignments"), pairs).await.expect(200);
            organizer
                .post(&event.path(&format!("/proposals/{hidden}/comments")), json!({"text": "Yes"}))
                .await
                .expect(201);
            event.decide(&hidden, "accepted").await;
            for name in ["rita", "chaim", "vera"] {
                let member = event.member_path(name).await.rsplit('/').next().unwrap().to_owned();
                let pin = json!({"proposal": hidden, "member": member, "kind": "own"});
                organizer.post(&event.path("/conflicts"), pin).await.expect(201);
            }
        }
        let mut all = vec![];
        for who in [Rita, Chaim, Vera] {
            let client = &world.people[who.name()];
            let ids = vec!["ZZZZZZZZZZ".to_owned()];
            let sweep = Sweep::of(&world.event, world.codes.to_vec(), world.refs.to_vec(), ids);
            let mut lines = sweep.transcript(&world.app, client).await;
            for (method, path, body) in world.questions() {
                let answer = client.send(client.request(method.clone(), &path).set_json(body)).await;
                lines.push(format!("{method} {path} {}", readable(&answer)));
            }
            if who == Chaim {
                let plan = json!({"dry_run": true, "with_task": true, "at_most": 3});
                let plan = client.post(&world.event.path("/assignments/plan"), plan).await.expect(200);
                lines.push(plan.text());
            }
            all.push(lines);
        }
        told.push(all);
    }
    for (place, who) in [Rita, Chaim, Vera].into_iter().enumerate() {
        let [one, other] = [0, 1]
            .map(|world: usize| told[world][place].iter().map(|line| without_request_ids(line)).collect::<Vec<_>>());
        let wrong = compared(&one, &other);
        assert!(wrong.is_empty(), "{who:?}, {} times: {}", wrong.len(), wrong[0]);
    }
}
