//! What the committee of the example event does beside scoring: it talks, steps back, and asks somebody for a review.

use super::load::{SLUG, input};
use crate::{
    access::{Decider, Reviewer},
    accounts,
    app::Callboard,
    db::{Conn, Tx},
    error::{Error, Result},
    once::model::AsIs,
    reviews::{
        self,
        queue_model::{Mine, Standing},
        queue_store::{Walk, list_standings},
    },
};
use serde_json::json;

const COMMENTS: [&str; 4] = [
    "I would love to see this beside the one about backups. Together they make an hour.",
    "The title promises more than the abstract. Could we ask for an outline?",
    "We had something like it last year, and the chat was full of questions. Yes please.",
    "Good for beginners, and we have few of those so far.",
];
/// How many proposals each reviewer says something about, is too close to, and is asked to look at.
const DISCUSSED: usize = 6;
const CLOSE: usize = 2;
const ASKED: usize = 5;

/// `team` are the addresses, the organizer's first.
pub(super) async fn talk(app: &Callboard, team: &[&'static str]) -> Result<()> {
    let [organizer, reviewers @ ..] = team else { return Ok(()) };
    let mut pairs = vec![];
    for &email in reviewers {
        let (who, account) = reviewer(app, email).await?;
        let done = standings(app, &who, Mine::Done, DISCUSSED).await?;
        for (proposal, text) in done.into_iter().zip(COMMENTS.iter().cycle()) {
            let comment = input(json!({"text": text}))?;
            reviews::comments::actions::add(app, who.clone(), proposal.reference, comment, AsIs).await?;
        }
        let mut left = standings(app, &who, Mine::Left, CLOSE + ASKED).await?.into_iter();
        for close in left.by_ref().take(CLOSE) {
            let kind = input(json!({"kind": "close"}))?;
            reviews::conflicts::actions::declare(app, who.clone(), close.reference, kind).await?;
        }
        pairs.extend(left.map(|asked| (asked.reference, account.clone())));
        end_sessions(app, email).await?;
    }
    assign(app, organizer, pairs).await
}

async fn assign(app: &Callboard, organizer: &'static str, pairs: Vec<(String, String)>) -> Result<()> {
    let (token, _) = session(app, organizer).await?;
    let at = app.clock.now();
    let who = app.db.read(move |conn| Decider::of_token(conn, &token, SLUG, at)).await?;
    let rows = pairs.iter().map(|(reference, account)| format!("{reference},{account}\n"));
    let csv = format!("ref,reviewer\n{}", rows.collect::<String>());
    reviews::assignments::actions::assign_csv(app, who, input(json!({"csv": csv}))?, AsIs).await?;
    end_sessions(app, organizer).await
}

async fn reviewer(app: &Callboard, email: &'static str) -> Result<(Reviewer, String)> {
    let (token, account) = session(app, email).await?;
    let at = app.clock.now();
    Ok((app.db.read(move |conn| Reviewer::of_token(conn, &token, SLUG, at)).await?, account))
}

/// The token of a new session, and the code of the account.
async fn session(app: &Callboard, email: &'static str) -> Result<(String, String)> {
    let begin = |tx: &mut Tx<'_>| {
        let account = accounts::store::find_by_key(tx.conn(), email)?.ok_or_else(Error::not_found)?;
        let token = accounts::sessions::actions::begin(tx, &account, "demo")?.token;
        Ok((token, account.code))
    };
    app.db.write(begin).await
}

async fn end_sessions(app: &Callboard, email: &'static str) -> Result<()> {
    let end = |tx: &mut Tx<'_>| {
        let account = accounts::store::find_by_key(tx.conn(), email)?.ok_or_else(Error::not_found)?;
        accounts::sessions::store::delete_all(tx, account.id)
    };
    app.db.write(end).await
}

async fn standings(app: &Callboard, who: &Reviewer, mine: Mine, most: usize) -> Result<Vec<Standing>> {
    let who = who.clone();
    let list = move |conn: &mut Conn| {
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        list_standings(conn, &who, Some(mine), &Walk { begin: "", after: None, limit })
    };
    app.db.read(list).await
}
