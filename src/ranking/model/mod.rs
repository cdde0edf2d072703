//! The ranking without any database. Raw means stand beside what is calibrated, and neither decides anything.

pub mod chance;
pub mod equations;
pub mod fit;
pub mod fixed;
pub mod method;
pub mod reviews;

pub use chance::Draws;
pub use fit::{Offset, Unsettled, Weights};
pub use method::{Calibrated, Parameters, Ranked, Summary, Warning, summarize, total};
pub use reviews::{Criterion, Ranking, Review, Reviews};

use crate::{
    db::types::{ProposalId, Ts},
    proposals::model::{Decision, Lifecycle},
    text::Line,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Draws of a ranking that is not kept: always the same, so that a chance does not change from look to look.
pub const LIVE_SEED: u64 = 1;

/// How many rankings an event keeps beside those of its publications.
pub const MOST_KEPT: i64 = 100;

/// Which ranking.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = ranking::Ask)]
pub struct Ask {
    /// How many proposals have room: draws the line, and says how close each proposal is to it.
    #[validate(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10_000)]
    pub cut: Option<u32>,
    /// Rank those of the track with this code alone; the reviews of all tell how reviewers score.
    #[validate(length(max = 10, message = "is not the code of a track"))]
    #[schema(max_length = 10)]
    pub track: Option<String>,
}

/// What to keep a ranking as.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = ranking::NewRanking)]
pub struct NewRanking {
    pub name: Line<1, 100>,
    /// How many proposals have room.
    #[validate(range(min = 1, max = 10_000))]
    #[schema(minimum = 1, maximum = 10_000)]
    pub cut: Option<u32>,
}

/// A proposal as a ranking shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub id: ProposalId,
    pub code: String,
    pub reference: String,
    pub title: String,
    pub track: Option<Track>,
    pub lifecycle: Lifecycle,
    pub decision: Decision,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Track {
    pub code: String,
    pub name: String,
}

/// A ranking that is kept with all it was made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    pub code: String,
    /// As its organizer called it; empty for a publication's.
    pub name: String,
    /// The publication it was kept for.
    pub publication: Option<String>,
    pub parameters: Parameters,
    pub created_at: Ts,
}

/// Everything a ranking shows, in its order.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    pub parameters: Parameters,
    pub criteria: Vec<Criterion>,
    pub line: Option<f64>,
    pub warnings: Vec<Warning<u32>>,
    pub ranked: Vec<(Listed, Summary, Ranked<ProposalId>)>,
    /// Those that nobody has scored.
    pub unranked: Vec<(Listed, Summary)>,
}

impl Board {
    /// Ranks the proposals that are candidates.
    ///
    /// # Errors
    /// `Unsettled`.
    pub fn new(reviews: Reviews, listed: Vec<Listed>, parameters: Parameters) -> Result<Board, Unsettled> {
        let ranking = reviews.rank(parameters)?;
        let summaries = reviews.summaries();
        let summary = |of: &Listed| summaries.get(&of.id).copied().unwrap_or_default();
        let mut listed: std::collections::BTreeMap<ProposalId, Listed> =
            listed.into_iter().filter(|of| reviews.candidates.contains(&of.id)).map(|of| (of.id, of)).collect();
        let mut ranked: Vec<(Listed, Summary, Ranked<ProposalId>)> = vec![];
        for of in ranking.ranked {
            if let Some(proposal) = listed.remove(&of.proposal) {
                ranked.push((proposal.clone(), summary(&proposal), of));
            }
        }
        // Among equals by what says nothing of who wrote it.
        ranked.sort_by(|(one, _, first), (other, _, second)| {
            (first.rank, &one.reference).cmp(&(second.rank, &other.reference))
        });
        let mut unranked: Vec<(Listed, Summary)> = listed
            .into_values()
            .map(|of| {
                let summary = summary(&of);
                (of, summary)
            })
            .collect();
        unranked.sort_by(|(one, _), (other, _)| one.reference.cmp(&other.reference));
        let (line, warnings) = (ranking.line, ranking.warnings);
        Ok(Board { parameters, criteria: reviews.criteria, line, warnings, ranked, unranked })
    }
}
