//! Saved choices of columns over the API.

use super::{
    actions,
    model::{EditPreset, NewPreset},
    views::PresetView,
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

pub async fn list(who: ProposalReader, (app,): (Callboard,)) -> Result<List<PresetView>> {
    Ok(List::whole(actions::list(&app, who).await?.into_iter().map(PresetView::from)))
}

pub async fn add(
    who: Organizer,
    (app, Body(input), once): (Callboard, Body<NewPreset>, Once),
) -> Result<Answered<Created<PresetView>>> {
    let list = format!("/events/{}/export-presets", who.scope().slug);
    let view = |preset| Created::versioned(list, PresetView::from(preset));
    actions::add(&app, who, input, once.then(view)).await
}

pub async fn edit(
    who: Organizer,
    (app, code, Body(edit), version): (Callboard, CodePath, Body<EditPreset>, IfMatch),
) -> Result<Versioned<PresetView>> {
    Ok(Versioned(actions::edit(&app, who, code.0, edit, version).await?.into()))
}

pub async fn remove(who: Organizer, (app, code, version): (Callboard, CodePath, IfMatch)) -> Result<NoContent> {
    actions::remove(&app, who, code.0, version).await?;
    Ok(NoContent)
}
