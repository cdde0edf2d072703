//! What the lanes promise: one transaction a job, errors and panics undo one job only, readers cannot write.

use crate::harness::TestApp;
use callboard::{
    db::{Class, Tx, room::RECENTLY, schema::accounts},
    error::{Code, Error, Result},
};
use diesel::prelude::*;
use futures_util::future::join_all;
use std::{
    pin::Pin,
    sync::{Arc, Mutex},
};

fn rename(tx: &mut Tx<'_>, name: &str) -> Result<usize> {
    Ok(diesel::update(accounts::table).set(accounts::name.eq(name)).execute(tx.conn())?)
}

async fn name(app: &TestApp) -> String {
    app.board.db.read(|conn| Ok(accounts::table.select(accounts::name).first::<String>(conn)?)).await.unwrap()
}

#[actix_web::test]
async fn a_failed_or_panicked_job_leaves_nothing_behind() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    let failed = app.board.db.write(|tx| rename(tx, "x").and(Err::<(), _>(Error::not_found()))).await;
    assert_eq!(failed.unwrap_err().code(), Code::NotFound);
    assert_eq!(name(&app).await, "ada");
    let panicked = app.board.db.write(|tx| {
        let renamed = rename(tx, "x")?;
        assert_eq!(renamed, 0, "a bug in a job");
        Ok(())
    });
    assert_eq!(panicked.await.unwrap_err().code(), Code::Internal);
    assert_eq!(name(&app).await, "ada");
    assert_eq!(app.board.db.write(|tx| rename(tx, "y")).await.unwrap(), 1);
    assert_eq!(name(&app).await, "y");
}

#[actix_web::test]
async fn a_swallowed_database_error_commits_nothing_more() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    let swallowed = app.board.db.write(|tx| {
        rename(tx, "x")?;
        let broken = diesel::sql_query("INSERT INTO accounts (id) VALUES (1)").execute(tx.conn());
        assert!(broken.is_err());
        Ok(())
    });
    // On SQLite the statement alone is undone; PostgreSQL gives the whole transaction up, and the answer says so.
    let postgres = crate::harness::database::postgres_server().is_some();
    assert_eq!(swallowed.await.is_err(), postgres);
    assert_eq!(name(&app).await, if postgres { "ada" } else { "x" });
}

#[actix_web::test]
async fn a_reader_cannot_write() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    let written =
        app.board.db.read(|conn| Ok(diesel::update(accounts::table).set(accounts::name.eq("x")).execute(conn)?)).await;
    assert!(written.is_err());
    assert_eq!(name(&app).await, "ada");
}

/// SQLite only: a page limit fills its disk.
#[actix_web::test]
async fn a_full_disk_is_no_fault_of_ours_and_passes() {
    if crate::harness::database::postgres_server().is_some() {
        return;
    }
    let app = TestApp::new().await;
    app.speaker("ada").await;
    let limit = |pages: &'static str| {
        let board = app.board.clone();
        async move {
            let job = move |tx: &mut Tx<'_>| {
                Ok(diesel::sql_query(format!("PRAGMA max_page_count = {pages}")).execute(tx.conn())?)
            };
            board.db.write(job).await.unwrap();
        }
    };
    limit("1").await;
    let full = app.board.db.write(|tx| rename(tx, &"x".repeat(100_000))).await;
    assert_eq!(full.unwrap_err().code(), Code::Busy);
    assert_eq!(name(&app).await, "ada");
    let ready = || async { app.anonymous().page("/readyz").await };
    assert_eq!(ready().await.expect(503).text(), "database: no room left on its disk");
    limit("1000000").await;
    app.advance(RECENTLY);
    assert_eq!(ready().await.expect(200).text(), "ready");
    assert_eq!(app.board.db.write(|tx| rename(tx, &"x".repeat(100_000))).await.unwrap(), 1);
}

/// Jobs that wait while the writers are held, all taken up when they are let go.
async fn together<T: 'static>(app: &TestApp, jobs: Vec<Pin<Box<dyn Future<Output = T>>>>) -> Vec<T> {
    let held = app.block_writers().await;
    let running: Vec<_> = jobs.into_iter().map(actix_web::rt::spawn).collect();
    app.queued(running.len()).await;
    held.release().await;
    join_all(running).await.into_iter().map(Result::unwrap).collect()
}

