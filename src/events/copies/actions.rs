//! Making an event like an earlier one of the same organizer.

use super::model::NewCopy;
use crate::{
    access::{self, EventCreator, Role},
    accounts,
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    calls,
    db::Turn,
    error::{Code, Error, Result},
    events::{model::Event, store},
    once::model::Render,
    reviews,
};

/// Settings, call, formats, tracks, categories, title ideas, milestones and criteria come along; the team, proposals and
/// late links do not.
///
/// # Errors
/// `NotFound` and `Forbidden` for who does not organize the earlier event; field errors.
pub async fn copy<R: Render<Event>>(
    app: &Callboard,
    who: EventCreator,
    earlier: String,
    input: NewCopy,
    render: R,
) -> Result<R::Out> {
    app.db
        .write_once(who, Turn::Plain, render, move |tx, creator| {
            let account = creator.who().account();
            accounts::store::lock_mine(tx, creator.who())?;
            let scope = access::store::find_scope(tx.conn(), &earlier)?.ok_or_else(Error::not_found)?;
            let roles = access::store::memberships(tx.conn(), scope.id, account)?;
            if roles.iter().all(|membership| membership.role != Role::Organizer) {
                let hidden = !scope.visible && roles.is_empty();
                let refused = || Error::new(Code::Forbidden, "Only organizers of an event make another one like it.");
                return Err(if hidden { Error::not_found() } else { refused() });
            }
            let (slug, facts, days) = input.read(store::find(tx.conn(), scope.id)?.facts)?;
            let now = tx.now()?;
            let event = store::insert(tx, &slug, &facts, now)?;
            store::insert_member(tx, event, account, Role::Organizer, now)?;
            let counterparts = calls::copying::actions::copy(tx, scope.id, event, days, &facts.zone)?;
            reviews::criteria::store::copy(tx, scope.id, event, &counterparts.tracks)?;
            let created = Entry::new(Action::EventCreated, Object::Event).with("like", scope.slug);
            audit::record(tx, creator, event, &created)?;
            store::find(tx.conn(), event)
        })
        .await
}
