//! SQL of the kept answers.

use super::model::{Answer, KEPT_FOR, Key};
use crate::{
    db::{
        Tx,
        portable::lower,
        schema::idempotency,
        types::{IdempotencyId, Ts},
    },
    error::{Error, Result},
    on,
};
use diesel::prelude::*;

/// Takes the key for this transaction; `false` when an earlier one has it. Waits for one that is under way.
pub fn claim(tx: &mut Tx<'_>, actor: &str, key: &Key) -> Result<bool> {
    let row = (
        idempotency::actor.eq(actor),
        idempotency::method.eq(&key.method),
        idempotency::route.eq(&key.route),
        idempotency::key.eq(&key.key),
        idempotency::fingerprint.eq(&key.fingerprint),
        idempotency::created_at.eq(tx.now()?),
    );
    let inserted =
        on!(tx.conn(), c => diesel::insert_into(idempotency::table).values(row).on_conflict_do_nothing().execute(c));
    Ok(inserted? == 1)
}

macro_rules! of_key {
    ($actor:expr, $key:expr) => {
        idempotency::table
            .filter(idempotency::actor.eq($actor))
            .filter(idempotency::method.eq(&$key.method))
            .filter(idempotency::route.eq(&$key.route))
            .filter(idempotency::key.eq(&$key.key))
    };
}

/// The request that the key came with first, and what it was answered.
pub fn find(tx: &mut Tx<'_>, actor: &str, key: &Key) -> Result<(Vec<u8>, Answer)> {
    type Row = (Vec<u8>, Option<i64>, Option<String>, Option<String>, Option<String>);
    let columns =
        (idempotency::fingerprint, idempotency::status, idempotency::location, idempotency::etag, idempotency::body);
    let found: Option<Row> = of_key!(actor, key).select(columns).first(tx.conn()).optional()?;
    // Purged in this moment.
    let (fingerprint, status, location, etag, body) = found.ok_or_else(Error::busy)?;
    let status = status.and_then(|status| u16::try_from(status).ok()).ok_or_else(|| Error::internal("no answer"))?;
    Ok((fingerprint, Answer { status, location, etag, body, again: true }))
}

pub fn keep(tx: &mut Tx<'_>, actor: &str, key: &Key, answer: &Answer) -> Result<()> {
    diesel::update(of_key!(actor, key))
        .set((
            idempotency::status.eq(i64::from(answer.status)),
            idempotency::location.eq(&answer.location),
            idempotency::etag.eq(&answer.etag),
            idempotency::body.eq(&answer.body),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets what somebody was answered, and empties what others were where one of these words stands: theirs were done
/// all the same, so they stay done.
///
/// # Errors
/// When the database refuses it.
pub fn forget(tx: &mut Tx<'_>, actor: &str, words: &[String]) -> Result<()> {
    diesel::delete(idempotency::table.filter(idempotency::actor.eq(actor))).execute(tx.conn())?;
    for word in words {
        let holding = lower(idempotency::body.assume_not_null()).like(format!("%{}%", word.to_lowercase()));
        diesel::update(idempotency::table.filter(idempotency::body.is_not_null()).filter(holding))
            .set(idempotency::body.eq(None::<String>))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Forgets up to `chunk` of the answers that were kept long enough; answers how many.
///
/// # Errors
/// When the database refuses it.
pub fn purge(tx: &mut Tx<'_>, now: Ts, chunk: i64) -> Result<usize> {
    let old = idempotency::table.filter(idempotency::created_at.lt(now.minus(KEPT_FOR))).select(idempotency::id);
    let ids: Vec<IdempotencyId> = old.limit(chunk).load(tx.conn())?;
    Ok(diesel::delete(idempotency::table.filter(idempotency::id.eq_any(ids))).execute(tx.conn())?)
}
