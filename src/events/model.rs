//! An event, and what its organizers may say about it.

use crate::{
    calls::{
        model::{NewDeadline, Setup},
        time::{self, Day, Deadline},
    },
    db::types::EventId,
    error::{FieldErrors, Result},
    http::input::{is_slug, patched},
    text::{CODE_END, Email, Line, Prose},
    text_enum,
};
use serde::{Deserialize, Deserializer, de};
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    pub enum Visibility {
        /// For its team only.
        Draft = "draft",
        /// For everybody who knows the address.
        Unlisted = "unlisted",
        Public = "public",
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: EventId,
    pub slug: String,
    pub facts: Facts,
    pub version: i64,
}

/// What can be changed about an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub name: String,
    pub description: String,
    pub zone: String,
    pub starts_on: Option<String>,
    pub ends_on: Option<String>,
    pub place: String,
    pub website: String,
    /// Empty: none.
    pub contact_email: String,
    pub visibility: Visibility,
    pub blind: bool,
}

/// A public event with its call.
pub struct Listed {
    pub event: Event,
    pub setup: Setup,
}

/// Slugs that are, or may become, the first segment of a page's path, and some that would mislead.
pub const RESERVED: &[&str] = &[
    "about",
    "accounts",
    "admin",
    "api",
    "assets",
    "callboard",
    "change-address",
    "confirm",
    "decline",
    "demo",
    "docs",
    "events",
    "feeds",
    "forgot",
    "healthz",
    "help",
    "imprint",
    "invitation",
    "legal",
    "login",
    "logout",
    "me",
    "metrics",
    "new",
    "preview",
    "previews",
    "privacy",
    "readyz",
    "reset",
    "search",
    "security",
    "settings",
    "sign-in",
    "sign-in-link",
    "sign-out",
    "speak",
    "sign-up",
    "static",
    "status",
    "support",
    "terms",
    "unsubscribe",
    "verify",
    "well-known",
    "www",
];

/// The address of an event below the server's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSlug(String);

impl NewSlug {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for NewSlug {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if !is_slug(&text) {
            let rule = "must have 2 to 40 of a-z, 0-9 and -, and not start with -";
            return Err(de::Error::custom(format!("slug{CODE_END}{rule}")));
        }
        if RESERVED.contains(&text.as_str()) {
            return Err(de::Error::custom(format!("reserved{CODE_END}is kept for a page of the server")));
        }
        Ok(NewSlug(text))
    }
}

impl utoipa::PartialSchema for NewSlug {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[a-z0-9][a-z0-9-]{1,39}$")).into()
    }
}

impl ToSchema for NewSlug {
    fn name() -> std::borrow::Cow<'static, str> {
        "Slug".into()
    }
}

/// An `http` or `https` address, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Website(String);

const LONGEST_WEBSITE: usize = 500;

impl<'de> Deserialize<'de> for Website {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Line::<0, LONGEST_WEBSITE>::deserialize(from)?;
        let plain = |url: &url::Url| url.username().is_empty() && url.password().is_none();
        let fits = |url: url::Url| matches!(url.scheme(), "http" | "https") && url.has_host() && plain(&url);
        if text.is_empty() || url::Url::parse(&text).is_ok_and(fits) {
            return Ok(Website(text.into_string()));
        }
        Err(de::Error::custom(format!("website{CODE_END}must be an address like https://example.org, or empty")))
    }
}

impl utoipa::PartialSchema for Website {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new().schema_type(Type::String).max_length(Some(LONGEST_WEBSITE)).into()
    }
}

impl ToSchema for Website {}

/// Where answers to the event's mails go; empty for none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactEmail(String);

impl<'de> Deserialize<'de> for ContactEmail {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        if text.trim().is_empty() {
            return Ok(ContactEmail::default());
        }
        Email::new(&text).map(|email| ContactEmail(email.into_string())).map_err(de::Error::custom)
    }
}

impl utoipa::PartialSchema for ContactEmail {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        let description = Some("A mail address; empty: none");
        ObjectBuilder::new().schema_type(Type::String).max_length(Some(254)).description(description).into()
    }
}

impl ToSchema for ContactEmail {}

