//! Assignments over the API.

use super::{
    actions,
    model::{Assign, AssignCsv, Assignment, Filter},
    views::{Assigned, AssignmentView},
};
use crate::{
    access::{Decider, ProposalReader},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, IdPath, Query},
        once::{Answered, Once},
        reply::{Json, List, NoContent},
    },
};

pub async fn list(
    who: ProposalReader,
    (app, Query(filter)): (Callboard, Query<Filter>),
) -> Result<List<AssignmentView>> {
    let limit = i64::from(filter.limit.unwrap_or(50));
    let found = actions::list(&app, who, filter).await?;
    Ok(List::page(found, limit, Assignment::place, AssignmentView::from))
}

pub async fn assign(
    who: Decider,
    (app, Body(input), once): (Callboard, Body<Assign>, Once),
) -> Result<Answered<Json<Assigned>>> {
    let dry_run = input.dry_run;
    actions::assign(&app, who, input, once.then(move |outcomes| Json(Assigned::new(dry_run, outcomes)))).await
}

pub async fn assign_csv(
    who: Decider,
    (app, Body(input), once): (Callboard, Body<AssignCsv>, Once),
) -> Result<Answered<Json<Assigned>>> {
    let dry_run = input.dry_run;
    actions::assign_csv(&app, who, input, once.then(move |outcomes| Json(Assigned::new(dry_run, outcomes)))).await
}

pub async fn remove(who: Decider, (app, id): (Callboard, IdPath)) -> Result<NoContent> {
    actions::remove(&app, who, id.0).await?;
    Ok(NoContent)
}
