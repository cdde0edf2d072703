//! What is compared, and when two texts are alike.

pub mod shingles;

use crate::{
    db::types::{PastTalkId, ProposalId, Ts},
    http::cursor::Cursor,
    proposals::model::{Abstract, Title, WebAddress},
    secrets,
    text::Line,
    text_enum,
};
use data_encoding::HEXLOWER;
use serde::Deserialize;
use shingles::Shingled;
use std::collections::{BTreeMap, HashMap};
use utoipa::ToSchema;
use validator::Validate;

/// From here on two texts are alike. `scripts/duplicates` counts on real programs what other thresholds would find:
/// between talks that have nothing to do with each other, there is nothing above a tenth.
pub const ALIKE: f64 = 0.25;

/// How many passages are shown.
const PASSAGES: usize = 3;

/// How many past talks an event may hold, and how many may come in one request.
pub const MOST_PAST: i64 = 10_000;
pub const MOST_AT_ONCE: usize = 1_000;

/// How many texts one text is compared with, those that share the most keys first.
pub const MOST_COMPARED: usize = 20;

/// How many of those that share a key are looked at: however many copies of a text there are, asking stays cheap.
pub const MOST_HOLDERS: i64 = 100;

/// How many pairs are compared for an event, those that share the most keys first.
const MOST_PAIRS: usize = 2_000;

/// Many copies of one text share all keys: then each is compared with so many of the next ones, not with all.
const NEIGHBORS: usize = 5;

text_enum! {
    /// What a text was found to be like.
    pub enum MatchKind {
        /// One's own proposal, here or in another event.
        Own = "own",
        /// Another proposal of the event.
        Proposal = "proposal",
        /// A talk of a published program, here or in another event.
        Talk = "talk",
        /// One of the past talks that organizers added.
        Past = "past",
    }
}

/// A text that others are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub kind: MatchKind,
    pub title: String,
    pub abstract_: String,
    /// The event's name, or what organizers wrote about a past talk.
    pub occasion: String,
    pub event: Option<String>,
    pub code: Option<String>,
    pub url: Option<String>,
}

/// What is compared of a proposal or talk: what everybody may read once it is published.
pub fn text(title: &str, abstract_: &str) -> String {
    format!("{title}\n{abstract_}")
}

/// Something alike, and by how much.
#[derive(Clone, Debug, PartialEq)]
pub struct Similar {
    pub known: Known,
    pub likeness: f64,
    /// The longest passages in common, as they stand in the text that was compared.
    pub passages: Vec<String>,
}

/// Those of the known texts that are alike, the most alike first.
pub fn alike(text: &str, known: Vec<Known>) -> Vec<Similar> {
    let shingled = Shingled::of(text);
    let mut found: Vec<Similar> = known.into_iter().filter_map(|known| compare(&shingled, known)).collect();
    found.sort_by(|one, other| {
        let order = other.likeness.total_cmp(&one.likeness);
        order.then_with(|| (&one.known.event, &one.known.code).cmp(&(&other.known.event, &other.known.code)))
    });
    found
}

fn compare(text: &Shingled<'_>, known: Known) -> Option<Similar> {
    let of_known = self::text(&known.title, &known.abstract_);
    let other = Shingled::of(&of_known);
    let likeness = text.likeness(&other);
    if likeness < ALIKE {
        return None;
    }
    let passages = text.passages(&other, PASSAGES).into_iter().map(str::to_owned).collect();
    Some(Similar { known, likeness, passages })
}

/// Where a text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    Proposal(ProposalId),
    Past(PastTalkId),
}

/// A proposal of the event and what it may be like.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    pub proposal: Listed,
    pub similar: Similar,
}

/// A proposal as pairs name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub code: String,
    pub reference: String,
    pub title: String,
    pub abstract_: String,
}

