//! What organizers see of mails: links that carry a secret are masked.

use super::{MailState, outbox::Mail};
use crate::{db::types::Ts, secrets};
use serde::Serialize;
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
    pub text: String,
    pub html: String,
}

impl From<Mail> for Whole {
    fn from(mail: Mail) -> Whole {
        Whole {
            reply_to: mail.reply_to.clone(),
            message_id: mail.message_id.clone(),
            text: secrets::mask_markers(&mail.body_text),
            html: secrets::mask_markers(&mail.body_html),
            mail: mail.into(),
        }
    }
}
