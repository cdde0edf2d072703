//! Sessions over the API.

use super::{
    actions,
    model::SignIn,
    views::{NewSession, SessionView},
};
use crate::{
    access::{Public, SignedIn},
    accounts::links::model::LinkToken,
    app::Callboard,
    error::Result,
    http::{
        input::{Body, IdPath, UserAgent},
        reply::{Created, List, NoContent},
    },
};

pub async fn sign_in(
    who: Public,
    (app, Body(input), agent): (Callboard, Body<SignIn>, UserAgent),
) -> Result<Created<NewSession>> {
    let begun = actions::sign_in(&app, who, input, agent.0).await?;
    Ok(Created::at("/me".into(), begun.into()))
}

pub async fn sign_in_by_link(
    who: Public,
    (app, Body(input), agent): (Callboard, Body<LinkToken>, UserAgent),
) -> Result<Created<NewSession>> {
    let begun = actions::sign_in_by_link(&app, who, input, agent.0).await?;
    Ok(Created::at("/me".into(), begun.into()))
}

pub async fn sign_out(who: SignedIn, (app,): (Callboard,)) -> Result<NoContent> {
    actions::sign_out(&app, who).await?;
    Ok(NoContent)
}

pub async fn list(who: SignedIn, (app,): (Callboard,)) -> Result<List<SessionView>> {
    let current = who.session()?;
    let sessions = actions::list(&app, who).await?;
    Ok(List::whole(sessions.into_iter().map(|session| SessionView::new(session, current))))
}

pub async fn end(who: SignedIn, (app, id): (Callboard, IdPath)) -> Result<NoContent> {
    actions::end(&app, who, id.0).await?;
    Ok(NoContent)
}

pub async fn end_all(who: SignedIn, (app,): (Callboard,)) -> Result<NoContent> {
    actions::end_all(&app, who).await?;
    Ok(NoContent)
}
