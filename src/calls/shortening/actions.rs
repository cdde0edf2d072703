//! Asking twice, and telling the drafters.

use super::{
    model::{Draft, end, is_shortened, loses},
    store,
};
use crate::{
    access::store::Scope,
    app::Callboard,
    calls::{model::Setup, time},
    db::Tx,
    error::{Code, Error, Result},
    mail::{self, About, message::DeadlineMoved},
};

/// What becomes of the drafters when the organizers, under the call's lock, make `after` of `before`. Nothing while the
/// event is in preparation, where nobody was told.
///
/// # Errors
/// `ConfirmFirst` where a deadline comes earlier and that is not `confirmed`.
pub fn settle(
    tx: &mut Tx<'_>,
    app: &Callboard,
    scope: &Scope,
    (before, after): (&Setup, &Setup),
    confirmed: bool,
) -> Result<()> {
    let now = tx.now()?;
    if !scope.visible || !is_shortened(before, after, now) {
        return Ok(());
    }
    let mut drafts = store::drafts(tx.conn(), scope.id)?;
    drafts.retain(|draft| loses(before, after, (draft.format, draft.track), now));
    if !confirmed {
        let drafts = match drafts.len() {
            0 => "Nobody has a draft that it would concern".to_owned(),
            1 => "Whoever has the one draft that it concerns is told by mail".to_owned(),
            count => format!("Whoever has one of the {count} drafts that it concerns is told by mail"),
        };
        let detail = format!("Speakers were told a later deadline. {drafts}. Send it again with `\"confirm\": true`.");
        return Err(Error::new(Code::ConfirmFirst, detail));
    }
    for of_one in drafts.chunk_by(|one, other| one.owner.account == other.owner.account) {
        tell(tx, app, scope, after, of_one)?;
    }
    Ok(())
}

fn tell(tx: &mut Tx<'_>, app: &Callboard, scope: &Scope, after: &Setup, drafts: &[Draft]) -> Result<()> {
    let Some(first) = drafts.first() else { return Ok(()) };
    let until = |draft: &Draft| {
        end(after, draft.format, draft.track)
            .map(|deadline| time::shown(&deadline.local, &deadline.zone, deadline.closes_at))
    };
    let titles: Vec<(String, Option<String>)> =
        drafts.iter().map(|draft| (draft.title.clone(), until(draft))).collect();
    let letter = DeadlineMoved { event: &scope.name, name: &first.owner.name, drafts: &titles }.letter();
    let proposals = drafts.iter().map(|draft| draft.proposal).collect();
    let about = About { event: Some(scope.about()), proposals, ..About::default() };
    mail::queue(tx, app, &first.owner, &about, &letter)
}
