//! What admins see.

use super::{
    actions::Health,
    model::{Account, Event},
};
use crate::{db::types::Ts, events::model::Visibility, http::reply::HasVersion};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = admin::Event)]
pub struct EventView {
    pub slug: String,
    pub name: String,
    pub visibility: Visibility,
    pub created_at: Ts,
    /// How many people are on the team.
    pub members: i64,
    /// How many organizers can sign in; where it is 0, an admin may invite one.
    pub organizers: i64,
    /// How many proposals are submitted.
    pub proposals: i64,
}

impl From<Event> for EventView {
    fn from(event: Event) -> EventView {
        let Event { slug, name, visibility, created_at, members, organizers, proposals } = event;
        EventView { slug, name, visibility, created_at, members, organizers, proposals }
    }
}

#[derive(Serialize, ToSchema)]
#[schema(as = admin::Account)]
pub struct AccountView {
    pub id: String,
    pub email: String,
    pub name: String,
    pub email_verified: bool,
    pub admin: bool,
    pub disabled_at: Option<Ts>,
    pub version: i64,
    pub created_at: Ts,
}

impl HasVersion for AccountView {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Account> for AccountView {
    fn from(account: Account) -> AccountView {
        let Account { code, email, name, email_verified_at, is_admin, disabled_at, version, created_at } = account;
        let email_verified = email_verified_at.is_some();
        AccountView { id: code, email, name, email_verified, admin: is_admin, disabled_at, version, created_at }
    }
}

/// Where the invitation went.
#[derive(Serialize, ToSchema)]
#[schema(as = admin::Invited)]
pub struct InvitedView {
    pub email: String,
    pub expires_at: Ts,
}

#[derive(Serialize, ToSchema)]
#[schema(as = admin::Health)]
pub struct HealthView {
    pub version: &'static str,
    /// `sqlite` or `postgres`.
    pub database: &'static str,
    /// Whether all migrations of this version have been run.
    pub migrations_current: bool,
    pub lanes: Vec<LaneView>,
    /// How many mails there are in each state that is not the end.
    pub mails: BTreeMap<String, i64>,
    /// Since when the mail waits that has been due longest.
    pub oldest_due_mail: Option<Ts>,
    /// When each periodic job was last done.
    pub jobs: Vec<JobView>,
}

/// Something the server does now and then.
#[derive(Serialize, ToSchema)]
#[schema(as = admin::Job)]
pub struct JobView {
    pub name: String,
    pub last_done_at: Option<Ts>,
}

/// How many requests wait for the database.
#[derive(Serialize, ToSchema)]
#[schema(as = admin::Lane)]
pub struct LaneView {
    pub name: &'static str,
    pub waiting: usize,
}

impl From<Health> for HealthView {
    fn from(health: Health) -> HealthView {
        let Health { database, migrations_current, lanes, stored } = health;
        HealthView {
            version: env!("CARGO_PKG_VERSION"),
            database,
            migrations_current,
            lanes: lanes.into_iter().map(|(name, waiting)| LaneView { name, waiting }).collect(),
            mails: stored.mails.into_iter().map(|(state, count)| (state.to_string(), count)).collect(),
            oldest_due_mail: stored.oldest_due,
            jobs: stored.jobs.into_iter().map(|(name, last_done_at)| JobView { name, last_done_at }).collect(),
        }
    }
}
