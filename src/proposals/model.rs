//! A proposal's four facts, kept apart: lifecycle, decision, published decision, confirmation. What people send, and
//! the rules that need no database.

use crate::{
    calls::{
        categories::{self, model::Category},
        passes::model::LinkSecret,
    },
    db::types::{ChoiceId, Ts},
    error::{Code, Error, Result},
    http::input::patched,
    text::{CODE_END, Line, Prose, PublicCode},
    text_enum,
};
use serde::{Deserialize, Deserializer, de};
use utoipa::ToSchema;
use validator::Validate;

text_enum! {
    pub enum Lifecycle {
        Draft = "draft",
        Submitted = "submitted",
        /// By its owner.
        Withdrawn = "withdrawn",
        /// By organizers.
        Canceled = "canceled",
    }
}

text_enum! {
    /// What organizers think now; visible to nobody else.
    pub enum Decision {
        Undecided = "undecided",
        Accepted = "accepted",
        Waitlisted = "waitlisted",
        Rejected = "rejected",
    }
}

text_enum! {
    /// The last decision that was communicated.
    pub enum PublishedDecision {
        Accepted = "accepted",
        Waitlisted = "waitlisted",
        Rejected = "rejected",
    }
}

impl Decision {
    /// What publishing would communicate; nothing while undecided.
    pub const fn publishable(self) -> Option<PublishedDecision> {
        match self {
            Decision::Undecided => None,
            Decision::Accepted => Some(PublishedDecision::Accepted),
            Decision::Waitlisted => Some(PublishedDecision::Waitlisted),
            Decision::Rejected => Some(PublishedDecision::Rejected),
        }
    }
}

text_enum! {
    /// The speaker's answer to a published acceptance.
    pub enum Confirmation {
        Pending = "pending",
        Confirmed = "confirmed",
        Declined = "declined",
    }
}

pub type Title = Line<1, 200>;
pub type Abstract = Prose<0, 3000>;
pub type Description = Prose<0, 20_000>;
pub type Notes = Prose<0, 5000>;

#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct NewProposal {
    pub title: Title,
    /// For the program. Needed to submit.
    #[serde(default)]
    #[schema(required = false)]
    pub r#abstract: Abstract,
    /// For the committee: outline, what people take home.
    #[serde(default)]
    #[schema(required = false)]
    pub description: Description,
    /// For organizers only.
    #[serde(default)]
    #[schema(required = false)]
    pub notes: Notes,
    /// The code of a format; may be left out where there is only one.
    #[schema(max_length = 6)]
    #[validate(length(max = 6, message = "is not the code of a format"))]
    pub format: Option<String>,
    /// The code of a track.
    #[schema(max_length = 6)]
    #[validate(length(max = 6, message = "is not the code of a track"))]
    pub track: Option<String>,
    /// The codes of choices, of any of the categories.
    #[serde(default)]
    #[schema(required = false, value_type = Vec<String>, max_items = 100)]
    pub choices: Vec<PublicCode>,
    /// The secret of a late link, which is used only where the deadline has passed.
    #[schema(value_type = Option<String>, min_length = 22, max_length = 22)]
    pub late_link: Option<LinkSecret>,
    /// The code of the title idea that it started from.
    #[schema(value_type = Option<String>, min_length = 6, max_length = 6)]
    pub idea: Option<PublicCode>,
    /// Submit at once instead of keeping a draft.
    #[serde(default)]
    #[schema(required = false)]
    pub submit: bool,
}

/// What changes; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct EditProposal {
    pub title: Option<Title>,
    pub r#abstract: Option<Abstract>,
    pub description: Option<Description>,
    pub notes: Option<Notes>,
    #[schema(max_length = 6)]
    #[validate(length(max = 6, message = "is not the code of a format"))]
    pub format: Option<String>,
    /// `null`: in no track.
    #[serde(default, deserialize_with = "patched")]
    #[schema(value_type = Option<String>, max_length = 6)]
    pub track: Option<Option<String>>,
    /// The codes of all choices, of any of the categories.
    #[schema(value_type = Option<Vec<String>>, max_items = 100)]
    pub choices: Option<Vec<PublicCode>>,
    /// The secret of a late link, which is used only where the deadline has passed.
    #[schema(value_type = Option<String>, min_length = 22, max_length = 22)]
    pub late_link: Option<LinkSecret>,
}

/// What one can look at on the web.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebAddress(pub String);

impl<'de> Deserialize<'de> for WebAddress {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Line::<1, 500>::deserialize(from)?;
        let url = url::Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let url = url.filter(|url| url.username().is_empty() && url.password().is_none());
        url.map(|url| WebAddress(url.into()))
            .ok_or_else(|| de::Error::custom(format!("url{CODE_END}must be an address like https://example.org/me")))
    }
}

impl utoipa::PartialSchema for WebAddress {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};
        let format = SchemaFormat::Custom("uri".into());
        ObjectBuilder::new().schema_type(Type::String).format(Some(format)).max_length(Some(500)).into()
    }
}

