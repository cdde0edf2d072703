//! Rankings over the API.

use super::{
    actions,
    model::{Ask, NewRanking},
    views::{KeptView, RankingView, ReplayView, ReviewerView},
};
use crate::{
    access::{Organizer, ProposalReader},
    app::Callboard,
    error::Result,
    http::{
        input::{Body, IdPath, Query},
        once::{Answered, Once},
        reply::{Created, Json, List},
    },
};

pub async fn show(who: ProposalReader, (app, Query(ask)): (Callboard, Query<Ask>)) -> Result<Json<RankingView>> {
    Ok(Json(actions::show(&app, who, ask).await?.into()))
}

pub async fn offsets(who: Organizer, (app,): (Callboard,)) -> Result<List<ReviewerView>> {
    Ok(List::whole(actions::offsets(&app, who).await?.into_iter().map(ReviewerView::from)))
}

pub async fn list(who: ProposalReader, (app,): (Callboard,)) -> Result<List<KeptView>> {
    Ok(List::whole(actions::list(&app, who).await?.into_iter().map(KeptView::from)))
}

pub async fn keep(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewRanking>, Once),
) -> Result<Answered<Created<KeptView>>> {
    let list = format!("/events/{}/rankings", who.scope().slug);
    let view = move |kept| {
        let view = KeptView::from(kept);
        Created::at(format!("{list}/{}", view.id), view)
    };
    actions::keep(&app, who, input, once.then(view)).await
}

pub async fn replay(
    who: ProposalReader,
    (app, id, Query(ask)): (Callboard, IdPath, Query<Ask>),
) -> Result<Json<ReplayView>> {
    Ok(Json(actions::replay(&app, who, id.0, ask).await?.into()))
}
