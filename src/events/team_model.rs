//! The team of an event: its members, their roles, and who is invited.

use crate::{
    access::Role,
    accounts::model::{NewPassword, PersonName},
    calls::model::Track,
    db::types::{AccountId, EventId, InvitationId, TrackId, Ts},
    error::{FieldErrors, Result},
    text::{Email, PublicCode},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// An account with all its roles in one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub account: AccountId,
    pub code: String,
    pub name: String,
    pub email: String,
    pub roles: Vec<Held>,
}

/// A role that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub role: Role,
    pub limit: Limit,
    pub version: i64,
}

/// The tracks a role is limited to; `None`: to nothing.
pub type Limit = Option<Vec<LimitTrack>>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitTrack {
    pub id: TrackId,
    pub code: String,
    pub name: String,
}

const MOST_TRACKS: usize = 100;

/// What somebody asked a role to be limited to.
///
/// # Errors
/// Field errors: a role that cannot be limited, and what is no track of the event.
pub fn limit(role: Role, codes: Option<&[PublicCode]>, tracks: &[Track]) -> Result<Limit, FieldErrors> {
    let Some(codes) = codes else { return Ok(None) };
    if !role.can_be_limited() {
        return Err(FieldErrors::of("tracks", "not_limitable", format!("must be null: a {role} is never limited")));
    }
    if !(1..=MOST_TRACKS).contains(&codes.len()) {
        return Err(FieldErrors::of("tracks", "length", format!("must hold 1 to {MOST_TRACKS} codes, or be null")));
    }
    let mut errors = FieldErrors::default();
    for (index, code) in codes.iter().enumerate() {
        if tracks.iter().all(|track| track.code != code.as_str()) {
            errors.add(&format!("tracks[{index}]"), "unknown", "is no track of this event");
        }
    }
    if !errors.0.is_empty() {
        return Err(errors);
    }
    let named = tracks.iter().filter(|track| codes.iter().any(|code| track.code == code.as_str()));
    let limit = |track: &Track| LimitTrack { id: track.id, code: track.code.clone(), name: track.name.clone() };
    Ok(Some(named.map(limit).collect()))
}

/// A role in words: `reviewer of Internals and Community`.
pub fn role_in_words(role: Role, limit: &Limit) -> String {
    let Some(tracks) = limit else { return role.to_string() };
    let names: Vec<&str> = tracks.iter().map(|track| track.name.as_str()).collect();
    format!("{role} of {}", names.join(" and "))
}

/// Which of a member's roles; all without one.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct WhichRole {
    /// Only this one; all of them when absent.
    pub role: Option<Role>,
}

/// An invitation that waits to be accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub event: EventId,
    pub slug: String,
    pub event_name: String,
    pub code: String,
    pub email: String,
    pub email_key: String,
    pub role: Role,
    pub limit: Limit,
    pub inviter: String,
    pub expires_at: Ts,
    pub created_at: Ts,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    pub email: Email,
    pub role: Role,
    /// The codes of the tracks to which a chair or reviewer is limited; all when absent or null.
    #[schema(min_items = 1, max_items = 100)]
    pub tracks: Option<Vec<PublicCode>>,
}

/// An invitation that is about to be mailed.
pub struct Invite<'i> {
    pub event: EventId,
    pub inviter: AccountId,
    pub email: &'i Email,
    pub role: Role,
    pub limit: &'i Limit,
}

/// To what a role that somebody holds is limited from now on.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditMember {
    /// Which of the member's roles: chair or reviewer.
    pub role: Role,
    /// The codes of the tracks; null for all.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required, min_items = 1, max_items = 100)]
    pub tracks: Option<Vec<PublicCode>>,
}

/// The form behind an invitation: who has an account gives its password, others a name and a new one.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct InvitationForm {
    pub name: Option<String>,
    #[schema(value_type = String, format = Password)]
    pub password: SecretString,
}

impl InvitationForm {
    /// What makes a new account.
    ///
    /// # Errors
    /// Field errors.
    pub fn new_account(&self) -> Result<(PersonName, NewPassword), FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = PersonName::new(self.name.as_deref().unwrap_or_default());
        let password = NewPassword::new(self.password.expose_secret());
        match (name, password) {
            (Ok(name), Ok(password)) => return Ok((name, password)),
            (name, password) => {
                errors.0.extend(name.err().into_iter().flat_map(|text| FieldErrors::coded("name", &text).0));
                errors.0.extend(password.err().into_iter().flat_map(|text| FieldErrors::coded("password", &text).0));
            }
        }
        Err(errors)
    }
}
