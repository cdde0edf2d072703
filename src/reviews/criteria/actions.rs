//! What organizers do with criteria.

use super::{
    model::{Criterion, EditCriterion, MOST_CRITERIA, NewCriterion, among, check_scale},
    store,
};
use crate::{
    access::{Can, Implies, Organizer, ReadProposals},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    calls,
    db::Turn,
    error::{Code, Error, Result},
    http::once::IfMatch,
    once::model::Render,
};

/// # Errors
/// When the database refuses it.
pub async fn list(app: &Callboard, who: Can<impl Implies<ReadProposals>>) -> Result<Vec<Criterion>> {
    app.db.read(move |conn| store::list(conn, who.event())).await
}

/// Reviews that are in keep the criteria they have.
///
/// # Errors
/// `Invalid`; `WrongState` when the event has as many as it may.
pub async fn add<R: Render<Criterion>>(
    app: &Callboard,
    who: Organizer,
    input: NewCriterion,
    render: R,
) -> Result<R::Out> {
    let labels: Vec<String> = input.labels.iter().map(|label| label.as_str().to_owned()).collect();
    check_scale(input.lowest, input.highest, &labels)?;
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            if store::list(tx.conn(), who.event())?.len() >= MOST_CRITERIA {
                return Err(Error::wrong_state(format!("An event has at most {MOST_CRITERIA} criteria.")));
            }
            let tracks = calls::parts::store::list_tracks(tx.conn(), who.event())?;
            let tracks = among(input.tracks.as_deref(), &tracks)?;
            let added = store::insert(tx, who, input, &tracks)?;
            audit::record(
                tx,
                who,
                who.event(),
                &Entry::new(Action::CriterionAdded, Object::Criterion(added.code.clone())),
            )?;
            Ok(added)
        })
        .await
}

/// # Errors
/// `InUse` for another scale when reviews have scores on the old one.
pub async fn edit(
    app: &Callboard,
    who: Organizer,
    code: String,
    input: EditCriterion,
    version: IfMatch,
) -> Result<Criterion> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let before = store::lock(tx, who, &code)?;
            version.check(before.version)?;
            let (after, rescaled) = before.edited(input, &calls::parts::store::list_tracks(tx.conn(), who.event())?)?;
            if rescaled && store::is_used(tx.conn(), before.id)? {
                return Err(Error::new(
                    Code::InUse,
                    "Reviews have scores on its scale. Add another criterion instead.",
                ));
            }
            store::update(tx, who, &after)?;
            audit::record(tx, who, who.event(), &Entry::new(Action::CriterionChanged, Object::Criterion(code)))?;
            Ok(Criterion { version: after.version + 1, ..after })
        })
        .await
}

/// # Errors
/// `InUse` when reviews have scores for it; `WrongState` for the last one.
pub async fn remove(app: &Callboard, who: Organizer, code: String, version: IfMatch) -> Result<()> {
    app.db
        .write_as(who, Turn::EventLocked, move |tx, who| {
            let criterion = store::lock(tx, who, &code)?;
            version.check_if_sent(criterion.version)?;
            if store::is_used(tx.conn(), criterion.id)? {
                return Err(Error::new(Code::InUse, "Reviews have scores for it. Lower its weight instead."));
            }
            if store::list(tx.conn(), who.event())?.len() <= 1 {
                return Err(Error::wrong_state("An event keeps at least one criterion."));
            }
            audit::record(tx, who, who.event(), &Entry::new(Action::CriterionRemoved, Object::Criterion(code)))?;
            store::delete(tx, who, criterion.id)
        })
        .await
}
