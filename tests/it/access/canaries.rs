//! Who meets what: a word of its own stands in every field that is not for everybody. One table says who may find which,
//! and in which phase reviewers may; everything that each role can fetch, is refused or is mailed is held against it, both
//! ways. Text that the table does not know of is found by walking the database.

use super::sweep::{PICTURE, Sweep, found, readable};
use crate::{
    harness::{
        Client, PASSWORD, TestApp, address,
        seed::{Event, code},
    },
    privacy::dump::texts,
    proposals::headshots::{photo, put},
};
use actix_web::http::Method;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

const ROLES: [&str; 12] = [
    "anonymous",
    "stranger",
    "author",
    "co-speaker",
    "reviewer",
    "reviewer elsewhere",
    "chair",
    "chair elsewhere",
    "viewer",
    "organizer",
    "outsider",
    "admin",
];

/// By role, in the order of [`ROLES`]: `x` finds it, `-` never does. Of reviewers, `s` finds it where the proposal is
/// seen, `n` where names are shown as well, `r` where what others wrote is.
const TABLE: &[(&str, &str)] = &[
    // The account of the author, its address, and each field of the profile.
    ("kanarikonto", "--xx----xx-x"),
    ("kanariadreso", "--x---x-xx-x"),
    ("kanarirolo", "--xxn-x-xx--"),
    ("kanaribiografio", "--x-n-x-xx--"),
    ("kanaridomo", "--xxn-x-xx--"),
    ("kanariligo", "--x---x-xx--"),
    (PICTURE, "--x---x-xx--"),
    // Who speaks with them, who is asked to, and who was entered by organizers.
    ("kanarikunulo", "--xxn-x-xx-x"),
    ("kanarigasto", "--x-----xx--"),
    ("kanarienirinto", "----n-x-xx--"),
    ("kanarienadreso", "------x-xx--"),
    // What the proposal says, said before it was reviewed, and where its slides are.
    ("kanarititolo", "--xxs-x-xx--"),
    ("kanariresumo", "--xxs-x-xx--"),
    ("kanaripriskribo", "--xxs-x-xx--"),
    ("kanarinotoj", "--xx--x-xx--"),
    ("kanariantauxe", "--xx--x-xx--"),
    ("kanaribildoj", "--xx--x-xx--"),
    ("kanariskizo", "--x---------"),
    // What another reviewer wrote and began, and what the committee says.
    ("kanarirecenzisto", "------x-xx-x"),
    ("kanarikomento", "----r-x-xx--"),
    ("kanarikonsilo", "----r-x-xx--"),
    ("kanaridiskuto", "----r-x-xx--"),
    ("kanarivorto", "----r-x-xx--"),
    ("kanarimalneto", "------------"),
    // What organizers keep for themselves.
    ("kanariinvitito", "--------xx--"),
    ("kanariligilo", "--------xx--"),
    ("kanariprolongo", "--------xx--"),
    ("kanarijetono", "---------x--"),
    ("kanarirango", "------xxxx--"),
    ("kanarieksporto", "------xxxx--"),
    ("kanarivido", "------xxxx--"),
    ("kanaripasinta", "------xxxx--"),
    ("kanarifazo", "----xx--xx--"),
];

/// Columns of any table that hold no text of people: codes, keys, states and kinds.
const PLAIN: &[&str] = &[
    "code",
    "ref",
    "slug",
    "zone",
    "deadline_local",
    "deadline_zone",
    "state",
    "kind",
    "source",
    "role",
    "visibility",
    "lifecycle",
    "decision",
    "published_decision",
    "confirmation",
    "confidence",
    "digest",
    "message_id",
    "action",
    "object_code",
    "object_kind",
    "facts",
    "purpose",
    "scopes",
    "shown_to",
    "side",
    "sees",
    "reviews",
    "holder",
    "last_result",
    "last_answer",
    "link_nonce",
    "password_phc",
    "session_code",
    "wish",
    "bid",
    "expertise",
    "first_day",
    "last_day",
    "starts_on",
    "ends_on",
    "notify_on",
    "changed",
    "choices",
    "choices_for_organizers",
    "chosen",
    "labels",
    "scores",
    "held_by",
    "subject",
    "help",
    "reply_to",
    "foreign_id",
    "fingerprint",
    "format",
    "track",
];

