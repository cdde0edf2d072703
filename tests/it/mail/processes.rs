//! Several processes on one database.

use super::{app_with, delivery::claim_and_begin, letter, queue};
use crate::harness::SmtpServer;
use callboard::{
    app::Callboard,
    mail::{
        MailState,
        deliver::{self, AMBIGUOUS_PAUSE, LEASE},
    },
};
use futures_util::future::join_all;
use std::collections::BTreeMap;

const MAILS: usize = 200;

/// How often the server has each mail.
fn ledger(server: &SmtpServer) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for came in server.came() {
        *times.entry(came.message_id().to_owned()).or_default() += 1;
    }
    times
}

async fn round_of_all(boards: &[&Callboard]) -> usize {
    let ended = join_all(boards.iter().map(|board| Box::pin(deliver::round(board)))).await;
    ended.into_iter().map(Result::unwrap).sum()
}

#[actix_web::test]
async fn each_mail_is_sent_once_by_one_of_them() {
    let server = SmtpServer::start().await;
    let app = app_with(&server).await;
    for _ in 0..MAILS {
        queue(&app.board, letter()).await;
    }
    let others = [app.another_process(), app.another_process()];
    let mut ended = 0;
    while ended < MAILS {
        let more = round_of_all(&[&app.board, &others[0], &others[1]]).await;
        assert!(more > 0, "{ended} of {MAILS}");
        ended += more;
    }
    assert_eq!(ended, MAILS);
    let ledger = ledger(&server);
    assert!(ledger.len() == MAILS && ledger.values().all(|times| *times == 1));
    assert!(app.mails().await.iter().all(|mail| (mail.state, mail.attempts) == (MailState::Sent, 1)));
    for board in &others {
        board.db.shutdown();
    }
}

#[actix_web::test]
async fn what_a_process_that_died_had_leased_is_sent_by_another() {
    let server = SmtpServer::start().await;
    let app = app_with(&server).await;
    for _ in 0..MAILS {
        queue(&app.board, letter()).await;
    }
    let (dead, other) = (app.another_process(), app.another_process());
    let begun = claim_and_begin(&dead).await;
    dead.db.shutdown();
    let alive = [&app.board, &other];
    while round_of_all(&alive).await > 0 {}
    assert_eq!(ledger(&server).len(), MAILS - deliver::BATCH);
    app.advance(LEASE);
    while round_of_all(&alive).await > 0 {}
    assert_eq!(ledger(&server).len(), MAILS, "what had begun is due as well: nobody knows better");
    app.advance(AMBIGUOUS_PAUSE);
    round_of_all(&alive).await;
    let ledger = ledger(&server);
    assert!(ledger.len() == MAILS && ledger.values().all(|times| *times == 1));
    for mail in app.mails().await {
        let ends = i64::from(mail.code == begun.code);
        assert_eq!((mail.state, mail.attempts, mail.ambiguous_ends), (MailState::Sent, 1 + ends, ends));
    }
    other.db.shutdown();
}
