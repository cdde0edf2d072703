//! One proposal with all that organizers know of it, and what they do with it.

use super::badges;
use crate::{
    access::{Besides, Decider, Organizer, ProposalReader},
    accounts::links::model::ButtonForm,
    app::Callboard,
    decisions,
    error::Result,
    http::{
        input::{CodePath, Query},
        once::{Answered, Once},
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters},
    },
    mail,
    proposals::{
        organize::{actions, actions::Shown, views::ForOrganizer},
        versions::{self, views::VersionView},
    },
    ranking::{
        self,
        model::Ask,
        views::{RankedView, RankingView},
    },
    reviews::{self, comments, comments::model::NewComment, views::OfProposal},
};
use askama::Template;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use validator::Validate;

/// Whether the names are shown, which is noted.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema, Validate)]
#[schema(as = proposals::Unfold)]
pub struct Unfold {
    pub names: Option<bool>,
}

/// What the reviewers and the committee say.
struct Said {
    reviews: OfProposal,
    /// Name of each criterion by code.
    criteria: BTreeMap<String, String>,
    comments: Vec<comments::views::ForOrganizer>,
    ranked: Option<RankedView>,
    ranking: usize,
}

#[derive(Template)]
#[template(path = "choose/proposal.html")]
pub struct ProposalPage {
    slug: String,
    zone: String,
    names: bool,
    proposal: ForOrganizer,
    said: Said,
    history: Vec<VersionView>,
    mails: Option<Vec<mail::views::InList>>,
    /// What is decided, for who decides.
    decided: Option<decisions::views::ForOrganizer>,
    /// Whether that can be changed now.
    decides: bool,
    comments: bool,
    manages: bool,
    deciding: FormState,
    commenting: FormState,
    button: FormState,
}

impl Screen for ProposalPage {
    fn title(&self) -> String {
        self.proposal.facts.title.clone()
    }
}

impl ProposalPage {
    fn here(&self) -> String {
        format!("/{}/organize/proposals/{}", self.slug, self.proposal.facts.code)
    }

    fn criterion<'s>(&'s self, code: &'s str) -> &'s str {
        self.said.criteria.get(code).map_or(code, String::as_str)
    }

    pub fn choices(&self) -> [(&'static str, &'static str); 4] {
        [("accepted", "Accept"), ("waitlisted", "Waitlist"), ("rejected", "Reject"), ("undecided", "Leave undecided")]
    }

    /// Whether this is decided now.
    fn is_decided(&self, value: &str) -> bool {
        self.decided.as_ref().is_some_and(|decided| decided.decision.as_str() == value)
    }

    fn can_be_decided(&self) -> bool {
        self.decides && self.proposal.facts.lifecycle.as_str() == "submitted"
    }

    fn is(&self, lifecycle: &str) -> bool {
        self.proposal.facts.lifecycle.as_str() == lifecycle
    }
}

/// The form of it that is shown again.
#[derive(Default)]
pub struct Forms {
    pub deciding: Option<FormState>,
    pub commenting: Option<FormState>,
}

async fn said(app: &Callboard, who: &ProposalReader, code: &str) -> Result<Said> {
    let reviews = OfProposal::from(reviews::actions::list_all(app, who.clone(), code.to_owned()).await?);
    let criteria = reviews::criteria::actions::list(app, who.clone()).await?;
    let comments = comments::actions::list_signed(app, who.clone(), code.to_owned()).await?;
    let ranking = RankingView::from(ranking::actions::show(app, who.clone(), Ask::default()).await?);
    Ok(Said {
        reviews,
        criteria: criteria.into_iter().map(|criterion| (criterion.code, criterion.name)).collect(),
        comments: comments.into_iter().map(Into::into).collect(),
        ranking: ranking.items.len(),
        ranked: ranking.items.into_iter().find(|item| item.proposal.code == code),
    })
}

async fn history(app: &Callboard, who: &ProposalReader, code: &str, names: bool) -> Result<Vec<VersionView>> {
    let (who, code) = (who.clone(), code.to_owned());
    let versions = if names {
        versions::actions::list(app, who, code).await?
    } else {
        versions::actions::list_folded(app, who, code).await?
    };
    Ok(versions.into_iter().rev().map(VersionView::from).collect())
}

