//! Mails that nobody at the address has asked for: anybody can have them sent to anybody. Each address gets only so many,
//! counted in the outbox, over all servers.

use super::store;
use crate::{
    app::Callboard,
    db::{Tx, portable},
    error::{Error, Result},
};
use std::time::Duration;

/// All that are counted: what is sent on a request of somebody who may not be the addressee.
pub const KINDS: &[&str] = &[
    "verify",
    "account_exists",
    "reset",
    "sign_in_link",
    "change_email",
    "address_in_use",
    "invitation",
    "speaker_invitation",
];
pub const MOST: usize = 5;
pub const WINDOW: Duration = Duration::from_hours(1);

/// Whether the address may get one more. For requests of nobody in particular: they are answered as ever and nothing is
/// sent, so that nobody learns what others asked for.
///
/// # Errors
/// When the database refuses it.
pub fn is_welcome(tx: &mut Tx<'_>, app: &Callboard, address: &str) -> Result<bool> {
    let welcome = wait(tx, app, address)?.is_none();
    if !welcome {
        tracing::info!("A mail was not written: its address had {MOST} within an hour that nobody there asked for");
    }
    Ok(welcome)
}

/// For senders who are known: they are told.
///
/// # Errors
/// `TooMany`.
pub fn check(tx: &mut Tx<'_>, app: &Callboard, address: &str) -> Result<()> {
    let Some(wait) = wait(tx, app, address)? else { return Ok(()) };
    Err(Error::too_many("This address has had too many mails within an hour. Try again later.", wait))
}

/// How long the address is left in peace. Holds whoever asks about the same one until the transaction ends, so nothing
/// that others wait for may be locked after this.
fn wait(tx: &mut Tx<'_>, app: &Callboard, address: &str) -> Result<Option<Duration>> {
    if !app.config.rate_limits {
        return Ok(None);
    }
    let key = address.to_lowercase();
    portable::lock_word(tx.conn(), &key)?;
    let now = tx.now()?;
    let latest = store::latest_to(tx.conn(), &key, KINDS, now.minus(WINDOW), MOST)?;
    let oldest = latest.get(MOST - 1);
    Ok(oldest.map(|oldest| oldest.plus(WINDOW).since(now)))
}
