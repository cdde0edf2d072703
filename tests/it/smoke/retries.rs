//! One request is sent again and again with one key while the program is killed: it acts once, and all are told the same.

use super::{Place, agent, post, publication::Person, sign_up};
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

const RETRIES: usize = 64;
const PAUSE: Duration = Duration::from_millis(50);
/// So that it ends when something has failed.
const MOST_TRIES: usize = 5000;
/// Longer than the work of the process itself takes to reach any of the points below.
const LONGEST_LIFE: Duration = Duration::from_mins(1);

/// Status, body, and the headers that are a part of the answer.
type Answer = (u16, String, Vec<String>);

/// Sends it until it is answered and `enough` is set; all the answers there were.
fn send(base: &Mutex<String>, token: &str, enough: &AtomicBool) -> BTreeSet<Answer> {
    let (agent, mut answers) = (agent(), BTreeSet::new());
    for _ in 0..MOST_TRIES {
        if !answers.is_empty() && enough.load(Ordering::Relaxed) {
            break;
        }
        let url = format!("{}/events/kill-conf/my/proposals", base.lock().unwrap());
        let request = agent.post(url).header("authorization", format!("Bearer {token}"));
        let body = json!({"title": "Once", "abstract": "About a talk.", "submit": true});
        let sent = request.header("idempotency-key", "\"8e03978e\"").send_json(body);
        let read = sent.ok().and_then(|mut answer| {
            let named = ["location", "etag", "content-type"].iter().map(|name| answer.headers().get(*name));
            let headers = named.map(|value| format!("{value:?}")).collect();
            Some((answer.status().as_u16(), answer.body_mut().read_to_string().ok()?, headers))
        });
        let is_busy = |text: &str| text.contains("\"busy\"") || text.contains("\"unknown_outcome\"");
        answers.extend(read.filter(|(status, text, _)| *status != 503 || !is_busy(text)));
        thread::sleep(PAUSE);
    }
    answers
}

#[test]
fn retries_with_one_key_act_once_across_kills() {
    let unlimited = ("CALLBOARD_RATE_LIMITS", "off");
    let place = Place::new();
    let mut running = place.start_with(&[unlimited]);
    let api = format!("{}/api/v1", running.url);
    super::publication::event(&place, &api);
    assert_eq!(post(&agent(), &format!("{api}/accounts"), &sign_up("ada@kill.example")).unwrap().0, 202);
    let speaker = Person::sign_in(&api, "ada@kill.example");
    running.child.kill().unwrap();
    let (base, enough) = (Mutex::new(api), AtomicBool::new(false));
    let answers: BTreeSet<Answer> = thread::scope(|scope| {
        let retries: Vec<_> = (0..RETRIES).map(|_| scope.spawn(|| send(&base, &speaker.token, &enough))).collect();
        // It dies with nothing stored, or with something stored and nobody told, here and there among the work that the
        // process does by itself.
        for fault in ["before_commit:4", "after_commit:6", "before_commit:9", "after_commit:12", "after_commit:30"] {
            running = place.start_with(&[unlimited, ("CALLBOARD_TEST_FAULT", fault)]);
            *base.lock().unwrap() = format!("{}/api/v1", running.url);
            assert!(!running.ended_within(LONGEST_LIFE).success(), "{fault}");
        }
        running = place.start_with(&[unlimited]);
        *base.lock().unwrap() = format!("{}/api/v1", running.url);
        enough.store(true, Ordering::Relaxed);
        retries.into_iter().flat_map(|retry| retry.join().unwrap()).collect()
    });
    let [(status, body, _)] = &answers.iter().collect::<Vec<_>>()[..] else { panic!("{answers:?}") };
    assert_eq!(*status, 201, "{body}");
    let told: Value = serde_json::from_str(body).unwrap();
    let stored = place.texts("SELECT code AS text FROM proposals");
    assert_eq!(stored.into_iter().collect::<Vec<_>>(), [told["code"].as_str().unwrap()]);
    assert_eq!(place.texts("SELECT code AS text FROM mails WHERE kind LIKE 'proposal_received%'").len(), 1);
}