/// # Errors
/// `NotFound`.
pub async fn page(
    app: &Callboard,
    who: &ProposalReader,
    besides: &Besides,
    (code, names): (&str, bool),
    forms: Forms,
) -> Result<ProposalPage> {
    let shown: Shown = if names {
        actions::show(app, who.clone(), code.to_owned()).await?
    } else {
        actions::show_folded(app, who.clone(), code.to_owned()).await?
    };
    let decided = match &besides.decider {
        Some(decider) => Some(decisions::actions::show(app, decider.clone(), code.to_owned()).await?.into()),
        None => None,
    };
    let decided: Option<decisions::views::ForOrganizer> = decided;
    let mails = match &besides.event_reader {
        Some(reader) => Some(mail::actions::list_about(app, reader.clone(), code.to_owned()).await?),
        None => None,
    };
    let version = decided.as_ref().map_or(0, |decided| decided.version);
    Ok(ProposalPage {
        slug: who.scope().slug.clone(),
        zone: who.scope().zone.clone(),
        names,
        proposal: shown.into(),
        said: said(app, who, code).await?,
        history: history(app, who, code, names).await?,
        mails: mails.map(|mails| mails.into_iter().map(Into::into).collect()),
        decides: besides.may_decide(),
        comments: besides.decider.is_some(),
        manages: besides.organizer.is_some(),
        deciding: forms.deciding.unwrap_or_default().version(version),
        commenting: forms.commenting.unwrap_or_else(|| FormState::new(app)),
        button: FormState::new(app),
        decided,
    })
}

pub async fn show(
    who: ProposalReader,
    (app, code, Query(unfold), besides): (Callboard, CodePath, Query<Unfold>, Besides),
) -> Result<Page<ProposalPage>> {
    let names = unfold.names == Some(true);
    Ok(Page::new(page(&app, &who, &besides, (&code, names), Forms::default()).await?))
}

pub async fn comment(
    who: Decider,
    (app, code, form, once, besides): (Callboard, CodePath, Form<NewComment>, Once, Besides),
) -> Result<Outcome<ProposalPage>> {
    let Form { sent, input } = form;
    let there = format!("/{}/organize/proposals/{}#comments", who.scope().slug, code.0);
    let done = match input {
        Ok(input) => {
            let go = once.then(move |_| SeeOther::to(there).saying("The committee can read it."));
            comments::actions::add_signed(&app, who, code.0.clone(), input, go).await
        }
        Err(errors) => Err(errors.into()),
    };
    match (done, &besides.proposal_reader) {
        (Ok(go), _) => Ok(go.into()),
        (Err(error), None) => Err(error),
        (Err(error), Some(reader)) => {
            let again = async |form| {
                let forms = Forms { commenting: Some(form), ..Forms::default() };
                page(&app, reader, &besides, (&code, false), forms).await
            };
            sent.again(error, again).await
        }
    }
}

/// Back to the proposal with a sentence.
fn back(who: &Organizer, code: &str, said: &'static str) -> impl FnOnce(Shown) -> SeeOther + Send + use<> {
    let there = format!("/{}/organize/proposals/{code}", who.scope().slug);
    move |_| SeeOther::to(there).saying(said)
}

type Button = (Callboard, CodePath, Form<ButtonForm>, Once);

pub async fn cancel(who: Organizer, (app, code, _, once): Button) -> Result<Answered<SeeOther>> {
    let go =
        once.then(back(&who, &code, "The proposal is canceled. What was about to be mailed about it is not sent."));
    actions::cancel(&app, who, code.0, go).await
}

pub async fn reinstate(who: Organizer, (app, code, _, once): Button) -> Result<Answered<SeeOther>> {
    let go = once.then(back(&who, &code, "The proposal is back in the running."));
    actions::reinstate(&app, who, code.0, go).await
}

pub async fn mark_invited(who: Organizer, (app, code, _, once): Button) -> Result<Answered<SeeOther>> {
    let go = once.then(back(&who, &code, "The proposal is invited and skips the review."));
    actions::mark_invited(&app, who, code.0, true, go).await
}

pub async fn unmark_invited(who: Organizer, (app, code, _, once): Button) -> Result<Answered<SeeOther>> {
    let go = once.then(back(&who, &code, "The proposal is reviewed like the others."));
    actions::mark_invited(&app, who, code.0, false, go).await
}
