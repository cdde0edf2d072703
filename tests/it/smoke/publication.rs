//! The real program is killed while a publication waits and while its mails go out: every mail arrives all the same.

use super::{PASSWORD, Place, agent, eventually, post, sign_up};
use crate::harness::smtp::{Act, Came, SmtpServer, Stage};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::mpsc,
    thread,
};

/// More than one batch of mails, so that some of them are not even leased when the program is killed.
const SPEAKERS: usize = callboard::mail::deliver::BATCH + 4;

/// A mail server in a thread of its own, since the tests here block.
pub fn mail_server() -> SmtpServer {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        actix_web::rt::System::new().block_on(async move {
            send.send(SmtpServer::start().await).unwrap();
            std::future::pending::<()>().await;
        });
    });
    receive.recv().unwrap()
}

pub(super) struct Person {
    base: String,
    pub(super) token: String,
}

impl Person {
    pub(super) fn sign_in(base: &str, email: &str) -> Person {
        let (status, session) =
            post(&agent(), &format!("{base}/sessions"), &json!({"email": email, "password": PASSWORD})).unwrap();
        assert_eq!(status, 201, "{session}");
        Person { base: base.to_owned(), token: session["token"].as_str().unwrap().to_owned() }
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .header("if-match", "*");
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut answer = agent().run(request.body(body).unwrap()).unwrap();
        let text = answer.body_mut().read_to_string().unwrap();
        assert!(answer.status().is_success(), "{method} {path}: {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }
}

/// An event whose call is open; answers the organizer.
pub(super) fn event(place: &Place, base: &str) -> Person {
    assert!(place.create_admin(PASSWORD).status.success());
    let root = Person::sign_in(base, "root@example.org");
    let event = json!({"slug": "kill-conf", "name": "Kill Conf", "zone": "UTC", "visibility": "public",
        "starts_on": "2030-06-10", "ends_on": "2030-06-12", "contact_email": "program@kill.example"});
    root.send("POST", "/events", &event);
    let call = json!({"deadline": {"local": "2030-02-10T23:59", "zone": "UTC"}});
    root.send("PATCH", "/events/kill-conf/call", &call);
    root
}

/// One with a submitted proposal a speaker.
fn event_with_proposals(place: &Place, base: &str) -> Person {
    let root = event(place, base);
    for speaker in 0..SPEAKERS {
        let email = address(speaker);
        assert_eq!(post(&agent(), &format!("{base}/accounts"), &sign_up(&email)).unwrap().0, 202);
        let person = Person::sign_in(base, &email);
        let proposal = json!({"title": format!("Talk {speaker}"), "abstract": "About a talk.", "submit": true});
        person.send("POST", "/events/kill-conf/my/proposals", &proposal);
    }
    root
}

fn address(speaker: usize) -> String {
    format!("speaker{speaker}@kill.example")
}

fn publish(root: &Person, decision: &str) {
    let proposals = root.send("GET", "/events/kill-conf/proposals?limit=100", &Value::Null);
    let codes: Vec<&Value> = proposals["items"].as_array().unwrap().iter().map(|item| &item["code"]).collect();
    root.send("POST", "/events/kill-conf/decisions", &json!({"codes": codes, "decision": decision, "dry_run": false}));
    let preview = root.send("GET", "/events/kill-conf/publications/preview", &Value::Null);
    root.send("POST", "/events/kill-conf/publications", &json!({"version": preview["version"]}));
}

/// Every time a speaker was told `subject`, by address.
fn told(server: &SmtpServer, subject: &str) -> BTreeMap<String, Vec<Came>> {
    let mut told = BTreeMap::<String, Vec<Came>>::new();
    for mail in server.came().into_iter().filter(|mail| mail.raw.contains(subject)) {
        told.entry(mail.to.clone()).or_default().push(mail);
    }
    told
}

fn message_ids(mails: &[Came]) -> BTreeSet<&str> {
    let lines = mails.iter().flat_map(|mail| mail.raw.lines());
    lines.filter(|line| line.starts_with("Message-ID:")).collect()
}

/// Waits until no mail is under way, then compares what the mail server took with what had to be told.
fn all_are_told(place: &Place, server: &SmtpServer, subject: &str, unanswered: usize) {
    place.all_mails_are_sent();
    let told = told(server, subject);
    let expected: BTreeSet<String> = (0..SPEAKERS).map(address).collect();
    assert_eq!(told.keys().cloned().collect::<BTreeSet<_>>(), expected);
    let mut repeated = 0;
    for (to, mails) in &told {
        assert_eq!(mails.iter().filter(|mail| mail.taken).count(), 1, "{to}");
        assert_eq!(message_ids(mails).len(), 1, "{to}: a repeat can be told by its id");
        repeated += mails.len() - 1;
    }
    assert_eq!(repeated, unanswered, "only what got no answer is repeated");
}

#[test]
fn a_publication_survives_kills() {
    let (place, server) = (Place::new(), mail_server());
    let url = server.url();
    let start = |delay| place.start_with(&[("CALLBOARD_SMTP_URL", &url), ("CALLBOARD_PUBLICATION_DELAY", delay)]);
    let mut running = start("2");
    let mut root = event_with_proposals(&place, &format!("{}/api/v1", running.url));

    publish(&root, "rejected");
    running.child.kill().unwrap();
    assert!(told(&server, "about your proposal").is_empty(), "nothing was released yet");
    running = start("0");
    all_are_told(&place, &server, "about your proposal", 0);

    // The fifth mail gets no answer to its end.
    root.base = format!("{}/api/v1", running.url);
    let subject = "your talk is accepted";
    for _ in 0..4 {
        server.once(Stage::Dot, Act::Say("250 taken"));
    }
    server.once(Stage::Dot, Act::Silence);
    publish(&root, "accepted");
    eventually("the fifth mail", || (told(&server, subject).len() == 5).then_some(()));
    running.child.kill().unwrap();
    running.child.wait().unwrap();
    assert_eq!(place.texts("SELECT code AS text FROM mails WHERE state = 'queued'").len(), 4, "the second batch");
    running = start("0");
    all_are_told(&place, &server, subject, 1);
    drop(running);
}
