//! What speakers say of how they appear.

use crate::{
    accounts::model::PersonName,
    proposals::model::WebAddress,
    text::{CODE_END, Line, Prose},
};
use serde::{Deserialize, Deserializer, de};
use utoipa::ToSchema;
use validator::Validate;

const MOST_LINKS: usize = 10;

fn at_most_ten<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<WebAddress>, D::Error> {
    let links = Vec::deserialize(from)?;
    if links.len() > MOST_LINKS {
        return Err(de::Error::custom(format!("too_many{CODE_END}must be at most {MOST_LINKS}")));
    }
    Ok(links)
}

/// How a speaker appears in one event.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewProfile {
    pub name: PersonName,
    #[serde(default)]
    #[schema(required = false)]
    pub bio: Prose<0, 5000>,
    #[serde(default)]
    #[schema(required = false)]
    pub affiliation: Line<0, 200>,
    #[serde(default, deserialize_with = "at_most_ten")]
    #[schema(required = false, max_items = 10)]
    pub links: Vec<WebAddress>,
}
