//! What organizers see of publications. The secrets of links are masked.

use super::{
    actions::Preview,
    letters::Personal,
    model::{Addressee, Item, Pending, Publication, PublicationState, owner_name, without_mail},
};
use crate::{db::types::Ts, proposals::model::PublishedDecision, secrets};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What publishing now would tell whom.
#[derive(Serialize, ToSchema)]
#[schema(as = publications::Preview)]
pub struct PreviewView {
    /// Publish with it what is shown here, and nothing else.
    pub version: String,
    /// The publication that is on its way; until it ends, nothing else can be published.
    pub waiting: Option<String>,
    pub counts: Counts,
    /// Acceptances first, then by code.
    pub items: Vec<PreviewItem>,
    /// One a person, exactly as they would go; `…` stands for the secret of a link.
    pub mails: Vec<PreviewMail>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = publications::Counts)]
pub struct Counts {
    pub accepted: usize,
    pub waitlisted: usize,
    pub rejected: usize,
    /// Speakers who get no mail, because no address of them is known.
    pub without_mail: usize,
}

impl Counts {
    fn of<'a>(items: impl Iterator<Item = (PublishedDecision, &'a [Addressee])>) -> Counts {
        let (decisions, speakers): (Vec<_>, Vec<_>) = items.unzip();
        let count = |decision| decisions.iter().filter(|other| **other == decision).count();
        Counts {
            accepted: count(PublishedDecision::Accepted),
            waitlisted: count(PublishedDecision::Waitlisted),
            rejected: count(PublishedDecision::Rejected),
            without_mail: without_mail(speakers.into_iter().flatten()),
        }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = publications::PreviewItem)]
pub struct PreviewItem {
    pub code: String,
    pub title: String,
    /// The owner's name.
    pub speaker: Option<String>,
    pub decision: PublishedDecision,
    /// What was told before.
    pub previous: Option<PublishedDecision>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = publications::PreviewMail)]
pub struct PreviewMail {
    pub to: String,
    pub name: String,
    pub subject: String,
    pub text: String,
}

impl From<Preview> for PreviewView {
    fn from(preview: Preview) -> PreviewView {
        PreviewView {
            counts: Counts::of(preview.items.iter().map(|item| (item.decision, item.speakers.as_slice()))),
            version: preview.version,
            waiting: preview.waiting,
            items: preview.items.into_iter().map(PreviewItem::from).collect(),
            mails: preview.mails.into_iter().map(PreviewMail::from).collect(),
        }
    }
}

impl From<Pending> for PreviewItem {
    fn from(pending: Pending) -> PreviewItem {
        PreviewItem {
            code: pending.code,
            title: pending.title,
            speaker: owner_name(&pending.speakers),
            decision: pending.decision,
            previous: pending.before,
        }
    }
}

impl From<Personal> for PreviewMail {
    fn from(personal: Personal) -> PreviewMail {
        PreviewMail {
            to: personal.to.address,
            name: personal.to.name,
            text: secrets::mask_markers(&personal.letter.text()),
            subject: personal.letter.subject,
        }
    }
}

/// A publication and where its mails are.
#[derive(Serialize, ToSchema)]
#[schema(as = publications::Publication)]
pub struct PublicationView {
    pub id: String,
    pub state: PublicationState,
    pub created_at: Ts,
    /// Until then it can be stopped.
    pub release_at: Ts,
    /// When it was released or stopped.
    pub ended_at: Option<Ts>,
    pub counts: Counts,
    /// Acceptances first, then by code.
    pub items: Vec<PublicationItem>,
    /// How many mails are in each state.
    pub mails: BTreeMap<String, i64>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = publications::Item)]
pub struct PublicationItem {
    pub code: String,
    pub title: String,
    /// The owner's name.
    pub speaker: Option<String>,
    pub decision: PublishedDecision,
}

impl From<Publication> for PublicationView {
    fn from(publication: Publication) -> PublicationView {
        PublicationView {
            counts: Counts::of(publication.items.iter().map(|item| (item.decision, item.speakers.as_slice()))),
            id: publication.code,
            state: publication.state,
            created_at: publication.created_at,
            release_at: publication.release_at,
            ended_at: publication.ended_at,
            items: publication.items.into_iter().map(PublicationItem::from).collect(),
            mails: publication.mails.into_iter().map(|(state, count)| (state.to_string(), count)).collect(),
        }
    }
}

impl From<Item> for PublicationItem {
    fn from(item: Item) -> PublicationItem {
        let speaker = owner_name(&item.speakers);
        PublicationItem { code: item.code, title: item.title, speaker, decision: item.decision }
    }
}
