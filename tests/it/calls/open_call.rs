//! The deadline, where proposals meet it.

use super::{PACIFIC, deadline, setup};
use crate::{
    events::event,
    harness::{TestApp, database::postgres_server},
};
use callboard::{
    calls::{
        model::Setup,
        parts::{self, model::NewPart},
        store::{self, OpenCall},
    },
    db::{
        Tx, Url,
        types::{EventId, FormatId, TrackId},
    },
    error::{Code, Result},
};
use diesel::{Connection, PgConnection, RunQueryDsl, connection::SimpleConnection, sql_query, sql_types::BigInt};
use serde_json::json;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

const MICROSECOND: Duration = Duration::from_micros(1);
const CALL: &str = "/events/posette/call";

fn hold_and_open(tx: &mut Tx<'_>, of: (EventId, FormatId, Option<TrackId>), arrived: Duration) -> Result<OpenCall> {
    let (options, held) = store::hold(tx, of.0, arrived)?;
    options.open(held, of.1, of.2, PACIFIC)
}

async fn ask(app: &TestApp, of: (EventId, FormatId, Option<TrackId>), arrived: Duration) -> Result<OpenCall> {
    let (event, format, track) = of;
    app.board.db.write(move |tx| hold_and_open(tx, (event, format, track), arrived)).await
}

/// Asks at an instant, for a request that did not wait.
async fn ask_at(app: &TestApp, of: (EventId, FormatId, Option<TrackId>), now: &str) -> Result<OpenCall> {
    app.set_clock(now);
    ask(app, of, app.board.clock.monotonic()).await
}

#[actix_web::test]
async fn open_to_the_last_microsecond_and_closed_at_the_next() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let edit = json!({"deadline": deadline("2025-02-09T23:59", PACIFIC), "limit_per_speaker": 3});
    admin.patch(CALL, edit).await.expect(200);
    let (event, parts) = setup(&app, "posette").await;
    let talk = (event, parts.formats[0].id, None);
    let open = ask_at(&app, talk, "2025-02-10T07:59:59.999999Z").await.unwrap();
    assert_eq!(open.decided_at().to_string(), "2025-02-10T07:59:59.999999Z");
    assert_eq!(open.ends_at().to_string(), "2025-02-10T08:00:00Z");
    assert_eq!((open.limit_per_speaker(), open.zone()), (Some(3), PACIFIC));
    let closed = ask_at(&app, talk, "2025-02-10T08:00:00Z").await.unwrap_err();
    assert_eq!(closed.code(), Code::CallClosed);
    assert_eq!(
        closed.detail(),
        "It was Sunday 9 February 2025, 11:59 PM PST (UTC−8): proposals had to arrive before 2025-02-10T08:00:00Z."
    );
}

#[actix_web::test]
async fn the_grace_counts_and_is_not_told() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let edit = json!({"deadline": deadline("2025-02-09T23:59", "UTC"), "grace_minutes": 10});
    admin.patch(CALL, edit).await.expect(200);
    let (event, parts) = setup(&app, "posette").await;
    let talk = (event, parts.formats[0].id, None);
    let open = ask_at(&app, talk, "2025-02-10T00:09:59.999999Z").await.unwrap();
    assert_eq!(open.ends_at().to_string(), "2025-02-10T00:00:00Z");
    let closed = ask_at(&app, talk, "2025-02-10T00:10:00Z").await.unwrap_err();
    assert!(closed.detail().contains("2025-02-10T00:00:00Z") && !closed.detail().contains("00:10"), "{closed}");
}

