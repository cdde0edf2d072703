//! Proposals over the API.

use super::{
    actions, editing,
    model::{EditProposal, Filter, NewProposal},
    organize::{
        self,
        views::{ForOrganizer, Listed},
    },
    views::ForSpeaker,
};
use crate::{
    access::{Organizer, ProposalReader, SignedIn, Speaker},
    app::Callboard,
    error::Result,
    http::{
        input::{Arrived, Body, CodePath, Query},
        once::{Answered, IfMatch, Once},
        reply::{Created, Json, List, NoContent, Versioned},
    },
};

pub async fn mine_everywhere(who: SignedIn, (app,): (Callboard,)) -> Result<List<ForSpeaker>> {
    Ok(List::whole(actions::mine_everywhere(&app, who).await?.into_iter().map(Into::into)))
}

pub async fn mine(who: Speaker, (app,): (Callboard,)) -> Result<List<ForSpeaker>> {
    Ok(List::whole(actions::mine_here(&app, who).await?.into_iter().map(Into::into)))
}

pub async fn create(
    who: Speaker,
    (app, Body(input), arrived, once): (Callboard, Body<NewProposal>, Arrived, Once),
) -> Result<Answered<Created<ForSpeaker>>> {
    let view = |mine: actions::Mine| {
        let view = ForSpeaker::from(mine);
        Created::versioned(format!("/events/{}/my/proposals/{}", view.event, view.code), view)
    };
    actions::create(&app, who, input, arrived, once.then(view)).await
}

pub async fn show_mine(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<Versioned<ForSpeaker>> {
    Ok(Versioned(actions::show(&app, who, code.0).await?.into()))
}

pub async fn edit(
    who: Speaker,
    (app, code, Body(input), version, arrived): (Callboard, CodePath, Body<EditProposal>, IfMatch, Arrived),
) -> Result<Versioned<ForSpeaker>> {
    let edit = editing::actions::Edit { input, version, arrived };
    Ok(Versioned(editing::actions::edit(&app, who, code.0, edit).await?.into()))
}

pub async fn delete(who: Speaker, (app, code, version): (Callboard, CodePath, IfMatch)) -> Result<NoContent> {
    actions::delete(&app, who, code.0, version).await?;
    Ok(NoContent)
}

pub async fn submit(
    who: Speaker,
    (app, code, arrived, once): (Callboard, CodePath, Arrived, Once),
) -> Result<Answered<Versioned<ForSpeaker>>> {
    actions::submit(&app, who, code.0, arrived, once.then(for_speaker)).await
}

pub async fn withdraw(
    who: Speaker,
    (app, code, once): (Callboard, CodePath, Once),
) -> Result<Answered<Versioned<ForSpeaker>>> {
    actions::withdraw(&app, who, code.0, once.then(for_speaker)).await
}

pub async fn undo_withdrawal(
    who: Speaker,
    (app, code, arrived, once): (Callboard, CodePath, Arrived, Once),
) -> Result<Answered<Versioned<ForSpeaker>>> {
    actions::undo_withdrawal(&app, who, code.0, arrived, once.then(for_speaker)).await
}

fn for_speaker(mine: actions::Mine) -> Versioned<ForSpeaker> {
    Versioned(mine.into())
}

pub async fn list(who: ProposalReader, (app, Query(filter)): (Callboard, Query<Filter>)) -> Result<List<Listed>> {
    let listed = organize::actions::list(&app, who, filter).await?;
    let view = |proposal| Listed::new(proposal, &listed.summaries);
    Ok(List { items: listed.proposals.into_iter().map(view).collect(), next: listed.next })
}

pub async fn show(who: ProposalReader, (app, code): (Callboard, CodePath)) -> Result<Json<ForOrganizer>> {
    Ok(for_organizer(organize::actions::show(&app, who, code.0).await?))
}

pub async fn cancel(
    who: Organizer,
    (app, code, once): (Callboard, CodePath, Once),
) -> Result<Answered<Json<ForOrganizer>>> {
    organize::actions::cancel(&app, who, code.0, once.then(for_organizer)).await
}

pub async fn reinstate(
    who: Organizer,
    (app, code, once): (Callboard, CodePath, Once),
) -> Result<Answered<Json<ForOrganizer>>> {
    organize::actions::reinstate(&app, who, code.0, once.then(for_organizer)).await
}

pub async fn mark_invited(
    who: Organizer,
    (app, code, once): (Callboard, CodePath, Once),
) -> Result<Answered<Json<ForOrganizer>>> {
    organize::actions::mark_invited(&app, who, code.0, true, once.then(for_organizer)).await
}

pub async fn unmark_invited(
    who: Organizer,
    (app, code, once): (Callboard, CodePath, Once),
) -> Result<Answered<Json<ForOrganizer>>> {
    organize::actions::mark_invited(&app, who, code.0, false, once.then(for_organizer)).await
}

fn for_organizer(shown: organize::actions::Shown) -> Json<ForOrganizer> {
    Json(shown.into())
}
