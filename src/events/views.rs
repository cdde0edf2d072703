//! What people see of events and their teams.

use super::{
    actions::Seen,
    model::{Event, Facts, Listed, Visibility},
    team_model::{Held, Invitation, Limit, Member},
};
use crate::{
    access::Role,
    calls::{
        model::CallState,
        pages::Left,
        time::{Day, days},
        views::DeadlineView,
    },
    db::types::Ts,
    http::{pages::markdown::gist, reply::HasVersion},
};
use serde::Serialize;
use std::{cmp::Reverse, time::Duration};
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

/// An event on the first page.
pub struct OnHome {
    pub slug: String,
    pub name: String,
    pub place: String,
    pub description: String,
    pub zone: String,
    /// The days of the event, in words.
    pub days: String,
    pub opens_at: Option<Ts>,
    pub deadline: Option<DeadlineView>,
    /// The last day on which one could propose, in words.
    pub last_day: String,
    pub left: Option<Left>,
}

/// The events of the first page by what one can do there.
#[derive(Default)]
pub struct HomeView {
    /// The next deadline first.
    pub open: Vec<OnHome>,
    /// The next to open first; those that have not said when come last.
    pub coming: Vec<OnHome>,
    /// The last to close first.
    pub closed: Vec<OnHome>,
}

/// How long a call that has closed stands on the first page, and how many of them do.
const CLOSED_FOR: Duration = Duration::from_hours(180 * 24);
const MOST_CLOSED: usize = 12;

pub fn home(seen: Seen<Vec<Listed>>) -> HomeView {
    let at = seen.at;
    let mut home = HomeView::default();
    for Listed { event, setup } in seen.what {
        let window = setup.window();
        let Facts { name, description, zone, starts_on, ends_on, place, .. } = event.facts;
        let closes_at = window.deadline().map(|deadline| deadline.closes_at);
        let state = window.state_at(at);
        let list = match (state, closes_at) {
            (CallState::Open, _) => &mut home.open,
            (CallState::Closed, Some(closed)) if at.since(closed) < CLOSED_FOR => &mut home.closed,
            (CallState::Upcoming | CallState::NotSet, _) => &mut home.coming,
            (CallState::Closed, _) => continue,
        };
        list.push(OnHome {
            slug: event.slug,
            name,
            place,
            description: gist(&description),
            zone,
            days: starts_on.map(|first| days(&first, ends_on.as_deref())).unwrap_or_default(),
            opens_at: setup.call.opens_at.filter(|_| state == CallState::Upcoming),
            last_day: window
                .deadline()
                .and_then(|deadline| Some(days(deadline.local.split('T').next()?, None)))
                .unwrap_or_default(),
            deadline: window.deadline().map(DeadlineView::from),
            left: closes_at.map(|end| Left::until(end, at)),
        });
    }
    let closes_at = |row: &OnHome| row.deadline.as_ref().map(|deadline| deadline.utc);
    home.open.sort_by_key(closes_at);
    home.coming.sort_by_key(|row| (row.opens_at.is_none(), row.opens_at));
    home.closed.sort_by_key(|row| Reverse(closes_at(row)));
    home.closed.truncate(MOST_CLOSED);
    home
}