#[actix_web::test]
async fn not_open_before_it_opens_nor_without_a_deadline() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let (event, parts) = setup(&app, "posette").await;
    let talk = (event, parts.formats[0].id, None);
    let no_deadline = ask_at(&app, talk, "2025-01-15T12:00:00Z").await.unwrap_err();
    assert_eq!(no_deadline.code(), Code::CallNotOpen);
    let edit = json!({"opens_at": "2025-01-20T09:00:00Z", "deadline": deadline("2025-02-09T23:59", "UTC")});
    admin.patch(CALL, edit).await.expect(200);
    let early = ask_at(&app, talk, "2025-01-20T08:59:59.999999Z").await.unwrap_err();
    assert_eq!(early.code(), Code::CallNotOpen);
    assert!(early.detail().contains("2025-01-20T09:00:00Z (Monday 20 January 2025, 1:00:00 AM PST"), "{early}");
    ask_at(&app, talk, "2025-01-20T09:00:00Z").await.unwrap();
}

#[actix_web::test]
async fn the_format_counts_before_the_track_and_the_track_before_the_call() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let until = |day: &str| deadline(&format!("{day}T23:59"), "UTC");
    admin.patch(CALL, json!({"deadline": until("2025-02-05")})).await.expect(200);
    let workshop = json!({"name": "Workshop", "minutes": 180, "deadline": until("2025-02-01")});
    admin.post("/events/posette/formats", workshop).await.expect(201);
    admin.post("/events/posette/tracks", json!({"name": "Late", "deadline": until("2025-02-09")})).await.expect(201);
    let (event, parts) = setup(&app, "posette").await;
    let (talk, workshop, late) = (parts.formats[0].id, parts.formats[1].id, Some(parts.tracks[0].id));
    for (of, last) in [
        ((event, talk, None), "2025-02-05"),
        ((event, talk, late), "2025-02-09"),
        ((event, workshop, None), "2025-02-01"),
        ((event, workshop, late), "2025-02-01"),
    ] {
        ask_at(&app, of, &format!("{last}T23:59:59.999999Z")).await.unwrap();
        app.advance(MICROSECOND);
        let closed = ask(&app, of, app.board.clock.monotonic()).await.unwrap_err();
        assert_eq!(closed.code(), Code::CallClosed, "{last}");
    }
}

#[actix_web::test]
async fn a_queue_makes_nobody_late_for_30_seconds() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    admin.patch(CALL, json!({"deadline": deadline("2025-02-09T23:59", "UTC")})).await.expect(200);
    let (event, parts) = setup(&app, "posette").await;
    let talk = (event, parts.formats[0].id, None);
    app.set_clock("2025-02-09T23:59:59.999999Z");
    let arrived = app.board.clock.monotonic();
    app.advance(Duration::from_secs(30));
    let open = ask(&app, talk, arrived).await.unwrap();
    assert_eq!(open.decided_at().to_string(), "2025-02-09T23:59:59.999999Z");
    app.advance(MICROSECOND);
    assert_eq!(ask(&app, talk, arrived).await.unwrap_err().code(), Code::CallClosed);
    assert_eq!(ask(&app, talk, app.board.clock.monotonic()).await.unwrap_err().code(), Code::CallClosed);
}

#[actix_web::test]
async fn parts_of_another_event_are_not_found() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    event(&app, "other").await;
    admin.post("/events/other/tracks", json!({"name": "Core"})).await.expect(201);
    admin.patch(CALL, json!({"deadline": deadline("2025-02-09T23:59", "UTC")})).await.expect(200);
    let (event, parts) = setup(&app, "posette").await;
    let (_, others) = setup(&app, "other").await;
    let arrived = app.board.clock.monotonic();
    let format = ask(&app, (event, others.formats[0].id, None), arrived).await.unwrap_err();
    let track = ask(&app, (event, parts.formats[0].id, Some(others.tracks[0].id)), arrived).await.unwrap_err();
    assert_eq!((format.code(), track.code()), (Code::NotFound, Code::NotFound));
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// A second connection to the app's database, where that is a server: only there two transactions run side by side.
fn beside(app: &TestApp) -> Option<PgConnection> {
    postgres_server()?;
    let Url::Postgres { url, .. } = &app.board.config.database else { panic!("the tests run on PostgreSQL") };
    Some(PgConnection::establish(url).unwrap())
}

