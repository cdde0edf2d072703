//! Looking at the own proposal from the other side.

use super::{
    model::{self, Hint},
    store,
};
use crate::{
    access::{Speaker, store::stays_blind},
    app::Callboard,
    error::Result,
    proposals::{
        self,
        versions::{self, model::Content},
    },
};

/// What a blind reviewer reads, and what in it tells who wrote it.
pub struct Mirror {
    pub blind: bool,
    pub content: Content,
    pub title: Vec<Hint>,
    pub abstract_: Vec<Hint>,
    pub description: Vec<Hint>,
}

/// # Errors
/// `NotFound`.
pub async fn show(app: &Callboard, who: Speaker, code: String) -> Result<Mirror> {
    let now = app.clock.now();
    let (blind, content, authors) = app
        .db
        .read(move |conn| {
            let proposal = proposals::store::find_own(conn, &who, &code)?.row.id;
            let (content, _) = versions::store::content(conn, who.event(), proposal)?;
            let blind = stays_blind(conn, who.scope(), now)?;
            Ok((blind, content, store::authors(conn, who.event(), proposal)?))
        })
        .await?;
    Ok(Mirror {
        blind,
        title: model::hints(&content.title, &authors),
        abstract_: model::hints(&content.abstract_, &authors),
        description: model::hints(&content.description, &authors),
        content,
    })
}