/// What everybody may read who knows of the event, and tables that hold nothing here: answers that were kept for a retry.
const PUBLIC: &[&str] = &[
    "events.name",
    "events.description",
    "events.place",
    "events.website",
    "events.contact_email",
    "calls.text",
    "calls.tips",
    "calls.selection",
    "calls.travel",
    "calls.expenses",
    "calls.code_of_conduct",
    "calls.past_talks",
    "formats.name",
    "tracks.name",
    "criteria.name",
    "categories.name",
    "choices.name",
    "leases.name",
    "milestones.name",
    "milestones.text",
    "title_ideas.title",
    "title_ideas.text",
    "title_ideas.abstract",
    "past_talks.abstract",
    "past_talks.occasion",
    "past_talks.url",
    "account_actions.email",
    "link_requests.email_key",
    "sessions.user_agent",
    "idempotency.actor",
    "idempotency.method",
    "idempotency.route",
    "idempotency.key",
    "idempotency.location",
    "idempotency.etag",
    "idempotency.body",
];

struct World {
    app: TestApp,
    event: Event,
    callers: BTreeMap<&'static str, (Client, String)>,
    sweep: Sweep,
    /// Of the one proposal that holds the words.
    of_it: Sweep,
    reference: String,
    code: String,
}

/// Whether a reviewer of the track sees the proposal, its authors, and what others wrote.
#[derive(Clone, Copy, Debug, Default)]
struct Shown {
    proposal: bool,
    names: bool,
    reviews: bool,
}

const SEEN: Shown = Shown { proposal: true, names: false, reviews: false };

fn words() -> Vec<&'static str> {
    TABLE.iter().map(|(word, _)| *word).collect()
}

/// What a role finds.
fn expected(role: &str, shown: Shown) -> BTreeSet<&'static str> {
    let column = ROLES.iter().position(|of| *of == role).unwrap();
    let finds = |marks: &str| match &marks[column..=column] {
        "x" => true,
        "s" => shown.proposal,
        "n" => shown.proposal && shown.names,
        "r" => shown.proposal && shown.reviews,
        _ => false,
    };
    TABLE.iter().filter(|(_, marks)| finds(marks)).map(|(word, _)| *word).collect()
}

async fn author(app: &TestApp, event: &Event) -> Client {
    let sign_up = json!({"email": address("kanariadreso"), "name": "Kanarikonto", "password": PASSWORD});
    app.anonymous().post("/accounts", sign_up).await.expect(202);
    app.verify("kanariadreso").await;
    let author = app.sign_in("kanariadreso").await;
    let profile = json!({"name": "Kanarirolo", "bio": "Kanaribiografio", "affiliation": "Kanaridomo",
        "links": ["https://kanariligo.example"]});
    author.put(&event.path("/my/profile"), profile).await.expect(200);
    put(&author, &event.path("/my/profile/headshot"), "image/jpeg", photo("note")).await.expect(204);
    author
}

/// The proposal with everything that belongs to it; answers its code.
async fn propose(app: &TestApp, event: &Event, author: &Client, track: &str) -> String {
    let mut body = json!({"title": "Kanariantauxe", "abstract": "Kanariresumo", "description": "Kanaripriskribo",
        "notes": "Kanarinotoj", "track": track, "submit": true});
    let made = code(&author.post(&event.mine(""), body.clone()).await.expect(201).json());
    app.advance(Duration::from_secs(1));
    author.patch(&event.mine(&format!("/{made}")), json!({"title": "Kanarititolo"})).await.expect(200);
    let slides = json!({"url": "https://kanaribildoj.example/"});
    author.put(&event.mine(&format!("/{made}/slides")), slides).await.expect(200);
    author.post(&event.mine(&format!("/{made}/preview-links")), json!({})).await.expect(201);
    event.ask(author, &made, "kanarigasto").await;
    for (name, text) in [("title", "Kanariskizo"), ("abstract", "Draft"), ("description", "Draft"), ("notes", "Draft")]
    {
        body[name] = json!(text);
    }
    body["submit"] = json!(false);
    author.post(&event.mine(""), body).await.expect(201);
    made
}

