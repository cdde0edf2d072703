//! What the committee sees of a ranking. Reviewers are named in one place only, for organizers.

use super::{
    actions::ReviewerOffset,
    model::{self, Board, Criterion, Kept, Listed, Parameters, Ranked, Summary, Warning},
};
use crate::{
    db::types::{ProposalId, Ts},
    proposals::{
        model::{Decision, Lifecycle},
        views::TrackView,
    },
    reviews::views::ReviewSummary,
};
use serde::Serialize;
use utoipa::ToSchema;

/// The proposals ranked, and how far that can be trusted.
#[derive(Serialize, ToSchema)]
#[schema(as = ranking::Ranking)]
pub struct RankingView {
    /// What the ranking was made with.
    pub parameters: ParametersView,
    pub criteria: Vec<CriterionView>,
    /// Why to take it with care.
    pub warnings: Vec<WarningView>,
    /// The score halfway between the last proposal that has room and the first that has not.
    pub line: Option<f64>,
    /// The best first; equals by their reference.
    pub items: Vec<RankedView>,
    /// Those that nobody has scored, by their reference.
    pub unranked: Vec<UnrankedView>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ranking::Parameters)]
pub struct ParametersView {
    /// How many proposals have room.
    pub cut: Option<u32>,
    /// How many scores it takes until half of a reviewer's deviation is taken for the reviewer's.
    pub lambda: u32,
    /// How many reviews the mean of all counts for, against those of a proposal.
    pub kappa: u32,
    /// Where the draws behind `chance` begin.
    pub seed: u64,
    /// How many draws.
    pub draws: u32,
}

impl From<Parameters> for ParametersView {
    fn from(Parameters { weights, draws, cut }: Parameters) -> ParametersView {
        let (model::Weights { lambda, kappa }, model::Draws { seed, number }) = (weights, draws);
        ParametersView { cut, lambda, kappa, seed, draws: number }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = ranking::Criterion)]
pub struct CriterionView {
    pub code: String,
    pub weight: f64,
    pub lowest: i64,
    pub highest: i64,
}

impl From<Criterion> for CriterionView {
    fn from(Criterion { code, weight, lowest, highest }: Criterion) -> CriterionView {
        CriterionView { code, weight, lowest, highest }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = ranking::Warning)]
pub struct WarningView {
    /// `apart`, `few_scores`, `no_deviation` or `scales`.
    pub code: &'static str,
    /// Of `apart` how many groups, of `few_scores` how many reviewers.
    pub count: Option<usize>,
    pub message: String,
}

impl From<Warning<u32>> for WarningView {
    fn from(warning: Warning<u32>) -> WarningView {
        let (code, count, message) = match warning {
            Warning::Apart { groups } => (
                "apart",
                usize::try_from(groups).ok(),
                format!(
                    "The reviewers fall into {groups} groups that have no proposal in common. Scores of one group cannot \
                     be compared with those of another: let some reviewers read across."
                ),
            ),
            Warning::FewScores { reviewers } => (
                "few_scores",
                Some(reviewers.len()),
                format!(
                    "{} reviewers have scored fewer than 3 proposals: how they score is hardly known.",
                    reviewers.len()
                ),
            ),
            Warning::NoDeviation => (
                "no_deviation",
                None,
                "There are too few reviews for each proposal and reviewer to tell how uncertain the scores are."
                    .to_owned(),
            ),
            Warning::Scales => (
                "scales",
                None,
                "The criteria have different scales: those with longer ones count for more than their weight says."
                    .to_owned(),
            ),
        };
        WarningView { code, count, message }
    }
}

/// A proposal in its place.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = ranking::Ranked)]
pub struct RankedView {
    /// Equal scores share a rank.
    pub rank: u32,
    #[serde(flatten)]
    pub proposal: ListedView,
    /// The raw figures.
    pub reviews: ReviewSummary,
    /// The mean of the scores, each corrected by how its reviewer scores.
    pub adjusted: f64,
    /// What is ranked by: `adjusted`, pulled towards the mean of all, the more so the fewer reviews there are.
    pub score: f64,
    /// The standard deviation of `score`.
    pub deviation: Option<f64>,
    /// Whether `score` is so near the line that another set of reviewers could well have put it on the other side.
    pub too_close: Option<bool>,
    /// In how many of the draws it has room, from 0 to 1.
    pub chance: Option<f64>,
    /// Whether its reviewers differ by 40 % of the scale or more, each corrected.
    pub disagreement: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = ranking::Unranked)]
