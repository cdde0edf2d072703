//! What speakers see of how they appear.

use super::store::Profile;
use crate::http::reply::HasVersion;
use serde::Serialize;
use utoipa::ToSchema;

/// My profile in this event.
#[derive(Serialize, ToSchema)]
#[schema(as = proposals::Profile)]
pub struct ProfileView {
    pub name: String,
    pub bio: String,
    pub affiliation: String,
    pub links: Vec<String>,
    pub version: i64,
}

impl HasVersion for ProfileView {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Profile> for ProfileView {
    fn from(profile: Profile) -> ProfileView {
        let Profile { name, bio, affiliation, links, version, .. } = profile;
        ProfileView { name, bio, affiliation, links: links.0, version }
    }
}