/// Whether a transaction of this database waits for a lock.
fn somebody_waits(watch: &mut PgConnection) -> bool {
    let waiting = "SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() \
                   AND wait_event_type = 'Lock'";
    sql_query(waiting).get_result::<Count>(watch).unwrap().count > 0
}

/// A submission holds the call open while an organizer shortens a deadline.
async fn moves_after_the_submission_under_way(path_of: impl Fn(&Setup) -> String) {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let Some(mut watch) = beside(&app) else { return };
    admin.patch(CALL, json!({"deadline": deadline("2025-02-09T23:59", "UTC")})).await.expect(200);
    admin.post("/events/posette/tracks", json!({"name": "Core"})).await.expect(201);
    let (event, parts) = setup(&app, "posette").await;
    let of = (event, parts.formats[0].id, Some(parts.tracks[0].id));
    let arrived = app.board.clock.monotonic();
    let (decided, is_decided) = tokio::sync::oneshot::channel();
    let moved = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&moved);
    let submission = app.board.db.write(move |tx| {
        let open = hold_and_open(tx, of, arrived)?;
        decided.send(()).unwrap();
        while !somebody_waits(&mut watch) {
            assert!(!seen.load(Ordering::SeqCst), "the deadline moved under a submission");
            std::thread::yield_now();
        }
        // What a submission stores refers to the event, which the organizer has locked: that must not be a deadlock.
        let part = NewPart { code: tx.random().code(6), name: "Other".into(), deadline: None };
        parts::store::insert_track(tx, of.0, &part)?;
        Ok(open)
    });
    let shorten = async {
        is_decided.await.unwrap();
        let earlier = json!({"deadline": deadline("2025-01-01T00:00", "UTC"), "confirm": true});
        let shortened = admin.patch(&path_of(&parts), earlier).await;
        moved.store(true, Ordering::SeqCst);
        shortened.expect(200)
    };
    let (open, _) = tokio::join!(submission, shorten);
    assert_eq!(open.unwrap().ends_at().to_string(), "2025-02-10T00:00:00Z");
    assert_eq!(ask(&app, of, arrived).await.unwrap_err().code(), Code::CallClosed);
}

#[actix_web::test]
async fn a_moved_deadline_waits_for_the_submission_under_way() {
    moves_after_the_submission_under_way(|_| CALL.to_owned()).await;
    moves_after_the_submission_under_way(|parts| format!("/events/posette/formats/{}", parts.formats[0].code)).await;
    moves_after_the_submission_under_way(|parts| format!("/events/posette/tracks/{}", parts.tracks[0].code)).await;
}

#[actix_web::test]
async fn a_submission_sees_the_deadline_that_was_just_moved() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let (Some(mut organizer), Some(mut watch)) = (beside(&app), beside(&app)) else { return };
    admin.patch(CALL, json!({"deadline": deadline("2025-02-09T23:59", "UTC")})).await.expect(200);
    let (event, parts) = setup(&app, "posette").await;
    let (format, arrived) = (parts.formats[0].id, app.board.clock.monotonic());
    organizer.batch_execute("BEGIN; UPDATE calls SET closes_at = '2025-01-15 12:00:00+00'").unwrap();
    let answered = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&answered);
    let submission = async {
        let answer = ask(&app, (event, format, None), arrived).await;
        answered.store(true, Ordering::SeqCst);
        answer
    };
    let commit = tokio::task::spawn_blocking(move || {
        while !somebody_waits(&mut watch) {
            assert!(!seen.load(Ordering::SeqCst), "a submission did not wait for the deadline under way");
            std::thread::yield_now();
        }
        organizer.batch_execute("COMMIT").unwrap();
    });
    let (answer, done) = tokio::join!(submission, commit);
    done.unwrap();
    assert_eq!(answer.unwrap_err().code(), Code::CallClosed);
}
