//! The page of one proposal of one's own: where it stands, what it says, who speaks, what it said before.

use super::standing::{Own, Standing};
use crate::{
    access::Speaker,
    app::Callboard,
    error::Result,
    http::{
        input::CodePath,
        pages::{FormState, Page, Screen, filters},
    },
    proposals::{
        actions,
        previews::{self, views::PreviewLink},
        speaking::{self, model::Speaking, views::SpeakerOfMine},
        versions::{self, views::VersionView},
    },
    similar::{self, views::SimilarView},
};
use askama::Template;

#[derive(Template)]
#[template(path = "speaker/proposal.html")]
pub struct ProposalPage {
    own: Own,
    speakers: Vec<SpeakerOfMine>,
    versions: Vec<VersionView>,
    links: Vec<PreviewLink>,
    /// The address of a link that was made just now; it is shown this once.
    pub made: Option<String>,
    similar: Vec<SimilarView>,
    /// All small forms of the page; their fields have different names.
    form: FormState,
}

impl Screen for ProposalPage {
    fn title(&self) -> String {
        self.own.view.title.clone()
    }
}

impl ProposalPage {
    /// Who could own it too.
    fn heirs(&self) -> Vec<(String, String)> {
        let others = self.speakers.iter().filter(|speaker| !speaker.me && speaker.state == Speaking::Speaks);
        others.map(|speaker| (speaker.id.clone(), speaker.name.clone().unwrap_or_default())).collect()
    }

    /// How far it has come, for the line of its life.
    fn steps(&self) -> [(&'static str, bool); 4] {
        let standing = self.own.standing();
        let submitted = self.own.view.receipt.is_some() && !standing.is_draft();
        let answered = self.own.view.decision.is_some();
        let settled = matches!(standing, Standing::Confirmed | Standing::Declined);
        [("Drafted", true), ("Submitted", submitted), ("Answered", answered), ("Settled", settled)]
    }
}

/// # Errors
/// `NotFound`.
pub async fn page(app: &Callboard, who: &Speaker, code: &str, form: FormState) -> Result<ProposalPage> {
    let own = Own::of(actions::show(app, who.clone(), code.to_owned()).await?, app.clock.now());
    let speakers = speaking::actions::list(app, who.clone(), code.to_owned()).await?;
    let speakers: Vec<SpeakerOfMine> = SpeakerOfMine::all(speakers).collect();
    let versions = versions::actions::list_mine(app, who.clone(), code.to_owned()).await?;
    let links = previews::actions::list(app, who.clone(), code.to_owned()).await?;
    let similar =
        if own.is_alive() { similar::actions::of_mine(app, who.clone(), code.to_owned()).await? } else { vec![] };
    let slides = own.view.slides.clone().unwrap_or_default();
    let form = if form.error("url").is_some() { form } else { form.with("url", slides) };
    let form = if form.value("days").is_empty() { form.with("days", "30") } else { form };
    Ok(ProposalPage {
        form: form.version(own.view.version),
        speakers,
        versions: versions.into_iter().rev().map(Into::into).collect(),
        links: PreviewLink::all(links).collect(),
        made: None,
        similar: similar.into_iter().map(Into::into).collect(),
        own,
    })
}

pub async fn show(who: Speaker, (app, code): (Callboard, CodePath)) -> Result<Page<ProposalPage>> {
    Ok(Page::new(page(&app, &who, &code, FormState::new(&app)).await?))
}