/// The pairs that share keys, those with the most in common first. `ours` are the keys of the event's proposals, which are paired
/// with each other and with all others.
pub fn pairs(ours: &[(i64, ProposalId)], others: &[(i64, Source)]) -> Vec<(ProposalId, Source)> {
    let mut by_key: BTreeMap<i64, (Vec<ProposalId>, Vec<Source>)> = BTreeMap::new();
    for (key, proposal) in ours {
        by_key.entry(*key).or_default().0.push(*proposal);
    }
    for (key, other) in others {
        if let Some((_, others)) = by_key.get_mut(key) {
            others.push(*other);
        }
    }
    let mut shared: HashMap<(ProposalId, Source), u32> = HashMap::new();
    for (mut proposals, mut others) in by_key.into_values() {
        proposals.sort_unstable();
        others.sort_unstable();
        for (at, proposal) in proposals.iter().enumerate() {
            let next = proposals.iter().skip(at + 1).take(NEIGHBORS).map(|next| Source::Proposal(*next));
            for other in next.chain(others.iter().take(NEIGHBORS).copied()) {
                *shared.entry((*proposal, other)).or_default() += 1;
            }
        }
    }
    let mut pairs: Vec<((ProposalId, Source), u32)> = shared.into_iter().collect();
    pairs.sort_unstable_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    pairs.truncate(MOST_PAIRS);
    pairs.into_iter().map(|(pair, _)| pair).collect()
}

/// Those pairs that are alike, the most alike first.
pub fn compared(pairs: Vec<(Listed, Known)>) -> Vec<Pair> {
    let alike = pairs.into_iter().filter_map(|(proposal, known)| {
        let text = text(&proposal.title, &proposal.abstract_);
        Some(Pair { similar: compare(&Shingled::of(&text), known)?, proposal })
    });
    let mut alike: Vec<Pair> = alike.collect();
    alike.sort_by(|one, other| {
        let order = other.similar.likeness.total_cmp(&one.similar.likeness);
        order.then_with(|| one.proposal.reference.cmp(&other.proposal.reference))
    });
    alike
}

/// Where and when a talk was given: the name of the event.
pub type Occasion = Line<1, 200>;

/// A talk that was given somewhere.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = similar::NewPastTalk)]
pub struct NewPastTalk {
    pub title: Title,
    #[serde(default)]
    #[schema(required = false)]
    pub r#abstract: Abstract,
    /// Where and when: the name of the event.
    pub occasion: Occasion,
    pub url: Option<WebAddress>,
}

impl NewPastTalk {
    /// The same talk a second time has the same one.
    pub fn fingerprint(&self) -> String {
        // A line holds no line end, so nothing else has these parts.
        let parts = [self.occasion.as_bytes(), b"\n", self.title.as_bytes(), b"\n", self.r#abstract.as_bytes()];
        HEXLOWER.encode(&secrets::hash_parts(&parts))
    }
}

/// Public talks, so that speakers may be told of them.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = similar::AddPastTalks)]
pub struct AddPastTalks {
    #[schema(min_items = 1, max_items = 1000)]
    pub talks: Vec<NewPastTalk>,
}

/// What became of talks that were added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    pub added: usize,
    /// Those that were there already.
    pub known: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastTalk {
    pub code: String,
    pub title: String,
    pub abstract_: String,
    pub occasion: String,
    pub url: Option<String>,
    pub created_at: Ts,
}

impl PastTalk {
    pub fn place(&self) -> Cursor {
        Cursor { at: self.created_at, code: self.code.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_share_a_key_and_those_with_most_come_first() {
        let ids = [1, 2, 3].map(ProposalId);
        let ours = [(10, ids[0]), (10, ids[1]), (11, ids[0]), (11, ids[1]), (12, ids[2]), (13, ids[2])];
        let past = Source::Past(PastTalkId(7));
        let found = pairs(&ours, &[(13, past), (99, past)]);
        assert_eq!(found, [(ids[0], Source::Proposal(ids[1])), (ids[2], past)]);
    }

    #[test]
    fn many_copies_make_few_pairs() {
        let ours: Vec<(i64, ProposalId)> = (0..1000).map(|id| (5, ProposalId(id))).collect();
        assert_eq!(pairs(&ours, &[]).len(), MOST_PAIRS);
        let few: Vec<(i64, ProposalId)> = (0..100).map(|id| (5, ProposalId(id))).collect();
        assert!(pairs(&few, &[]).len() < 100 * NEIGHBORS);
    }
}
