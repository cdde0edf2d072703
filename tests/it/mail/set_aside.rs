//! After a restore nothing goes out by itself that may have been sent since the backup.

use super::{app_with, deliver, letter, queue};
use crate::harness::SmtpServer;
use callboard::{
    db::{Tx, schema::mails, types::MailId},
    error::Result,
    mail::{
        self, MailState,
        deliver::{LEASE, MOST_AMBIGUOUS_ENDS},
        store::HeldBy,
    },
};
use diesel::prelude::*;
use std::time::Duration;

/// Changes the mail at that place in the order of their making.
macro_rules! change {
    ($tx:expr, $place:literal, $($change:expr),+) => {{
        let ids: Vec<MailId> = mails::table.select(mails::id).order(mails::id).load($tx.conn())?;
        diesel::update(mails::table.find(ids[$place])).set(($($change,)+)).execute($tx.conn())?;
    }};
}

fn every_state(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now()?;
    let until = now.plus(LEASE);
    change!(tx, 1, mails::state.eq(MailState::Held), mails::held_by.eq(HeldBy::Publication));
    change!(tx, 2, mails::state.eq(MailState::Leased), mails::lease_until.eq(until));
    change!(
        tx,
        3,
        mails::state.eq(MailState::Leased),
        mails::lease_until.eq(until),
        mails::begun_at.eq(now),
        mails::recalled.eq(true)
    );
    change!(tx, 4, mails::state.eq(MailState::Retrying), mails::attempts.eq(3));
    change!(tx, 5, mails::state.eq(MailState::Ambiguous), mails::ambiguous_ends.eq(1));
    change!(tx, 6, mails::state.eq(MailState::Ambiguous), mails::ambiguous_ends.eq(MOST_AMBIGUOUS_ENDS));
    change!(tx, 7, mails::state.eq(MailState::Failed));
    change!(tx, 8, mails::state.eq(MailState::Sent), mails::sent_at.eq(now));
    change!(tx, 9, mails::state.eq(MailState::Canceled), mails::body_text.eq(""), mails::body_html.eq(""));
    Ok(())
}

#[actix_web::test]
async fn what_may_have_been_sent_is_left_to_people() {
    let server = SmtpServer::start().await;
    let app = app_with(&server).await;
    for _ in 0..10 {
        queue(&app.board, letter()).await;
    }
    app.board.db.write(every_state).await.unwrap();
    assert_eq!(mail::actions::set_aside(&app.board.db).await.unwrap(), 6);
    assert_eq!(mail::actions::set_aside(&app.board.db).await.unwrap(), 0);
    let fates: Vec<_> = app.mails().await.into_iter().map(|mail| (mail.state, mail.ambiguous_ends)).collect();
    let expected = [
        vec![(MailState::Ambiguous, MOST_AMBIGUOUS_ENDS); 7],
        vec![(MailState::Failed, 0), (MailState::Sent, 0), (MailState::Canceled, 0)],
    ];
    assert_eq!(fates, expected.concat());
    app.advance(Duration::from_hours(24));
    assert_eq!(deliver(&app).await, 0);
    assert_eq!(server.came(), []);
}
