//! What a speaker sees in the mirror.

use super::{
    actions::Mirror,
    model::{Hint, Tell},
};
use crate::proposals::versions::model::Field;
use serde::Serialize;
use utoipa::ToSchema;

/// A place in a text that tells who wrote it, counted in characters (Unicode code points) from 0; the end is exclusive.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::Hint)]
pub struct HintView {
    pub field: Field,
    pub kind: Tell,
    pub start: usize,
    pub end: usize,
    /// What stands there.
    pub text: String,
}

impl HintView {
    fn of(field: Field, Hint { tell: kind, start, end, text }: Hint) -> HintView {
        HintView { field, kind, start, end, text }
    }
}

/// My proposal as a blind reviewer reads it: nothing else about it is shown to them.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::AsReviewersSeeIt)]
pub struct MirrorView {
    /// Whether reviewers are kept from knowing the authors, now and in all phases that are planned. Where they are not, they
    /// see names too.
    pub blind: bool,
    pub title: String,
    pub r#abstract: String,
    pub description: String,
    pub format: String,
    pub track: Option<String>,
    /// Where my name, company, links and addresses stand in it, and other links.
    pub hints: Vec<HintView>,
}

impl From<Mirror> for MirrorView {
    fn from(mirror: Mirror) -> MirrorView {
        let Mirror { blind, content, title, abstract_, description } = mirror;
        let fields = [(Field::Title, title), (Field::Abstract, abstract_), (Field::Description, description)];
        let hints =
            fields.into_iter().flat_map(|(field, hints)| hints.into_iter().map(move |hint| HintView::of(field, hint)));
        MirrorView {
            blind,
            hints: hints.collect(),
            title: content.title,
            r#abstract: content.abstract_,
            description: content.description,
            format: content.format,
            track: content.track,
        }
    }
}
