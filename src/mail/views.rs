//! What organizers see of mails: links that carry a secret are masked.

use super::{MailState, actions, outbox::Mail, store::HeldBy};
use crate::{db::types::Ts, secrets};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A mail in a list, and what became of it.
#[derive(Serialize, ToSchema)]
#[schema(as = mail::InList)]
pub struct InList {
    pub id: String,
    pub kind: String,
    pub to: String,
    pub to_name: String,
    pub subject: String,
    pub state: MailState,
    /// Who keeps it from being sent; `null` unless it is held.
    pub held_by: Option<HeldBy>,
    /// How often it was handed to the mail server.
    pub attempts: i64,
    /// How often the mail server's last answer was lost: it may have arrived as often.
    pub ambiguous_ends: i64,
    /// What the mail server said last.
    pub last_answer: Option<String>,
    pub created_at: Ts,
    pub sent_at: Option<Ts>,
}

impl From<Mail> for InList {
    fn from(mail: Mail) -> InList {
        InList {
            id: mail.code,
            kind: mail.kind,
            to: mail.to_address,
            to_name: mail.to_name,
            subject: mail.subject,
            state: mail.state,
            held_by: mail.held_by,
            attempts: mail.attempts,
            ambiguous_ends: mail.ambiguous_ends,
            last_answer: mail.last_answer,
            created_at: mail.created_at,
            sent_at: mail.sent_at,
        }
    }
}

/// A whole mail.
#[derive(Serialize, ToSchema)]
#[schema(as = mail::Whole)]
pub struct Whole {
    #[serde(flatten)]
    pub mail: InList,
    pub reply_to: Option<String>,
    pub message_id: String,
    /// `null` where it is not kept: of canceled mails never, of others for a while.
    pub text: Option<String>,
    pub html: Option<String>,
}

impl From<Mail> for Whole {
    fn from(mail: Mail) -> Whole {
        let kept = |text: &str| Some(secrets::mask_markers(text)).filter(|text| !text.is_empty());
        Whole {
            reply_to: mail.reply_to.clone(),
            message_id: mail.message_id.clone(),
            text: kept(&mail.body_text),
            html: kept(&mail.body_html),
            mail: mail.into(),
        }
    }
}

/// How the mails of an event stand.
#[derive(Serialize, ToSchema)]
#[schema(as = mail::Summary)]
pub struct Summary {
    /// How many mails are in each state; states without any are left out.
    pub states: BTreeMap<String, i64>,
    /// Since when the mail server cannot be used; `null` while it can.
    pub mail_server_down_since: Option<Ts>,
}

impl From<actions::Summary> for Summary {
    fn from(summary: actions::Summary) -> Summary {
        Summary {
            states: summary.states.into_iter().map(|(state, count)| (state.to_string(), count)).collect(),
            mail_server_down_since: summary.server_down_since,
        }
    }
}
