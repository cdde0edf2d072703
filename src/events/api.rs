//! Events and their teams over the API.

use super::{
    actions,
    model::{EditEvent, Event, NewEvent},
    team_model::{EditMember, NewInvitation, WhichRole},
    views::{self, ForPublic, HeldView, InvitationView, Joined, MemberView, Settings},
};
use crate::{
    access::{EventCreator, EventReader, Organizer, Public, PublicEvent, SignedIn},
    accounts::links::model::LinkToken,
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath, IdPath, Query},
        once::{Answered, IfMatch, Once},
        reply::{Created, Json, List, NoContent, Versioned},
    },
};

pub async fn list(who: Public, (app,): (Callboard,)) -> Result<List<ForPublic>> {
    Ok(List::whole(views::list(actions::list(&app, &who).await?)))
}

pub async fn create(
    who: EventCreator,
    (app, Body(input), once): (Callboard, Body<NewEvent>, Once),
) -> Result<Answered<Created<Settings>>> {
    // A draft's public address answers 404, so it is the settings that one finds there.
    let view = |event: Event| Created::versioned(format!("/events/{}/settings", event.slug), Settings::from(event));
    actions::create(&app, who, input, once.then(view)).await
}

pub async fn show(who: PublicEvent, (app,): (Callboard,)) -> Result<Json<ForPublic>> {
    Ok(Json(actions::show(&app, who).await?.into()))
}

pub async fn settings(who: EventReader, (app,): (Callboard,)) -> Result<Versioned<Settings>> {
    Ok(Versioned(actions::settings(&app, who).await?.into()))
}

pub async fn edit(
    who: Organizer,
    (app, Body(input), version): (Callboard, Body<EditEvent>, IfMatch),
) -> Result<Versioned<Settings>> {
    Ok(Versioned(actions::edit(&app, who, input, version).await?.into()))
}

pub async fn list_members(who: EventReader, (app,): (Callboard,)) -> Result<List<MemberView>> {
    Ok(List::whole(actions::list_members(&app, who).await?.into_iter().map(MemberView::from)))
}

pub async fn limit_member(
    who: Organizer,
    (app, code, Body(input), version): (Callboard, IdPath, Body<EditMember>, IfMatch),
) -> Result<Versioned<HeldView>> {
    Ok(Versioned(actions::limit_member(&app, who, code.0, input, version).await?.into()))
}

pub async fn remove_member(
    who: Organizer,
    (app, code, Query(which)): (Callboard, IdPath, Query<WhichRole>),
) -> Result<NoContent> {
    actions::remove_member(&app, who, code.0, which.role).await?;
    Ok(NoContent)
}

pub async fn list_invitations(who: EventReader, (app,): (Callboard,)) -> Result<List<InvitationView>> {
    Ok(List::whole(actions::list_invitations(&app, who).await?.into_iter().map(InvitationView::from)))
}

pub async fn invite(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewInvitation>, Once),
) -> Result<Answered<Created<InvitationView>>> {
    let list = format!("/events/{}/invitations", who.scope().slug);
    actions::invite(&app, who, input, once.then(|invitation| Created::at(list, InvitationView::from(invitation)))).await
}

pub async fn take_back_invitation(who: Organizer, (app, code): (Callboard, CodePath)) -> Result<NoContent> {
    actions::take_back_invitation(&app, who, code.0).await?;
    Ok(NoContent)
}

pub async fn accept(
    who: SignedIn,
    (app, Body(input), once): (Callboard, Body<LinkToken>, Once),
) -> Result<Answered<Json<Joined>>> {
    actions::accept(&app, who, input, once.then(|joined| Json(Joined::from(joined)))).await
}