pub type EventName = Line<1, 100>;
pub type Place = Line<0, 200>;
pub type Description = Prose<0, 20_000>;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewEvent {
    pub slug: NewSlug,
    pub name: EventName,
    /// An IANA zone, like `Europe/Berlin`.
    pub zone: String,
    pub starts_on: Option<Day>,
    pub ends_on: Option<Day>,
    #[serde(default)]
    pub place: Place,
    #[serde(default)]
    pub website: Website,
    #[serde(default)]
    pub description: Description,
    #[serde(default)]
    pub contact_email: ContactEmail,
    #[serde(default = "draft")]
    #[schema(default = "draft")]
    pub visibility: Visibility,
    /// Whether reviewers do not learn who wrote a proposal.
    #[serde(default = "blind")]
    #[schema(default = true)]
    pub blind: bool,
    /// When the call closes; it can be said later, too. With an empty zone it is meant in the event's.
    pub deadline: Option<NewDeadline>,
}

fn draft() -> Visibility {
    Visibility::Draft
}

fn blind() -> bool {
    true
}

impl NewEvent {
    /// # Errors
    /// Field errors of the time and the zone.
    pub fn deadline(&self) -> Result<Option<Deadline>> {
        let Some(deadline) = &self.deadline else { return Ok(None) };
        let zone = if deadline.zone.trim().is_empty() { &self.zone } else { &deadline.zone };
        NewDeadline { zone: zone.clone(), ..deadline.clone() }.read(None).map(Some)
    }

    /// # Errors
    /// Field errors of the zone and the days.
    pub fn facts(self) -> Result<Facts> {
        let facts = Facts {
            name: self.name.into_string(),
            description: self.description.into_string(),
            zone: self.zone,
            starts_on: self.starts_on.map(Day::into_string),
            ends_on: self.ends_on.map(Day::into_string),
            place: self.place.into_string(),
            website: self.website.0,
            contact_email: self.contact_email.0,
            visibility: self.visibility,
            blind: self.blind,
        };
        facts.checked()
    }
}

/// What changes of an event; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditEvent {
    pub name: Option<EventName>,
    /// An IANA zone, like `Europe/Berlin`.
    pub zone: Option<String>,
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<Day>)]
    pub starts_on: Option<Option<Day>>,
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<Day>)]
    pub ends_on: Option<Option<Day>>,
    pub place: Option<Place>,
    pub website: Option<Website>,
    pub description: Option<Description>,
    pub contact_email: Option<ContactEmail>,
    pub visibility: Option<Visibility>,
    pub blind: Option<bool>,
}

impl Facts {
    /// # Errors
    /// Field errors of the zone and the days.
    pub fn edited(self, edit: EditEvent) -> Result<Facts> {
        let day = |old: Option<String>, new: Option<Option<Day>>| new.map_or(old, |new| new.map(Day::into_string));
        let facts = Facts {
            name: edit.name.map_or(self.name, EventName::into_string),
            description: edit.description.map_or(self.description, Description::into_string),
            zone: edit.zone.unwrap_or(self.zone),
            starts_on: day(self.starts_on, edit.starts_on),
            ends_on: day(self.ends_on, edit.ends_on),
            place: edit.place.map_or(self.place, Place::into_string),
            website: edit.website.map_or(self.website, |website| website.0),
            contact_email: edit.contact_email.map_or(self.contact_email, |email| email.0),
            visibility: edit.visibility.unwrap_or(self.visibility),
            blind: edit.blind.unwrap_or(self.blind),
        };
        facts.checked()
    }

    /// # Errors
    /// Field errors of the zone and the days.
    pub fn checked(self) -> Result<Facts> {
        let (zone, _) = time::zone(&self.zone, "zone")?;
        match (&self.starts_on, &self.ends_on) {
            (None, Some(_)) => Err(FieldErrors::of("starts_on", "missing", "is missing: there is a last day").into()),
            (Some(first), Some(last)) if last < first => {
                Err(FieldErrors::of("ends_on", "before_start", "must not be before the first day").into())
            }
            _ => Ok(Facts { zone, ..self }),
        }
    }
}