fn insert(tx: &mut Tx<'_>, name: &str) -> Result<usize> {
    let row = (
        accounts::code.eq(name),
        accounts::email.eq(name),
        accounts::email_key.eq(name),
        accounts::name.eq(name),
        accounts::is_admin.eq(false),
        accounts::version.eq(1),
        accounts::created_at.eq(tx.now()?),
    );
    Ok(diesel::insert_into(accounts::table).values(row).execute(tx.conn())?)
}

#[actix_web::test]
async fn jobs_that_wait_share_a_commit_and_fail_alone() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    let transactions = || app.board.db.lanes()[1].metrics.transactions.get();
    let job = |count: usize| -> Pin<Box<dyn Future<Output = Result<usize>>>> {
        let db = app.board.db.clone();
        Box::pin(async move {
            db.write(move |tx| {
                let inserted = insert(tx, &format!("job {count}"))?;
                match count % 5 {
                    3 => Err(Error::not_found()),
                    4 => panic!("a bug in a job"),
                    _ => Ok(inserted),
                }
            })
            .await
        })
    };
    let before = transactions();
    let answers = together(&app, (0..50).map(job).collect()).await;
    // They share even that of the job that held the writer; on PostgreSQL there are four of those.
    let shared = crate::harness::database::postgres_server().is_none();
    assert_eq!(transactions() - before, if shared { 1 } else { 54 });
    let codes: Vec<_> = answers.iter().map(|answer| answer.as_ref().err().map(Error::code)).collect();
    for (count, code) in codes.into_iter().enumerate() {
        let expected = [None, None, None, Some(Code::NotFound), Some(Code::Internal)][count % 5];
        assert_eq!(code, expected, "job {count}");
    }
    let stored = |conn: &mut callboard::db::Conn| {
        Ok(accounts::table.filter(accounts::email.like("job %")).count().get_result::<i64>(conn)?)
    };
    assert_eq!(app.board.db.read(stored).await.unwrap(), 30);
}

/// SQLite only: a full disk ends the transaction that the jobs share.
#[actix_web::test]
async fn what_shared_a_lost_transaction_is_told_so() {
    if crate::harness::database::postgres_server().is_some() {
        return;
    }
    let app = TestApp::new().await;
    app.speaker("ada").await;
    let job = |count: usize| -> Pin<Box<dyn Future<Output = Result<usize>>>> {
        let db = app.board.db.clone();
        Box::pin(async move {
            db.write(move |tx| {
                if count == 5 {
                    diesel::sql_query("PRAGMA max_page_count = 1").execute(tx.conn())?;
                    return insert(tx, &"x".repeat(1_000_000));
                }
                insert(tx, &format!("job {count}"))
            })
            .await
        })
    };
    let answers = together(&app, (0..10).map(job).collect()).await;
    for (count, answer) in answers.into_iter().enumerate() {
        let code = answer.map_err(|error| error.code());
        let name = format!("job {count}");
        let look = move |conn: &mut callboard::db::Conn| {
            Ok(accounts::table.filter(accounts::email.eq(name)).count().get_result::<i64>(conn)?)
        };
        let stored = app.board.db.read(look).await.unwrap();
        // What came after it had a transaction, and soon a connection, of its own.
        assert_eq!(stored, i64::from(code.is_ok() && count != 5), "job {count}: {code:?}");
        if count <= 5 {
            assert_eq!(code, Err(Code::Busy), "job {count}");
        }
    }
}

#[actix_web::test]
async fn bulk_is_turned_away_first_and_served_last() {
    let app = TestApp::new().await;
    let held = app.block_writers().await;
    let order = Arc::new(Mutex::new(vec![]));
    let ask = |class: Class| {
        let (db, order) = (app.board.db.of_class(class), Arc::clone(&order));
        actix_web::rt::spawn(async move {
            db.write(move |_| {
                order.lock().unwrap().push(class);
                Ok(())
            })
            .await
        })
    };
    let mut asked = vec![];
    for class in Class::ALL.into_iter().rev() {
        asked.extend((0..class.bound()).map(|_| ask(class)));
    }
    app.queued(Class::ALL.into_iter().map(Class::bound).sum()).await;
    for class in Class::ALL {
        assert_eq!(ask(class).await.unwrap().unwrap_err().code(), Code::Busy, "{class:?}");
    }
    held.release().await;
    for answer in join_all(asked).await {
        answer.unwrap().unwrap();
    }
    if crate::harness::database::postgres_server().is_none() {
        let served = order.lock().unwrap().clone();
        assert!(served.is_sorted(), "not in the order of service");
    }
}
