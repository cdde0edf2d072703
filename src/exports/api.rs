//! JSON handlers of exports and of the public list of talks.

use super::{
    actions,
    model::{Ask, Export, Proposal},
    views::Talk,
};
use crate::{
    access::{ProposalReader, PublicEvent},
    app::Callboard,
    error::{Error, Result},
    http::{
        input::{FilePath, Page, Query},
        reply::{Download, List},
    },
};

pub async fn list_talks(event: PublicEvent, (app, Query(page)): (Callboard, Query<Page>)) -> Result<List<Talk>> {
    let after = page.after()?.map(|after| after.code).unwrap_or_default();
    let talks = actions::list_talks(&app, event, after, page.limit()).await?;
    Ok(List::page(talks, page.limit(), Proposal::place, Talk::from))
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
