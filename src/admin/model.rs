//! What admins ask for, and what they may not do.

use crate::{
    db::types::Ts,
    error::{Code, Error, Result},
    events::model::Visibility,
    http::input::is_slug,
    text::Email,
};
use data_encoding::BASE64URL_NOPAD;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// An event, from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub slug: String,
    pub name: String,
    pub visibility: Visibility,
    pub created_at: Ts,
    pub members: i64,
    /// How many organizers can sign in.
    pub organizers: i64,
    /// Submitted ones.
    pub proposals: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub code: String,
    pub email: String,
    pub name: String,
    pub email_verified_at: Option<Ts>,
    pub is_admin: bool,
    pub disabled_at: Option<Ts>,
    pub version: i64,
    pub created_at: Ts,
}

impl Account {
    /// What becomes of it.
    ///
    /// # Errors
    /// `WrongState` for an admin whose address is not known to be theirs.
    pub fn edited(self, edit: &EditAccount, now: Ts) -> Result<Account> {
        let is_admin = edit.admin.unwrap_or(self.is_admin);
        let disabled_at = match edit.disabled {
            None => self.disabled_at,
            Some(false) => None,
            Some(true) => self.disabled_at.or(Some(now)),
        };
        if is_admin && !self.is_admin && (self.email_verified_at.is_none() || disabled_at.is_some()) {
            return Err(Error::wrong_state("An admin has a verified address and is not disabled."));
        }
        Ok(Account { is_admin, disabled_at, ..self })
    }
}

/// Which accounts, and which page of them.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct ListAccounts {
    /// How many items, 1 to 100.
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// The whole address.
    #[schema(inline)]
    pub email: Option<Email>,
    /// How the name begins, letter by letter.
    #[schema(min_length = 1, max_length = 100)]
    #[validate(length(min = 1, max = 100, message = "must have 1 to 100 characters"))]
    pub name: Option<String>,
}

/// [`ListAccounts`] as a form in the address sends it: what is empty is not asked for.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[schema(as = admin::WhichAccounts)]
pub struct WhichAccounts {
    pub cursor: Option<String>,
    /// The whole address, or how the name begins.
    #[validate(length(max = 254))]
    pub q: Option<String>,
}

impl From<WhichAccounts> for ListAccounts {
    fn from(which: WhichAccounts) -> ListAccounts {
        let asked = which.q.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let email = asked.as_deref().and_then(|text| Email::new(text).ok());
        let name = asked.filter(|_| email.is_none());
        ListAccounts { limit: None, cursor: which.cursor.filter(|text| !text.is_empty()), email, name }
    }
}

/// What changes about an account; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = admin::EditAccount)]
pub struct EditAccount {
    /// Ends its sessions and revokes its own tokens; nobody signs in with it.
    pub disabled: Option<bool>,
    pub admin: Option<bool>,
}

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[schema(as = admin::NewOrganizer)]
pub struct NewOrganizer {
    pub email: Email,
}

/// The cursor of a list of events: the last one's slug.
pub fn cursor(slug: &str) -> String {
    BASE64URL_NOPAD.encode(slug.as_bytes())
}

/// The slug in a cursor.
///
/// # Errors
/// `BadCursor` for anything that [`cursor`] cannot have made.
pub fn after(cursor: &str) -> Result<String> {
    let decoded = BASE64URL_NOPAD.decode(cursor.as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded
        .filter(|slug| is_slug(slug))
        .ok_or_else(|| Error::new(Code::BadCursor, "Take `next` of the page before, or start without one."))
}
