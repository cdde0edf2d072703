//! `callboard check-mail`: whether mails can leave with these settings, and what to change where they cannot. It goes
//! the way of every mail, but for the outbox: it needs no database.

use super::say;
use crate::{
    clock::{Clock, Random},
    config::{Config, MailUrl, SecretKey, SmtpSecurity},
    db::types::MailId,
    mail::{
        MailState,
        message::Letter,
        mime::Ready,
        outbox::Mail,
        smtp::{Outcome, Patience, Stage, Unreachable},
        transport::Transport,
    },
    secrets::Keys,
    text::Email,
};
use anyhow::anyhow;
use clap::Args;
use std::{io, process::ExitCode, time::Duration};

/// Somebody sits in front of it.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Args)]
pub struct CheckMail {
    /// Send a test mail to this address
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
}

impl CheckMail {
    pub async fn check(self, mut config: Config) -> anyhow::Result<ExitCode> {
        config.listens_on(config.listen);
        let to = self.to.as_deref().map(Email::new).transpose();
        let to = to.map_err(|_| anyhow!("--to: write one mail address"))?;
        if let MailUrl::Smtp(url) = &mut config.mail {
            url.patience = Patience { connect: PATIENCE, command: PATIENCE, text: PATIENCE };
        }
        let shown = config.effective().into_iter().find(|(name, _)| *name == "smtp_url").map(|(_, value)| value);
        say(format!("smtp_url = {}", shown.unwrap_or_default()))?;
        let mailer = Transport::new(&config)?;
        let mut line = match mailer.open().await {
            Ok(line) => line,
            Err(why) => return failed(&config, &why),
        };
        for fact in facts(&config) {
            say(fact)?;
        }
        let Some(to) = to else {
            line.close().await;
            say("No mail was sent: add --to ADDRESS to send one.")?;
            return Ok(ExitCode::SUCCESS);
        };
        let mail = test_mail(&config, &to)?;
        let keys = Keys::new(&SecretKey(Random::from_system()?.bytes()));
        let ready = Ready::new(&config.mail_from, &keys, &mail).map_err(|why| anyhow!("the test mail: {why}"))?;
        let handed_over = line.deliver(&mail, &ready).await;
        line.close().await;
        match handed_over {
            Err(why) => failed(&config, &why),
            Ok(outcome) => Ok(told(&outcome)?),
        }
    }
}

/// What is known once a line is open.
fn facts(config: &Config) -> Vec<&'static str> {
    match &config.mail {
        MailUrl::Folder(_) => vec!["Mails become files in this folder, and reach nobody."],
        MailUrl::Memory => vec!["Mails are kept in memory, and reach nobody."],
        MailUrl::Smtp(url) => vec![
            "The mail server answers.",
            match url.security {
                SmtpSecurity::None => "The connection is not encrypted: the mail server is on this machine.",
                SmtpSecurity::StartTls => "The connection is encrypted by STARTTLS, its certificate is good.",
                SmtpSecurity::Tls => "The connection is encrypted by TLS, its certificate is good.",
            },
            if url.login.is_some() { "The sign-in is accepted." } else { "No sign-in: the settings name no user." },
        ],
    }
}

fn test_mail(config: &Config, to: &Email) -> anyhow::Result<Mail> {
    let letter = Letter::new("test", "A test mail")
        .paragraph("Hello,")
        .paragraph(format!("the Callboard at {} can send mails. You need not do anything.", config.base_url));
    let code = Random::from_system()?.code(10);
    let host = url::Url::parse(&config.base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    Ok(Mail {
        id: MailId(0),
        event_id: None,
        account_id: None,
        kind: letter.kind.into(),
        to_address: to.to_string(),
        to_name: String::new(),
        reply_to: None,
        subject: letter.subject.clone(),
        body_text: letter.text(),
        body_html: letter.html(),
        message_id: format!("<{code}@{}>", host.as_deref().unwrap_or("callboard.invalid")),
        code,
        state: MailState::Leased,
        held_by: None,
        recalled: false,
        attempts: 0,
        ambiguous_ends: 0,
        last_answer: None,
        created_at: Clock::machine().now(),
        sent_at: None,
        begun_at: None,
    })
}

fn told(outcome: &Outcome) -> io::Result<ExitCode> {
    let (code, text) = match outcome {
        Outcome::Sent(answer) => (ExitCode::SUCCESS, format!("The test mail was taken: {answer}")),
        Outcome::Retry(answer) => (
            ExitCode::FAILURE,
            format!(
                "The test mail was not taken for now: {answer}\nCallboard would try it again for hours. Try again in a few minutes."
            ),
        ),
        Outcome::Failed(answer) => (
            ExitCode::FAILURE,
            format!(
                "The test mail was refused: {answer}\nThe address does not exist, or the mail server takes mails only after a sign-in (CALLBOARD_SMTP_URL) or not from the address in CALLBOARD_MAIL_FROM."
            ),
        ),
        Outcome::Ambiguous(trouble) => (
            ExitCode::FAILURE,
            format!(
                "The test mail was handed over whole, but the last answer did not come: {trouble}\nIt may have been sent. A mail server that is often like this sends mails twice."
            ),
        ),
    };
    say(text)?;
    Ok(code)
}

fn failed(config: &Config, why: &Unreachable) -> anyhow::Result<ExitCode> {
    say(format!("Failed at {why}"))?;
    say(advice(config, why.stage))?;
    Ok(ExitCode::FAILURE)
}

fn advice(config: &Config, stage: Stage) -> &'static str {
    let is_encrypted_first = matches!(&config.mail, MailUrl::Smtp(url) if url.security == SmtpSecurity::Tls);
    match stage {
        Stage::Folder => "Let this user write to the folder, or set CALLBOARD_SMTP_URL to a mail server.",
        Stage::Connect => {
            "Check host and port in CALLBOARD_SMTP_URL, and that a firewall lets this machine out to that port: port 25 is often closed, 587 and 465 are for sending."
        }
        Stage::Greeting => {
            "Something else listens on this port, or it wants TLS from the first byte: then write smtps:// in CALLBOARD_SMTP_URL, usually with port 465."
        }
        Stage::Hello | Stage::Reset => "The mail server does not serve this machine: ask whoever runs it.",
        Stage::StartTls => {
            "Nothing is sent unencrypted to another machine: take a port that offers STARTTLS (usually 587), or smtps:// (usually 465)."
        }
        Stage::Tls if is_encrypted_first => {
            "The certificate must be valid and made out to the host in CALLBOARD_SMTP_URL; one of a private authority is trusted by CALLBOARD_SMTP_CA_FILE. If the port is one for STARTTLS, write smtp://."
        }
        Stage::Tls => {
            "The certificate must be valid and made out to the host in CALLBOARD_SMTP_URL; one of a private authority is trusted by CALLBOARD_SMTP_CA_FILE."
        }
        Stage::SignIn => {
            "Check user and password in CALLBOARD_SMTP_URL; letters like @ are written as %40. Some providers want a password made for programs."
        }
        Stage::Sender => "Set CALLBOARD_MAIL_FROM to an address that this mail server lets you send from.",
    }
}
