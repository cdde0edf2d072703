//! Who speaks, over the API.

use super::{
    actions,
    model::{HandOver, InviteSpeaker},
    views::SpeakerOfMine,
};
use crate::{
    access::Speaker,
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath, SpeakerPath},
        once::{Answered, Once},
        reply::{Created, List, NoContent},
    },
};

pub async fn list(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<List<SpeakerOfMine>> {
    Ok(List::whole(SpeakerOfMine::all(actions::list(&app, who, code.0).await?)))
}

pub async fn invite(
    who: Speaker,
    (app, code, Body(input), once): (Callboard, CodePath, Body<InviteSpeaker>, Once),
) -> Result<Answered<Created<SpeakerOfMine>>> {
    let list = format!("/events/{}/my/proposals/{}/speakers", who.scope().slug, code.0);
    let view = |waiting| Created::at(list, SpeakerOfMine::invited(waiting, true));
    actions::invite(&app, who, code.0, input, once.then(view)).await
}

pub async fn remove(who: Speaker, (app, code, id): (Callboard, CodePath, SpeakerPath)) -> Result<NoContent> {
    actions::remove(&app, who, code.0, id.0).await?;
    Ok(NoContent)
}

pub async fn hand_over(
    who: Speaker,
    (app, code, Body(input), once): (Callboard, CodePath, Body<HandOver>, Once),
) -> Result<Answered<NoContent>> {
    actions::hand_over(&app, who, code.0, input, once.then(|()| NoContent)).await
}