/// What only the team may know, and its phases.
async fn keep_inside(event: &Event, track: &str) {
    let organizer = &event.organizer;
    let entered = json!({"title": "Entered", "abstract": "About it.", "track": track, "invite": false,
        "speakers": [{"email": address("kanarienadreso"), "profile": {"name": "Kanarienirinto"}}]});
    let deadline = json!({"local": "2025-03-01T12:00", "zone": "Etc/UTC"});
    let columns = json!({"name": "Kanarieksporto", "table": "proposals", "columns": ["title"]});
    let token = json!({"name": "Kanarijetono", "scopes": ["event:read"]});
    let past = json!({"talks": [{"title": "Kanaripasinta", "abstract": "About the past.", "occasion": "Then"}]});
    let phase = json!({"name": "Kanarifazo", "starts_at": "2025-01-01T00:00:00Z", "reviews": "never"});
    for (list, body, status) in [
        ("/proposals", entered, 201),
        ("/invitations", json!({"email": address("kanariinvitito"), "role": "viewer"}), 201),
        ("/late-links", json!({"name": "Kanariligilo", "deadline": deadline}), 201),
        ("/extensions", json!({"email": address("kanariprolongo"), "deadline": deadline}), 201),
        ("/tokens", token, 201),
        ("/export-presets", columns, 201),
        ("/proposal-views", json!({"name": "Kanarivido", "query": "q=kanarivido"}), 201),
        ("/rankings", json!({"name": "Kanarirango"}), 201),
        ("/past-talks", past, 200),
        ("/phases", phase, 201),
    ] {
        let answer = organizer.post(&event.path(list), body).await;
        assert_eq!(answer.status.as_u16(), status, "{list}: {}", answer.text());
    }
}

/// What another reviewer did, and what organizers said.
async fn judge(app: &TestApp, event: &Event, made: &str, reference: &str) {
    let sign_up = json!({"email": address("rolf"), "name": "Kanarirecenzisto", "password": PASSWORD});
    app.anonymous().post("/accounts", sign_up).await.expect(202);
    app.verify("rolf").await;
    let rolf = app.sign_in("rolf").await;
    app.join(&rolf, "rolf", event, "reviewer").await;
    let at = |below: &str| event.path(&format!("/reviewing/proposals/{reference}{below}"));
    let criterion = event.codes("/criteria").await.remove(0);
    let review = json!({"scores": {criterion: 4}, "comment": "Kanarikomento", "feedback": "Kanarikonsilo",
        "confidence": "high"});
    rolf.put(&at("/review"), review).await.expect(200);
    rolf.put(&at("/bid"), json!({"bid": "want", "expertise": "expert"})).await.expect(200);
    rolf.put(&at("/draft"), json!({"comment": "Kanarimalneto", "feedback": "Kanarimalneto"})).await.expect(200);
    let others = json!({"name": "Open", "starts_at": "2025-01-02T00:00:00Z", "reviews": "always"});
    let phase = code(&event.organizer.post(&event.path("/phases"), others).await.expect(201).json());
    rolf.post(&at("/comments"), json!({"text": "Kanaridiskuto"})).await.expect(201);
    event.organizer.delete(&event.path(&format!("/phases/{phase}"))).await.expect(204);
    let path = |below: &str| event.path(&format!("/proposals/{made}{below}"));
    event.organizer.post(&path("/comments"), json!({"text": "Kanarivorto"})).await.expect(201);
    event.organizer.put(&path("/decision"), json!({"decision": "accepted"})).await.expect(200);
}

impl World {
    async fn new() -> World {
        let app = TestApp::new().await;
        let (event, other) = (app.event("conf").await, app.event("other").await);
        let (here, there) = (event.track("Here").await, event.track("There").await);
        // The admin has made the event and leaves its team.
        let olga = app.member("olga", &event, "organizer").await;
        olga.delete(&event.member_path("admin").await).await.expect(204);
        let event = Event { organizer: olga.clone(), ..event };
        let mut callers = BTreeMap::from([
            ("anonymous", (app.anonymous(), String::new())),
            ("admin", (app.admin().await, "admin".to_owned())),
            ("organizer", (olga, "olga".to_owned())),
        ]);
        let author = author(&app, &event).await;
        callers.insert("author", (author.clone(), "kanariadreso".to_owned()));
        callers.insert("stranger", (app.speaker("stranger").await, "stranger".to_owned()));
        callers.insert("reviewer", (app.member_of("rita", &event, "reviewer", &[&here]).await, "rita".to_owned()));
        callers.insert(
            "reviewer elsewhere",
            (app.member_of("theo", &event, "reviewer", &[&there]).await, "theo".to_owned()),
        );
        callers.insert("chair", (app.member_of("chaim", &event, "chair", &[&here]).await, "chaim".to_owned()));
        callers.insert("chair elsewhere", (app.member_of("cleo", &event, "chair", &[&there]).await, "cleo".to_owned()));
        callers.insert("viewer", (app.member("vera", &event, "viewer").await, "vera".to_owned()));
        callers.insert("outsider", (app.member("olaf", &other, "organizer").await, "olaf".to_owned()));
        let made = propose(&app, &event, &author, &here).await;
        let co_speaker = event.co_speaker(&app, &author, &made, "kanarikunulo").await;
        callers.insert("co-speaker", (co_speaker, "kanarikunulo".to_owned()));
        let reference = event.seen(&made).await["ref"].as_str().unwrap().to_owned();
        event.submit_to(&there, &callers["stranger"].0, "Elsewhere").await;
        keep_inside(&event, &here).await;
        judge(&app, &event, &made, &reference).await;
        let list = event.organizer.get(&event.path("/proposals")).await.expect(200).json();
        let people = list["items"].as_array().unwrap().iter().flat_map(|item| item["speakers"].as_array().unwrap());
        let mut codes: Vec<String> = people.map(code).collect();
        codes.extend(list["items"].as_array().unwrap().iter().map(code));
        let references = list["items"].as_array().unwrap().iter();
        let references = references.map(|item| item["ref"].as_str().unwrap().to_owned()).collect();
        let mut ids = vec![];
        for list in ["/mails", "/rankings"] {
            ids.extend(event.codes(list).await);
        }
        let sweep = Sweep::of(&event, codes, references, ids.clone());
        let first: Vec<String> = ids.iter().take(1).cloned().collect();
        let of_it = Sweep::of(&event, vec![made.clone()], vec![reference.clone()], first);
        World { app, event, callers, sweep, of_it, reference, code: made }
    }

