//! What happens at the same time happens one after the other.

use super::{DELAY, shown};
use crate::harness::{
    TestApp,
    seed::{Event, code},
};
use callboard::{jobs, mail::MailState};
use futures_util::future::{join, join_all};
use serde_json::json;

async fn decided(app: &TestApp, event: &Event, names: &[&str]) -> Vec<String> {
    let mut talks = vec![];
    for name in names {
        let speaker = app.speaker(name).await;
        let talk = code(&event.submit(&speaker, &format!("Talk of {name}")).await);
        event.decide(&talk, "accepted").await;
        talks.push(talk);
    }
    talks
}

#[actix_web::test]
async fn of_64_publishes_at_once_one_publishes() {
    for (delay, refusal) in [("60", "publication_waiting"), ("0", "preview_outdated")] {
        let app = TestApp::with(&[("publication_delay", delay)]).await;
        let event = app.event("conf").await;
        let names = ["ada", "bob", "cem"];
        decided(&app, &event, &names).await;
        let version = event.version().await;
        let path = event.path("/publications");
        let answers = join_all((0..64).map(|_| event.organizer.post(&path, version.clone()))).await;
        let (made, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 201);
        assert_eq!((made.len(), refused.len()), (1, 63));
        for answer in refused {
            answer.problem(409, refusal);
        }
        let list = event.organizer.get(&path).await.expect(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1);
        for name in names {
            assert_eq!(app.decision_mails(name).await.len(), 1, "one mail to {name}");
        }
    }
}

#[actix_web::test]
async fn of_many_servers_one_releases() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    decided(&app, &event, &["ada", "bob"]).await;
    event.publish().await;
    app.advance(DELAY);
    let released = join_all((0..16).map(|_| jobs::release_due(&app.board))).await;
    assert_eq!(released.into_iter().map(Result::unwrap).sum::<usize>(), 1);
    assert_eq!(app.decision_mails("ada").await.len(), 1);
}

#[actix_web::test]
async fn stopped_or_released_but_never_both() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let talks = decided(&app, &event, &["ada"]).await;
    for _ in 0..5 {
        let publication = event.publish().await;
        app.advance(DELAY);
        let stop = event.stop(&publication);
        let (stopped, released) = join(event.organizer.act(&stop), jobs::release_due(&app.board)).await;
        let stopped = stopped.status == 200;
        assert_eq!(released.unwrap(), usize::from(!stopped));
        let told = event.seen(&talks[0]).await["published_decision"] == "accepted";
        assert_eq!(told, !stopped);
        let live = app.live_decision_mails("ada").await.len();
        assert_eq!(live, usize::from(told));
        if told {
            break;
        }
    }
}

/// All but the last one leave.
const TITLES: [&str; 4] = ["Bears", "Cats", "Dogs", "Eels"];

/// Whatever comes first: what is told and what left are never the same, and no mail is left behind.
#[actix_web::test]
async fn leaving_while_it_is_published_released_or_stopped() {
    let app = TestApp::new().await;
    for round in 0..8 {
        let event = app.event(&format!("conf{round}")).await;
        let name = format!("ada{round}");
        let ada = app.speaker(&name).await;
        let mut talks = vec![];
        for title in TITLES {
            let talk = code(&event.submit(&ada, title).await);
            event.decide(&talk, "accepted").await;
            talks.push(talk);
        }
        let version = event.version().await;
        let [first, third] = [0, 2].map(|nth: usize| event.mine(&format!("/{}/withdraw", talks[nth])));
        let cancel = event.path(&format!("/proposals/{}/cancel", talks[1]));
        let publications = event.path("/publications");
        let (left, published) = join(ada.act(&first), event.organizer.post(&publications, version)).await;
        assert_eq!(left.status, 200, "{}", left.text());
        let publication = if published.status == 201 {
            published.json()
        } else {
            published.problem(409, "preview_outdated");
            event.publish().await
        };
        app.advance(DELAY);
        let stop = event.stop(&publication);
        let end = async {
            if round % 2 == 0 {
                jobs::release_due(&app.board).await.unwrap();
            } else {
                event.organizer.act(&stop).await.expect(200);
            }
        };
        let leave = join(event.organizer.act(&cancel), ada.act(&third));
        let (canceled, withdrawn) = if round % 4 < 2 { join(leave, end).await.0 } else { join(end, leave).await.1 };
        assert_eq!(canceled.status, 200, "{}", canceled.text());
        assert!(matches!(withdrawn.status.as_u16(), 200 | 409), "{}", withdrawn.text());

        let live = app.live_decision_mails(&name).await;
        assert!(live.iter().all(|mail| mail.state == MailState::Queued), "none is held for ever");
        for (talk, title) in talks.iter().zip(TITLES) {
            let seen = event.seen(talk).await;
            let mentioned = live.iter().filter(|mail| shown(mail).contains(title)).count();
            let told = seen["lifecycle"] == "submitted" && seen["published_decision"] == "accepted";
            assert_eq!(mentioned, usize::from(told), "{title}: {seen}");
            assert!(title != "Eels" || told == (round % 2 == 0), "{seen}");
        }
    }
}

#[actix_web::test]
async fn all_of_a_speakers_proposals_leave_at_once() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let mut leave = vec![];
    for nth in 0..8 {
        let talk = code(&event.submit(&ada, &format!("Number {nth}")).await);
        event.decide(&talk, "rejected").await;
        leave.push(event.path(&format!("/proposals/{talk}/cancel")));
    }
    event.publish().await;
    let left = join_all(leave.iter().map(|path| event.organizer.act(path))).await;
    for answer in left {
        answer.expect(200);
    }
    assert_eq!(app.live_decision_mails("ada").await.len(), 0);
}

#[actix_web::test]
async fn of_many_answers_at_once_each_is_mailed_once() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let talks = decided(&app, &event, &["ada"]).await;
    event.tell(&app).await;
    let token = app.link_mailed_to("ada", "acceptance").await;
    let ada = app.sign_in("ada").await;
    let confirm = event.mine(&format!("/{}/confirm", talks[0]));
    let by_link = json!({"token": token, "answer": "confirm"});
    let anyone = app.anonymous();
    let answers = join(
        join_all((0..8).map(|_| ada.act(&confirm))),
        join_all((0..8).map(|_| anyone.post("/confirmations", by_link.clone()))),
    );
    let (mine, linked) = answers.await;
    for answer in mine.into_iter().chain(linked) {
        assert_eq!(answer.expect(200).json()["confirmation"], "confirmed");
    }
    assert_eq!(app.mails_to("ada", "confirmation_received").await.len(), 1);
    let decline = event.mine(&format!("/{}/decline", talks[0]));
    for answer in join_all((0..8).map(|_| ada.act(&decline))).await {
        answer.expect(200);
    }
    assert_eq!(app.mails_to("admin", "speaker_left").await.len(), 1);
}