pub struct UnrankedView {
    #[serde(flatten)]
    pub proposal: ListedView,
    pub reviews: ReviewSummary,
}

/// What a ranking tells of a proposal; not who wrote it.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = ranking::Proposal)]
pub struct ListedView {
    pub code: String,
    #[serde(rename = "ref")]
    pub reference: String,
    pub title: String,
    pub track: Option<TrackView>,
    pub lifecycle: Lifecycle,
    pub decision: Decision,
}

impl From<Listed> for ListedView {
    fn from(Listed { id: _, code, reference, title, track, lifecycle, decision }: Listed) -> ListedView {
        let track = track.map(|model::Track { code, name }| TrackView { code, name });
        ListedView { code, reference, title, track, lifecycle, decision }
    }
}

fn ranked((proposal, summary, of): (Listed, Summary, Ranked<ProposalId>)) -> RankedView {
    RankedView {
        rank: of.rank,
        proposal: proposal.into(),
        reviews: summary.into(),
        adjusted: of.calibrated.adjusted,
        score: of.calibrated.score,
        deviation: of.calibrated.deviation,
        too_close: of.too_close,
        chance: of.chance,
        disagreement: of.calibrated.disagreement,
    }
}

impl From<Board> for RankingView {
    fn from(board: Board) -> RankingView {
        let unranked = |(proposal, summary): (Listed, Summary)| UnrankedView {
            proposal: proposal.into(),
            reviews: summary.into(),
        };
        RankingView {
            parameters: board.parameters.into(),
            criteria: board.criteria.into_iter().map(Into::into).collect(),
            warnings: board.warnings.into_iter().map(Into::into).collect(),
            line: board.line,
            items: board.ranked.into_iter().map(ranked).collect(),
            unranked: board.unranked.into_iter().map(unranked).collect(),
        }
    }
}

/// A ranking that is kept.
#[derive(Serialize, ToSchema)]
#[schema(as = ranking::Kept)]
pub struct KeptView {
    pub id: String,
    /// As whoever kept it called it; none for a publication's.
    pub name: Option<String>,
    /// The publication it was kept for.
    pub publication: Option<String>,
    pub parameters: ParametersView,
    pub created_at: Ts,
}

impl From<Kept> for KeptView {
    fn from(Kept { code: id, name, publication, parameters, created_at }: Kept) -> KeptView {
        let name = Some(name).filter(|name| !name.is_empty());
        KeptView { id, name, publication, parameters: parameters.into(), created_at }
    }
}

/// A kept ranking, made again from the reviews as they were. Titles and decisions are those of today.
#[derive(Serialize, ToSchema)]
#[schema(as = ranking::Replay)]
pub struct ReplayView {
    pub kept: KeptView,
    pub ranking: RankingView,
}

impl From<(Kept, Board)> for ReplayView {
    fn from((kept, board): (Kept, Board)) -> ReplayView {
        ReplayView { kept: kept.into(), ranking: board.into() }
    }
}

/// How a reviewer scores, compared with the others on the same proposals.
#[derive(Serialize, ToSchema)]
#[schema(as = ranking::Reviewer)]
pub struct ReviewerView {
    pub code: String,
    pub name: String,
    /// How many proposals were scored.
    pub reviews: u32,
    /// Above 0 for who scores higher than the others; it is what is taken off each score.
    pub offset: f64,
}

impl From<ReviewerOffset> for ReviewerView {
    fn from(ReviewerOffset { code, name, offset }: ReviewerOffset) -> ReviewerView {
        ReviewerView { code, name, reviews: offset.count, offset: offset.offset }
    }
}