impl ToSchema for WebAddress {}

text_enum! {
    /// What stands first in a list of proposals; of equal ones the newest.
    pub enum Sort {
        Newest = "newest",
        Oldest = "oldest",
        /// By the alphabet, without accents and upper case.
        Title = "title",
        /// Those that were changed last.
        Changed = "changed",
        /// Those with the fewest reviews.
        Reviews = "reviews",
        /// Those with the highest mean; those without come last.
        Mean = "mean",
    }
}

/// Which of the event's proposals organizers want to see.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    pub lifecycle: Option<Lifecycle>,
    pub decision: Option<Decision>,
    pub published_decision: Option<PublishedDecision>,
    pub confirmation: Option<Confirmation>,
    /// The code of a format.
    #[schema(value_type = Option<String>)]
    pub format: Option<PublicCode>,
    /// The code of a track.
    #[schema(value_type = Option<String>)]
    pub track: Option<PublicCode>,
    /// The code of a choice.
    #[schema(value_type = Option<String>)]
    pub choice: Option<PublicCode>,
    /// Whether it skips the review.
    pub invited: Option<bool>,
    /// Words, `"words in this order"` and `begin*` that the texts or the speakers' names have; those with them in the title first.
    #[validate(length(max = 200))]
    #[schema(max_length = 200)]
    pub q: Option<String>,
    /// What stands first; otherwise what fits best of what is looked for, or the newest.
    pub sort: Option<Sort>,
    /// How many items, 1 to 100.
    #[validate(range(min = 1, max = 100))]
    #[schema(minimum = 1, maximum = 100, default = 50)]
    pub limit: Option<u32>,
    /// `next` of the page before.
    pub cursor: Option<String>,
}

/// What has to be there before a proposal can be submitted.
pub fn check_complete(abstract_: &str, picked: &[ChoiceId], categories: &[Category]) -> Result<()> {
    let mut errors = categories::model::check_picked(categories, picked);
    if abstract_.is_empty() {
        errors.add("abstract", "missing", "is needed to submit");
    }
    errors.into_result()
}

/// Whether one more may be submitted by somebody who has submitted so many.
pub fn check_limit(submitted: i64, limit: Option<i64>) -> Result<()> {
    match limit {
        Some(limit) if submitted >= limit => {
            let detail = format!("One speaker may submit {limit} here, and there are {submitted}. Withdraw one first.");
            Err(Error::new(Code::LimitReached, detail))
        }
        _ => Ok(()),
    }
}

/// # Errors
/// `WrongState`, saying what would be possible, when the proposal is in none of `allowed`.
pub fn check_lifecycle(is: Lifecycle, allowed: &[Lifecycle], deed: &str) -> Result<()> {
    if allowed.contains(&is) {
        return Ok(());
    }
    let hint = match is {
        Lifecycle::Draft => "It is a draft: submit it first.",
        Lifecycle::Submitted => "It is submitted.",
        Lifecycle::Withdrawn => "It is withdrawn; undo the withdrawal first.",
        Lifecycle::Canceled => "The organizers have canceled it; ask them.",
    };
    Err(Error::wrong_state(format!("It cannot be {deed} now. {hint}")))
}

/// Submitting, withdrawing and declining are for the one who answers for the proposal.
///
/// # Errors
/// `Forbidden` for the other speakers.
pub fn check_owner(owner: bool) -> Result<()> {
    if owner { Ok(()) } else { Err(Error::new(Code::Forbidden, "Only its owner may do this. You can leave it.")) }
}

/// Withdrawing ends with a published acceptance; from then on one declines.
pub fn check_withdrawal(published: Option<PublishedDecision>) -> Result<()> {
    if published == Some(PublishedDecision::Accepted) {
        return Err(Error::wrong_state("It is accepted: decline it instead of withdrawing it."));
    }
    Ok(())
}

/// The proof of a submission that its owner gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub decided_at: Ts,
    /// In UTC and in the event's zone.
    pub decided_at_text: String,
    pub editable_until: Option<Ts>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_inclusive() {
        assert!(check_limit(2, Some(3)).is_ok());
        assert_eq!(check_limit(3, Some(3)).unwrap_err().code(), Code::LimitReached);
        assert!(check_limit(1000, None).is_ok());
    }

    #[test]
    fn only_an_acceptance_ends_withdrawing() {
        assert!(check_withdrawal(None).is_ok());
        assert!(check_withdrawal(Some(PublishedDecision::Waitlisted)).is_ok());
        assert!(check_withdrawal(Some(PublishedDecision::Rejected)).is_ok());
        assert!(check_withdrawal(Some(PublishedDecision::Accepted)).is_err());
    }

    #[test]
    fn links_lead_to_the_web() {
        let read = |text: &str| serde_json::from_value::<WebAddress>(text.into());
        assert_eq!(read("https://example.org/ada").unwrap().0, "https://example.org/ada");
        for text in
            ["javascript:alert(1)", "data:text/html,x", "example.org", "ftp://example.org", "https://a:b@c.org", ""]
        {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
