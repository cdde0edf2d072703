//! What the instance's admins do.

use super::{
    model::{Account, EditAccount, Event, ListAccounts, NewOrganizer},
    store,
};
use crate::{
    access::{Admin, Role},
    accounts,
    app::Callboard,
    db::{Class, Turn},
    error::{Error, Result},
    events::{
        self,
        team_model::{Invitation, Invite},
    },
    http::{cursor::Cursor, once::IfMatch},
    metrics::store::Stored,
    once::model::Render,
    tokens,
};

/// One more than `limit` where there are more.
///
/// # Errors
/// `Busy`.
pub async fn list_events(app: &Callboard, who: Admin, after: String, limit: i64) -> Result<Vec<Event>> {
    app.db.read(move |conn| store::list_events(conn, &who, &after, limit + 1)).await
}

/// One more than `limit` where there are more.
///
/// # Errors
/// `BadCursor`.
pub async fn list_accounts(app: &Callboard, who: Admin, input: ListAccounts, limit: i64) -> Result<Vec<Account>> {
    let after = input.cursor.as_deref().map(Cursor::decode).transpose()?;
    let key = input.email.map(|email| email.key());
    app.db
        .read(move |conn| {
            store::list_accounts(conn, &who, key.as_deref(), input.name.as_deref(), after.as_ref(), limit + 1)
        })
        .await
}

/// Nobody changes the own account, so at least one admin remains.
///
/// # Errors
/// `NotFound`; `Stale`; `WrongState` for the own account and for who cannot be admin.
pub async fn edit_account(
    app: &Callboard,
    who: Admin,
    code: String,
    edit: EditAccount,
    version: IfMatch,
) -> Result<Account> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let (id, before) = store::lock_account(tx, who, &code)?;
            // Under the lock: somebody may have taken the actor's own rights in this moment.
            who.still_admin(tx)?;
            if id == who.account() {
                return Err(Error::wrong_state("Ask another admin to change your own account."));
            }
            version.check(before.version)?;
            let now = tx.now()?;
            let after = before.clone().edited(&edit, now)?;
            if after == before {
                return Ok(before);
            }
            store::update_account(tx, who, id, &after)?;
            if after.disabled_at.is_some() {
                accounts::sessions::store::delete_all(tx, id)?;
                tokens::store::delete_all_of(tx, id)?;
            }
            Ok(Account { version: before.version + 1, ..after })
        })
        .await
}

/// Mails a link that makes its addressee an organizer, where no organizer can sign in any more.
///
/// # Errors
/// `NotFound`; `WrongState` where the event has an organizer.
pub async fn invite_organizer<R: Render<Invitation>>(
    app: &Callboard,
    who: Admin,
    slug: String,
    input: NewOrganizer,
    render: R,
) -> Result<R::Out> {
    let board = app.clone();
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let event = store::lock_event(tx, who, &slug)?;
            if events::store::has_organizer(tx.conn(), event)? {
                return Err(Error::wrong_state("The event has organizers. They invite others themselves."));
            }
            let (inviter, email) = (who.account(), &input.email);
            let invite = Invite { event, inviter, email, role: Role::Organizer, limit: &None };
            events::actions::send_invitation(tx, &board, &invite)
        })
        .await
}

pub struct Health {
    pub database: &'static str,
    pub migrations_current: bool,
    /// How many requests wait in each lane.
    pub lanes: Vec<(&'static str, usize)>,
    pub stored: Stored,
}

/// # Errors
/// `Busy`.
pub async fn health(app: &Callboard, _: Admin) -> Result<Health> {
    let now = app.clock.now();
    let read = move |conn: &mut crate::db::Conn| {
        let current = crate::db::migrate::is_current(conn).map_err(Error::internal)?;
        Ok((current, crate::metrics::store::read(conn, now)?))
    };
    let (migrations_current, stored) = app.db.of_class(Class::Critical).read(read).await?;
    let waiting = |lane: crate::db::LaneState| (lane.name, lane.waiting.iter().map(|(_, waiting)| waiting).sum());
    let lanes = app.db.lanes().into_iter().map(waiting).collect();
    Ok(Health { database: app.config.database.kind(), migrations_current, lanes, stored })
}
