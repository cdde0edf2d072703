//! A stored mail as bytes: the same bytes each time, so that a repeat can be recognized.

use super::outbox::Mail;
use crate::{
    secrets::{self, Keys},
    text::Email,
};
use lettre::{
    Address,
    message::{
        Mailbox, Message, MultiPart, MultiPartKind, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};

/// The name that mails come from.
const SENDER: &str = "Callboard";

/// A mail with its secrets, ready to be handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready {
    pub from: Address,
    pub to: Address,
    pub text: String,
    pub html: String,
    pub bytes: Vec<u8>,
}

impl Ready {
    /// # Errors
    /// Why the mail can never be sent.
    pub fn new(from: &Email, keys: &Keys, mail: &Mail) -> Result<Ready, String> {
        let from = address(from).ok_or("the address that mails come from cannot be used")?;
        let to = address(&mail.to_address).ok_or("the address cannot be used")?;
        let filled = |text: &str| secrets::fill_markers(text, |link| keys.link_secret(link));
        let (text, html) = (filled(&mail.body_text), filled(&mail.body_html));
        let mut message = Message::builder()
            .date(mail.created_at.timestamp().into())
            .message_id(Some(one_line(&mail.message_id)))
            .from(Mailbox::new(Some(SENDER.into()), from.clone()))
            .to(Mailbox::new(Some(one_line(&mail.to_name)).filter(|name| !name.is_empty()), to.clone()))
            .subject(one_line(&mail.subject))
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ));
        if let Some(reply_to) = mail.reply_to.as_deref().and_then(address) {
            message = message.reply_to(reply_to.into());
        }
        let body = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(format!("callboard-{}", mail.code))
            .singlepart(SinglePart::plain(text.clone()))
            .singlepart(SinglePart::html(html.clone()));
        let bytes = message.multipart(body).map_err(|error| error.to_string())?.formatted();
        Ok(Ready { from, to, text, html, bytes })
    }
}

/// ASCII only: not every relay takes other addresses.
fn address(text: &str) -> Option<Address> {
    text.parse().ok().filter(|_| text.is_ascii() && !text.contains(char::is_control))
}

/// Nothing that could end a header's line, and nothing that a reader would take for an encoded word of ours.
fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    text.trim().replace("=?", "= ?")
}
