//! What people see of events and their teams.

use super::{
    actions::Seen,
    model::{Event, Facts, Listed, Visibility},
    team_model::{Held, Invitation, Limit, Member},
};
use crate::{
    access::Role,
    calls::{model::CallState, time::Day, views::DeadlineView},
    db::types::Ts,
    http::reply::HasVersion,
};
use serde::Serialize;
use utoipa::ToSchema;

/// An event as everybody sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = events::ForPublic)]
pub struct ForPublic {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub zone: String,
    #[schema(value_type = Option<Day>)]
    pub starts_on: Option<String>,
    #[schema(value_type = Option<Day>)]
    pub ends_on: Option<String>,
    pub place: String,
    pub website: String,
    pub contact_email: String,
    pub call: CallInShort,
}

/// Whether one can submit now, and the last deadline of the call, its formats and tracks.
#[derive(Serialize, ToSchema)]
#[schema(as = events::CallInShort)]
pub struct CallInShort {
    pub state: CallState,
    pub deadline: Option<DeadlineView>,
}

impl From<Seen<Listed>> for ForPublic {
    fn from(Seen { what: Listed { event, setup }, at }: Seen<Listed>) -> ForPublic {
        let window = setup.window();
        let call = CallInShort { state: window.state_at(at), deadline: window.deadline().map(DeadlineView::from) };
        let Event { slug, facts, .. } = event;
        let Facts { name, description, zone, starts_on, ends_on, place, website, contact_email, .. } = facts;
        ForPublic { slug, name, description, zone, starts_on, ends_on, place, website, contact_email, call }
    }
}

pub fn list(seen: Seen<Vec<Listed>>) -> Vec<ForPublic> {
    let at = seen.at;
    seen.what.into_iter().map(|what| Seen { what, at }.into()).collect()
}

/// All that organizers set about an event.
#[derive(Serialize, ToSchema)]
#[schema(as = events::Settings)]
pub struct Settings {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub zone: String,
    #[schema(value_type = Option<Day>)]
    pub starts_on: Option<String>,
    #[schema(value_type = Option<Day>)]
    pub ends_on: Option<String>,
    pub place: String,
    pub website: String,
    /// Empty: none.
    pub contact_email: String,
    pub visibility: Visibility,
    /// Whether reviewers do not learn who wrote a proposal.
    pub blind: bool,
    pub version: i64,
}

impl HasVersion for Settings {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Event> for Settings {
    fn from(Event { slug, facts, version, .. }: Event) -> Settings {
        let Facts { name, description, zone, starts_on, ends_on, place, website, contact_email, visibility, blind } =
            facts;
        Settings {
            slug,
            name,
            description,
            zone,
            starts_on,
            ends_on,
            place,
            website,
            contact_email,
            visibility,
            blind,
            version,
        }
    }
}

/// Somebody on the team.
#[derive(Serialize, ToSchema)]
#[schema(as = events::Member)]
pub struct MemberView {
    pub code: String,
    pub name: String,
    pub email: String,
    pub roles: Vec<HeldView>,
}

/// A role that somebody on the team holds.
#[derive(Serialize, ToSchema)]
#[schema(as = events::HeldRole)]
pub struct HeldView {
    pub role: Role,
    /// The codes of the tracks it is limited to; null: not limited.
    pub tracks: Option<Vec<String>>,
    pub version: i64,
}

impl HasVersion for HeldView {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Held> for HeldView {
    fn from(held: Held) -> HeldView {
        HeldView { role: held.role, tracks: codes(held.limit), version: held.version }
    }
}

fn codes(limit: Limit) -> Option<Vec<String>> {
    limit.map(|tracks| tracks.into_iter().map(|track| track.code).collect())
}

impl From<Member> for MemberView {
    fn from(member: Member) -> MemberView {
        let roles = member.roles.into_iter().map(HeldView::from).collect();
        MemberView { code: member.code, name: member.name, email: member.email, roles }
    }
}

/// An invitation that was not accepted yet.
#[derive(Serialize, ToSchema)]
#[schema(as = events::Invitation)]
pub struct InvitationView {
    pub code: String,
    pub email: String,
    pub role: Role,
    /// The codes of the tracks it is limited to; null: not limited.
    pub tracks: Option<Vec<String>>,
    /// The name of the organizer who sent it.
    pub inviter: String,
    pub created_at: Ts,
    pub expires_at: Ts,
}

impl From<Invitation> for InvitationView {
    fn from(invitation: Invitation) -> InvitationView {
        let Invitation { code, email, role, limit, inviter, created_at, expires_at, .. } = invitation;
        InvitationView { code, email, role, tracks: codes(limit), inviter, created_at, expires_at }
    }
}

/// What one has become, and where.
#[derive(Serialize, ToSchema)]
#[schema(as = events::Joined)]
pub struct Joined {
    /// The event's slug.
    pub event: String,
    pub role: Role,
    /// The codes of the tracks it is limited to; null: not limited.
    pub tracks: Option<Vec<String>>,
}

impl From<Invitation> for Joined {
    fn from(invitation: Invitation) -> Joined {
        Joined { event: invitation.slug, role: invitation.role, tracks: codes(invitation.limit) }
    }
}

/// An open call on the first page.
pub struct OnHome {
    pub slug: String,
    pub name: String,
    pub place: String,
    pub closes_at: Ts,
    pub deadline: String,
}

/// The calls that are open, the next deadline first.
pub fn on_home(seen: Seen<Vec<Listed>>) -> Vec<OnHome> {
    let at = seen.at;
    let row = |listed: Listed| {
        let window = listed.setup.window();
        let deadline = window.deadline().filter(|_| window.state_at(at) == CallState::Open)?;
        let DeadlineView { text, utc, .. } = deadline.into();
        let Facts { name, place, .. } = listed.event.facts;
        Some(OnHome { slug: listed.event.slug, name, place, closes_at: utc, deadline: text })
    };
    let mut rows: Vec<OnHome> = seen.what.into_iter().filter_map(row).collect();
    rows.sort_by_key(|row| row.closes_at);
    rows
}
