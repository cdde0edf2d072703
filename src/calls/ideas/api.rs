//! Title ideas over the API.

use super::{
    actions,
    model::{EditIdea, Idea, NewIdea},
    views::IdeaForOrganizer,
};
use crate::{
    access::{Organizer, ProposalReader, Speaker},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath},
        once::{Answered, IfMatch, Once},
        reply::{Created, List, NoContent, Versioned},
    },
    proposals::{actions::Mine, views::ForSpeaker},
};

pub async fn list(who: ProposalReader, (app,): (Callboard,)) -> Result<List<IdeaForOrganizer>> {
    Ok(List::whole(actions::list(&app, who).await?.into_iter().map(Into::into)))
}

pub async fn add(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewIdea>, Once),
) -> Result<Answered<Created<IdeaForOrganizer>>> {
    let list = format!("/events/{}/title-ideas", who.scope().slug);
    let view = |idea: Idea| Created::versioned(list, IdeaForOrganizer::from(idea));
    actions::add(&app, who, input, once.then(view)).await
}

pub async fn edit(
    who: Organizer,
    (app, code, Body(edit), version): (Callboard, CodePath, Body<EditIdea>, IfMatch),
) -> Result<Versioned<IdeaForOrganizer>> {
    Ok(Versioned(actions::edit(&app, who, code.0, edit, version).await?.into()))
}

pub async fn remove(who: Organizer, (app, code, version): (Callboard, CodePath, IfMatch)) -> Result<NoContent> {
    actions::remove(&app, who, code.0, version).await?;
    Ok(NoContent)
}

pub async fn start(
    who: Speaker,
    (app, code, once): (Callboard, CodePath, Once),
) -> Result<Answered<Created<ForSpeaker>>> {
    let view = |mine: Mine| {
        let view = ForSpeaker::from(mine);
        Created::versioned(format!("/events/{}/my/proposals/{}", view.event, view.code), view)
    };
    actions::start(&app, who, code.0, once.then(view)).await
}
