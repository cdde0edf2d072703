//! Criteria over the API.

use super::{
    actions,
    model::{EditCriterion, NewCriterion},
    views::Criterion,
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

pub async fn list(who: ProposalReader, (app,): (Callboard,)) -> Result<List<Criterion>> {
    Ok(List::whole(actions::list(&app, who).await?.into_iter().map(Into::into)))
}

pub async fn add(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewCriterion>, Once),
) -> Result<Answered<Created<Criterion>>> {
    let list = format!("/events/{}/criteria", who.scope().slug);
    actions::add(&app, who, input, once.then(|criterion| Created::versioned(list, Criterion::from(criterion)))).await
}

pub async fn edit(
    who: Organizer,
    (app, code, Body(input), version): (Callboard, CodePath, Body<EditCriterion>, IfMatch),
) -> Result<Versioned<Criterion>> {
    Ok(Versioned(actions::edit(&app, who, code.0, input, version).await?.into()))
}

pub async fn remove(who: Organizer, (app, code, version): (Callboard, CodePath, IfMatch)) -> Result<NoContent> {
    actions::remove(&app, who, code.0, version).await?;
    Ok(NoContent)
}
