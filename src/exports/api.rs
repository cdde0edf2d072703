//! JSON handlers of exports and of the public list of talks.

use super::{
    actions,
    model::{Ask, Export, ListTalks, Proposal},
    views::Talk,
};
use crate::{
    access::{ProposalReader, PublicEvent},
    app::Callboard,
    error::{Error, Result},
    http::{
        input::{FilePath, Query},
        reply::{Download, List},
    },
};

pub async fn list_talks(event: PublicEvent, (app, Query(ask)): (Callboard, Query<ListTalks>)) -> Result<List<Talk>> {
    let limit = ask.limit();
    let talks = actions::list_talks(&app, event, ask).await?;
    Ok(List::page(talks, limit, Proposal::place, Talk::from))
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