    /// Whether a role finds just what the table says; answers where it found what it may not.
    async fn check(&self, role: &str, shown: Shown, client: &Client) -> Vec<String> {
        self.check_of(&self.sweep, (role, shown), client).await
    }

    async fn check_of(&self, sweep: &Sweep, (role, shown): (&str, Shown), client: &Client) -> Vec<String> {
        let words = words();
        let hits = sweep.hits(&self.app, client, &words).await;
        let word = |hit: &String| words.iter().find(|word| hit.starts_with(**word)).copied().unwrap();
        let (seen, may): (BTreeSet<&str>, _) = (hits.iter().map(word).collect(), expected(role, shown));
        let mut wrong: Vec<String> =
            may.difference(&seen).map(|word| format!("{role}: no {word} ({shown:?})")).collect();
        wrong
            .extend(hits.iter().filter(|hit| !may.contains(word(hit))).map(|hit| format!("{role}: {hit} ({shown:?})")));
        // Whoever assigns picks among the event's reviewers, who may review in all tracks.
        let picking = "chair elsewhere: kanarirecenzisto in /conf/organize/assignments (";
        wrong.retain(|hit| !hit.starts_with(picking));
        wrong
    }

    /// The phase that holds from now on.
    async fn phase(&self, switches: Value) {
        self.app.advance(Duration::from_mins(1));
        let mut phase = json!({"name": "Kanarifazo", "starts_at": self.app.board.clock.now().to_string()});
        phase.as_object_mut().unwrap().extend(switches.as_object().unwrap().clone());
        self.event.organizer.post(&self.event.path("/phases"), phase).await.expect(201);
    }

    /// What reviewers find, the one of the track and the one of another. No phase lets them organize.
    async fn reviewers(&self, shown: Shown) {
        let sweep = self.of_it.clone().without(&["/organize", "/exports", "/admin", "/assets"]);
        let mut wrong = vec![];
        for (role, shown) in [("reviewer", shown), ("reviewer elsewhere", Shown::default())] {
            wrong.extend(self.check_of(&sweep, (role, shown), &self.callers[role].0).await);
        }
        assert_eq!(wrong, Vec::<String>::new());
    }

    fn reviewing(&self, below: &str) -> String {
        self.event.path(&format!("/reviewing/proposals/{}{below}", self.reference))
    }
}

