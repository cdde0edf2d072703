//! What one's own proposal said before, and what an edit changed.

use super::{actions, diff::Change, views::StepView};
use crate::{
    access::Speaker,
    app::Callboard,
    error::Result,
    http::{
        input::{CodePath, NumberPath},
        pages::{Page, Screen, filters, language::t},
    },
};
use askama::Template;

#[derive(Template)]
#[template(path = "speaker/version.html")]
pub struct VersionPage {
    step: StepView,
    /// Where the proposal's page is.
    back: String,
    zone: String,
    is_last: bool,
}

impl Screen for VersionPage {
    fn title(&self) -> String {
        t("Version {}").replacen("{}", &self.step.number.to_string(), 1)
    }
}

pub async fn show_mine(
    who: Speaker,
    (app, code, number): (Callboard, CodePath, NumberPath),
) -> Result<Page<VersionPage>> {
    let (back, zone) = (format!("/{}/mine/{}", who.scope().slug, code.0), who.scope().zone.clone());
    let all = actions::list_mine(&app, who.clone(), code.0.clone()).await?;
    let is_last = all.last().is_none_or(|last| last.number == number.value());
    let step = actions::show_mine(&app, who, code.0, number.value()).await?.into();
    Ok(Page::new(VersionPage { step, back, zone, is_last }))
}
