//! Drafts of reviews over the API.

use super::{actions, model::SaveDraft, views::DraftView};
use crate::{
    access::Reviewer,
    app::Callboard,
    error::Result,
    http::{
        input::{Body, RefPath},
        once::IfMatch,
        reply::{NoContent, Versioned},
    },
};

pub async fn show(who: Reviewer, (app, reference): (Callboard, RefPath)) -> Result<Versioned<DraftView>> {
    Ok(Versioned(actions::show(&app, who, reference.0).await?.into()))
}

pub async fn save(
    who: Reviewer,
    (app, reference, Body(input), version): (Callboard, RefPath, Body<SaveDraft>, IfMatch),
) -> Result<Versioned<DraftView>> {
    Ok(Versioned(actions::save(&app, who, reference.0, input, version).await?.into()))
}

pub async fn discard(who: Reviewer, (app, reference, version): (Callboard, RefPath, IfMatch)) -> Result<NoContent> {
    actions::discard(&app, who, reference.0, version).await?;
    Ok(NoContent)
}

pub async fn skip(who: Reviewer, (app, reference): (Callboard, RefPath)) -> Result<NoContent> {
    actions::skip(&app, who, reference.0).await?;
    Ok(NoContent)
}

pub async fn unskip(who: Reviewer, (app, reference): (Callboard, RefPath)) -> Result<NoContent> {
    actions::unskip(&app, who, reference.0).await?;
    Ok(NoContent)
}
