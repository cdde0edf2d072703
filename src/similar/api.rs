//! Near-duplicates over the API.

use super::{
    actions,
    model::{AddPastTalks, PastTalk},
    views::{AddedView, PairView, PastTalkView, SimilarView},
};
use crate::{
    access::{Organizer, ProposalReader, Speaker},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, CodePath, IdPath, Page, Query},
        once::{Answered, Once},
        reply::{Json, List, NoContent},
    },
};

pub async fn of_mine(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<List<SimilarView>> {
    Ok(List::whole(actions::of_mine(&app, who, code.0).await?.into_iter().map(SimilarView::from)))
}

pub async fn pairs(who: ProposalReader, (app,): (Callboard,)) -> Result<List<PairView>> {
    Ok(List::whole(actions::pairs(&app, who).await?.into_iter().map(PairView::from)))
}

pub async fn list_past(
    who: ProposalReader,
    (app, Query(page)): (Callboard, Query<Page>),
) -> Result<List<PastTalkView>> {
    let talks = actions::list_past(&app, who, &page).await?;
    Ok(List::page(talks, page.limit(), PastTalk::place, PastTalkView::from))
}

pub async fn add_past(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<AddPastTalks>, Once),
) -> Result<Answered<Json<AddedView>>> {
    actions::add_past(&app, who, input, once.then(|added| Json(AddedView::from(added)))).await
}

pub async fn remove_past(who: Organizer, (app, id): (Callboard, IdPath)) -> Result<NoContent> {
    actions::remove_past(&app, who, id.0).await?;
    Ok(NoContent)
}
