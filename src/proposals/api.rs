//! Proposals over the API.

use super::{
    actions,
    model::{EditProposal, Filter, NewProfile, NewProposal},
    organize::{self, views::ForOrganizer},
    views::{ForSpeaker, ProfileView},
};
use crate::{
    access::{Organizer, SignedIn, Speaker},
    app::Callboard,
    error::{Error, Result},
    http::{
        input::{Arrived, Body, CodePath, Query},
        reply::{Created, Json, List, NoContent},
    },
};

/// 404 until there is one: the first proposal makes it from the account, and so does setting it.
pub async fn my_profile(who: Speaker, (app,): (Callboard,)) -> Result<Json<ProfileView>> {
    let profile = actions::my_profile(&app, who).await?;
    profile.map(|profile| Json(profile.into())).ok_or_else(Error::not_found)
}

pub async fn set_profile(who: Speaker, (app, Body(input)): (Callboard, Body<NewProfile>)) -> Result<Json<ProfileView>> {
    Ok(Json(actions::set_profile(&app, who, input).await?.into()))
}

pub async fn mine_everywhere(who: SignedIn, (app,): (Callboard,)) -> Result<List<ForSpeaker>> {
    Ok(List::whole(actions::mine_everywhere(&app, who).await?.into_iter().map(Into::into)))
}

pub async fn mine(who: Speaker, (app,): (Callboard,)) -> Result<List<ForSpeaker>> {
    Ok(List::whole(actions::mine_here(&app, who).await?.into_iter().map(Into::into)))
}

pub async fn create(
    who: Speaker,
    (app, Body(input), arrived): (Callboard, Body<NewProposal>, Arrived),
) -> Result<Created<ForSpeaker>> {
    let view: ForSpeaker = actions::create(&app, who, input, arrived).await?.into();
    Ok(Created { location: format!("/events/{}/my/proposals/{}", view.event, view.code), view })
}

pub async fn show_mine(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<Json<ForSpeaker>> {
    Ok(Json(actions::show(&app, who, code.0).await?.into()))
}

pub async fn edit(
    who: Speaker,
    (app, code, Body(input), arrived): (Callboard, CodePath, Body<EditProposal>, Arrived),
) -> Result<Json<ForSpeaker>> {
    Ok(Json(actions::edit(&app, who, code.0, input, arrived).await?.into()))
}

pub async fn delete(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<NoContent> {
    actions::delete(&app, who, code.0).await?;
    Ok(NoContent)
}

pub async fn submit(who: Speaker, (app, code, arrived): (Callboard, CodePath, Arrived)) -> Result<Json<ForSpeaker>> {
    Ok(Json(actions::submit(&app, who, code.0, arrived).await?.into()))
}

pub async fn withdraw(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<Json<ForSpeaker>> {
    Ok(Json(actions::withdraw(&app, who, code.0).await?.into()))
}

pub async fn undo_withdrawal(
    who: Speaker,
    (app, code, arrived): (Callboard, CodePath, Arrived),
) -> Result<Json<ForSpeaker>> {
    Ok(Json(actions::undo_withdrawal(&app, who, code.0, arrived).await?.into()))
}

pub async fn list(who: Organizer, (app, Query(filter)): (Callboard, Query<Filter>)) -> Result<List<ForOrganizer>> {
    let listed = organize::actions::list(&app, who, filter).await?;
    let view = |proposal| ForOrganizer::new(proposal, &listed.summaries);
    Ok(List { items: listed.proposals.into_iter().map(view).collect(), next: listed.next })
}

pub async fn show(who: Organizer, (app, code): (Callboard, CodePath)) -> Result<Json<ForOrganizer>> {
    let (proposal, summaries) = organize::actions::show(&app, who, code.0).await?;
    Ok(Json(ForOrganizer::new(proposal, &summaries)))
}

pub async fn cancel(who: Organizer, (app, code): (Callboard, CodePath)) -> Result<Json<ForOrganizer>> {
    let (proposal, summaries) = organize::actions::cancel(&app, who, code.0).await?;
    Ok(Json(ForOrganizer::new(proposal, &summaries)))
}

pub async fn reinstate(who: Organizer, (app, code): (Callboard, CodePath)) -> Result<Json<ForOrganizer>> {
    let (proposal, summaries) = organize::actions::reinstate(&app, who, code.0).await?;
    Ok(Json(ForOrganizer::new(proposal, &summaries)))
}