#[actix_web::test]
async fn every_role_finds_what_the_table_says_and_nothing_else() {
    let world = World::new().await;
    let mut wrong = vec![];
    for role in ROLES {
        wrong.extend(world.check(role, SEEN, &world.callers[role].0).await);
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[actix_web::test]
async fn what_reviewers_find_follows_the_phase() {
    let world = World::new().await;
    let rita = &world.callers["reviewer"].0;
    let organizer = &world.event.organizer;
    world.reviewers(SEEN).await;
    // Not assigned; planned, which nobody has been told; told.
    world.phase(json!({"sees": "assigned", "names": true, "reviews": "always"})).await;
    world.reviewers(Shown::default()).await;
    let plan = world.event.path("/assignments/plan");
    let shown = organizer.post(&plan, json!({"per_proposal": 3, "dry_run": true})).await.expect(200).json();
    organizer.post(&plan, json!({"per_proposal": 3, "version": shown["version"]})).await.expect(200);
    world.reviewers(Shown::default()).await;
    organizer.act(&world.event.path("/assignments/release")).await.expect(200);
    world.reviewers(Shown { proposal: true, names: true, reviews: true }).await;
    world.phase(json!({"sees": "assigned", "names": false, "reviews": "never"})).await;
    world.reviewers(SEEN).await;
    world.phase(json!({"names": true, "reviews": "never"})).await;
    world.reviewers(Shown { names: true, ..SEEN }).await;
    world.phase(json!({"reviews": "after_own"})).await;
    world.reviewers(SEEN).await;
    rita.put(&world.reviewing("/review"), json!({"abstain": true})).await.expect(200);
    world.reviewers(Shown { reviews: true, ..SEEN }).await;
    world.phase(json!({"reviews": "never"})).await;
    world.reviewers(SEEN).await;
    rita.delete(&world.reviewing("/review")).await.expect(204);
    world.phase(json!({"reviews": "always"})).await;
    world.reviewers(Shown { reviews: true, ..SEEN }).await;
    world.phase(json!({"scoring": false, "reviews": "never", "deciding": true})).await;
    world.reviewers(SEEN).await;
}

/// Answers to what is refused, and mails, hold nothing that the role may not read.
#[actix_web::test]
async fn neither_refusals_nor_mails_tell_more() {
    let world = World::new().await;
    let words = words();
    let mails = world.app.mails().await;
    for role in ROLES.into_iter().filter(|role| *role != "organizer") {
        let (client, name) = &world.callers[role];
        let may = expected(role, SEEN);
        let refused = async |method: &Method, path: &str| {
            let request = client.request(method.clone(), "").uri(path).insert_header(("sec-fetch-site", "same-origin"));
            let answer = client.send(request.set_json(json!({}))).await;
            let told: Vec<&str> = found(&readable(&answer), &words).filter(|word| !may.contains(word)).collect();
            assert_eq!(told, Vec::<&str>::new(), "{role}: {method} {path}: {}", answer.text());
        };
        for route in world.app.board.routes.iter().filter(|route| route.method != Method::GET) {
            if !route.path.contains("/sessions") {
                for path in world.of_it.paths(&route.path) {
                    refused(&route.method, &path).await;
                }
            }
        }
        for mail in mails.iter().filter(|mail| mail.to_address == address(name)) {
            let whole = format!("{} {} {} {}", mail.to_name, mail.subject, mail.body_text, mail.body_html);
            let told: Vec<&str> = found(&whole, &words).filter(|word| !may.contains(word)).collect();
            assert_eq!(told, Vec::<&str>::new(), "{role}: the mail {}", mail.kind);
        }
    }
    assert!(mails.iter().any(|mail| mail.to_address == address("rita")));
}

/// Whoever adds a column that holds text gives it a word above, or says that it is not hidden.
#[actix_web::test]
async fn every_column_of_text_has_its_word() {
    let world = World::new().await;
    let plain = |column: &str| PLAIN.contains(&column.split('.').next_back().unwrap()) || PUBLIC.contains(&column);
    let texts = texts(&world.app).await;
    assert!(texts.len() > 100, "{}", texts.len());
    let unknown: Vec<&String> = texts
        .iter()
        .filter(|(column, text)| !plain(column) && !text.contains("kanari"))
        .map(|(column, _)| column)
        .collect();
    assert_eq!(unknown, Vec::<&String>::new());
    let gone: Vec<&&str> = PUBLIC.iter().filter(|column| !texts.contains_key(**column)).collect();
    assert_eq!(gone, Vec::<&&str>::new(), "what is not there any more is on no list");
}

/// The table is held against what is answered: an author's name in one answer is reported.
#[actix_web::test]
async fn a_planted_field_is_reported() {
    let world = World::new().await;
    let name = world.event.seen(&world.code).await["speakers"][0]["name"].as_str().unwrap().to_owned();
    let reviewer = world.callers["reviewer"].0.altered(move |path, answer| {
        if path.ends_with("/reviewing/proposals") {
            let mut list = answer.json();
            list["items"][0]["author"] = json!(name);
            answer.body = list.to_string().into_bytes();
        }
    });
    let wrong = world.check("reviewer", SEEN, &reviewer).await;
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0].starts_with("reviewer: kanarirolo in /api/v1/events/conf/reviewing/proposals"), "{wrong:?}");
}
