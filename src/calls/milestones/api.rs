//! Milestones over the API.

use super::{
    actions,
    model::{EditMilestone, Milestone, NewMilestone},
    views::MilestoneForOrganizer,
};
use crate::{
    access::{Organizer, ProposalReader},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath},
        once::{Answered, IfMatch, Once},
        reply::{Created, List, NoContent, Versioned},
    },
};

pub async fn list(who: ProposalReader, (app,): (Callboard,)) -> Result<List<MilestoneForOrganizer>> {
    Ok(List::whole(actions::list(&app, who).await?.into_iter().map(Into::into)))
}

pub async fn add(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewMilestone>, Once),
) -> Result<Answered<Created<MilestoneForOrganizer>>> {
    let list = format!("/events/{}/milestones", who.scope().slug);
    let view = |milestone: Milestone| Created::versioned(list, MilestoneForOrganizer::from(milestone));
    actions::add(&app, who, input, once.then(view)).await
}

pub async fn edit(
    who: Organizer,
    (app, code, Body(edit), version): (Callboard, CodePath, Body<EditMilestone>, IfMatch),
) -> Result<Versioned<MilestoneForOrganizer>> {
    Ok(Versioned(actions::edit(&app, who, code.0, edit, version).await?.into()))
}

pub async fn remove(who: Organizer, (app, code, version): (Callboard, CodePath, IfMatch)) -> Result<NoContent> {
    actions::remove(&app, who, code.0, version).await?;
    Ok(NoContent)
}
