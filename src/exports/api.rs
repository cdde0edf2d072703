//! JSON handlers of exports and of the public list of talks.

use super::{
    actions,
    model::{Ask, Export, ListTalks, Listed},
    views::TalkOrGone,
};
use crate::{
    access::{ProposalReader, PublicEvent},
    app::Callboard,
    error::{Error, Result},
    http::{
        API,
        input::{FilePath, Query},
        reply::{Download, List},
    },
};

pub async fn list_talks(
    event: PublicEvent,
    (app, Query(ask)): (Callboard, Query<ListTalks>),
) -> Result<List<TalkOrGone>> {
    let limit = ask.limit();
    let pictures = format!("{}{API}/events/{}/headshots", app.config.base_url, event.slug());
    let listed = actions::list_talks(&app, event, ask).await?;
    Ok(List::page(listed, limit, Listed::place, |listed| TalkOrGone::new(listed, &pictures)))
}

pub async fn export(
    who: ProposalReader,
    (app, file, Query(ask)): (Callboard, FilePath, Query<Ask>),
) -> Result<Download> {
    let export: Export = file.parse().map_err(|_| Error::not_found())?;
    let (name, content_type) = (export.file_name(&who.scope().slug), export.format.content_type());
    let file = actions::export(&app, who, export, ask).await?;
    Ok(Download { name, content_type, file })
}
