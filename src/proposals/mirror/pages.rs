//! The page that shows a speaker what reviewers read.

use super::{
    actions,
    model::Tell,
    views::{HintView, MirrorView},
};
use crate::{
    access::Speaker,
    app::Callboard,
    error::Result,
    http::{
        input::CodePath,
        pages::{Page, Screen, filters, language::t},
    },
    proposals::versions::model::Field,
};
use askama::Template;

/// A stretch of text, and what it tells about its author.
pub struct Stretch {
    text: String,
    tell: Option<Tell>,
}

#[derive(Template)]
#[template(path = "speaker/mirror.html")]
pub struct MirrorPage {
    view: MirrorView,
    title: Vec<Stretch>,
    abstract_: Vec<Stretch>,
    description: Vec<Stretch>,
    /// Where the proposal's page is.
    back: String,
}

impl Screen for MirrorPage {
    fn title(&self) -> String {
        t("As reviewers see it").into_owned()
    }
}

/// The text cut where the hints begin and end; they are in order and do not overlap.
fn stretches(text: &str, field: Field, hints: &[HintView]) -> Vec<Stretch> {
    let letters: Vec<char> = text.chars().collect();
    let between = |from: usize, to: usize| letters.get(from..to).unwrap_or_default().iter().collect::<String>();
    let mut cut = vec![];
    let mut at = 0;
    for hint in hints.iter().filter(|hint| hint.field == field && hint.start <= hint.end) {
        let start = hint.start.max(at);
        cut.push(Stretch { text: between(at, start), tell: None });
        cut.push(Stretch { text: between(start, hint.end), tell: Some(hint.kind) });
        at = hint.end.max(at);
    }
    cut.push(Stretch { text: between(at, letters.len()), tell: None });
    cut.retain(|stretch| !stretch.text.is_empty());
    cut
}

pub async fn show(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<Page<MirrorPage>> {
    let back = format!("/{}/mine/{}", who.scope().slug, code.0);
    let view = MirrorView::from(actions::show(&app, who, code.0).await?);
    let cut = |text: &str, field| stretches(text, field, &view.hints);
    let title = cut(&view.title, Field::Title);
    let abstract_ = cut(&view.r#abstract, Field::Abstract);
    let description = cut(&view.description, Field::Description);
    Ok(Page::new(MirrorPage { view, title, abstract_, description, back }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_by_characters() {
        let hint = |start, end| HintView { field: Field::Title, kind: Tell::Name, start, end, text: String::new() };
        let cut = stretches("Öda von Ada", Field::Title, &[hint(0, 3), hint(8, 11)]);
        let cut: Vec<(&str, bool)> = cut.iter().map(|part| (part.text.as_str(), part.tell.is_some())).collect();
        assert_eq!(cut, [("Öda", true), (" von ", false), ("Ada", true)]);
        assert_eq!(stretches("Bears", Field::Abstract, &[hint(0, 3)]).len(), 1);
    }
}
