//! A criterion as the committee sees it.

use super::model;
use crate::http::reply::HasVersion;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = reviews::Criterion)]
pub struct Criterion {
    pub code: String,
    pub name: String,
    pub help: String,
    pub weight: f64,
    pub lowest: i64,
    pub highest: i64,
    /// What each score means, the worst first; empty where nothing is said.
    pub labels: Vec<String>,
    /// Whether a review has to score it.
    pub required: bool,
    /// Whether it stands beside the overall mean instead of counting in it.
    pub independent: bool,
    /// The codes of the tracks that it is for; null for all, and for proposals without one.
    pub tracks: Option<Vec<String>>,
    pub version: i64,
}

impl HasVersion for Criterion {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<model::Criterion> for Criterion {
    fn from(of: model::Criterion) -> Criterion {
        let tracks = (!of.tracks.is_empty()).then(|| of.tracks.into_iter().map(|(_, code)| code).collect());
        Criterion {
            code: of.code,
            name: of.name,
            help: of.help,
            weight: of.weight,
            lowest: of.lowest,
            highest: of.highest,
            labels: of.labels,
            required: of.required,
            independent: of.independent,
            tracks,
            version: of.version,
        }
    }
}
