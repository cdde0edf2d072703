//! A periodic job is done by one server at a time, as often as it should be, and by another one when that one died.

use crate::harness::TestApp;
use callboard::{
    app::Callboard,
    config::Config,
    db::{
        Tx,
        schema::{accounts, leases, sessions},
        types::{AccountId, Ts},
    },
    error::{Error, Result},
    jobs::{
        schedule::{self, CHUNK, JOBS, Job, LEASE},
        store,
    },
};
use diesel::prelude::*;
use std::time::Duration;

const MICROSECOND: Duration = Duration::from_micros(1);
const HOUR: Duration = Duration::from_hours(1);

fn names() -> Vec<&'static str> {
    JOBS.iter().map(|job| job.name).collect()
}

async fn round(app: &Callboard, jobs: &'static [Job]) -> Vec<&'static str> {
    schedule::round(app, jobs).await.unwrap()
}

async fn result(app: &TestApp, name: &'static str) -> Option<String> {
    let row = leases::table.filter(leases::name.eq(name)).select(leases::last_result);
    app.board.db.read(move |conn| Ok(row.first::<Option<String>>(conn)?)).await.unwrap()
}

#[actix_web::test]
async fn every_job_is_done_as_often_as_it_should() {
    let app = TestApp::new().await;
    assert_eq!(round(&app.board, JOBS).await, names());
    app.advance(HOUR.saturating_sub(MICROSECOND));
    assert_eq!(round(&app.board, JOBS).await, Vec::<&str>::new());
    app.advance(MICROSECOND);
    assert_eq!(round(&app.board, JOBS).await, names());
}

#[actix_web::test]
async fn the_job_of_a_dead_server_is_taken_over_when_its_lease_ends() {
    let app = TestApp::new().await;
    let name = JOBS[0].name;
    let claim = || app.board.db.write(|tx| store::claim(tx, JOBS[0].name, HOUR, LEASE));
    let held = |lease: store::Lease| app.board.db.write(move |tx| store::renew(tx, &lease, LEASE));
    let dead = claim().await.unwrap().unwrap();
    app.advance(LEASE.saturating_sub(MICROSECOND));
    assert!(claim().await.unwrap().is_none());
    assert!(!round(&app.board, JOBS).await.contains(&name));
    app.advance(MICROSECOND);
    assert!(round(&app.board, JOBS).await.contains(&name));
    app.advance(HOUR);
    let alive = claim().await.unwrap().unwrap();
    assert!(!held(dead).await.unwrap(), "it has lost it");
    assert!(held(alive).await.unwrap());
}

#[actix_web::test]
async fn of_two_servers_one_does_a_job() {
    let app = TestApp::new().await;
    let other = app.another_process();
    for _ in 0..20 {
        let (mut one, two) = futures_util::future::join(round(&app.board, JOBS), round(&other, JOBS)).await;
        one.extend(two);
        one.sort_unstable();
        let mut expected = names();
        expected.sort_unstable();
        assert_eq!(one, expected);
        app.advance(HOUR);
    }
    other.db.shutdown();
}

#[actix_web::test]
async fn many_rows_go_in_chunks() {
    let app = TestApp::new().await;
    app.unverified("ada").await;
    let many = 2 * CHUNK + 1;
    let fill = move |tx: &mut Tx<'_>| {
        let account: AccountId = accounts::table.select(accounts::id).first(tx.conn())?;
        let now = tx.now()?;
        for count in 0..many {
            let row = (
                sessions::code.eq(tx.random().code(10)),
                sessions::account_id.eq(account),
                sessions::token_sha256.eq(count.to_be_bytes().to_vec()),
                sessions::user_agent.eq(""),
                sessions::created_at.eq(now),
                sessions::last_used_at.eq(now),
                sessions::expires_at.eq(now),
            );
            diesel::insert_into(sessions::table).values(row).execute(tx.conn())?;
        }
        Ok(())
    };
    app.board.db.write(fill).await.unwrap();
    assert_eq!(round(&app.board, JOBS).await, names());
    let left = app.board.db.read(|conn| Ok(sessions::table.count().get_result::<i64>(conn)?)).await.unwrap();
    assert_eq!(left, 1, "ada's own");
    assert_eq!(result(&app, "expired_sessions").await, Some(format!("done: {many}")));
}

fn fails(_: &mut Tx<'_>, _: &Config, _: Ts, _: i64) -> Result<usize> {
    Err(Error::internal("no luck"))
}

#[actix_web::test]
async fn a_failed_job_is_tried_again_after_its_lease() {
    static FAILING: [Job; 2] = [
        Job { name: "failing", every: HOUR, chunk: fails },
        Job { name: "fine", every: HOUR, chunk: |_, _, _, _| Ok(0) },
    ];
    let app = TestApp::new().await;
    assert_eq!(round(&app.board, &FAILING).await, ["fine"], "the others are done all the same");
    assert!(result(&app, "failing").await.unwrap().starts_with("failed: "));
    let due = || {
        let now = app.board.clock.now();
        app.board.db.read(move |conn| Ok(store::list(conn)?.remove(0).is_due(HOUR, now)))
    };
    app.advance(LEASE.saturating_sub(MICROSECOND));
    assert!(!due().await.unwrap());
    app.advance(MICROSECOND);
    assert!(due().await.unwrap());
}

/// As if this server had been so slow that another one took the job over in between.
fn is_overtaken(tx: &mut Tx<'_>, _: &Config, _: Ts, most: i64) -> Result<usize> {
    diesel::update(leases::table).set(leases::holder.eq("somebody else")).execute(tx.conn())?;
    Ok(usize::try_from(most).unwrap())
}

#[actix_web::test]
async fn whoever_lost_a_job_leaves_it_alone() {
    static OVERTAKEN: [Job; 1] = [Job { name: "overtaken", every: HOUR, chunk: is_overtaken }];
    let app = TestApp::new().await;
    assert_eq!(round(&app.board, &OVERTAKEN).await, Vec::<&str>::new());
    assert_eq!(result(&app, "overtaken").await, None);
    let known = app.board.db.read(store::list).await.unwrap().remove(0);
    assert_eq!(known.until, Some(app.board.clock.now().plus(LEASE)), "the other's lease");
}
