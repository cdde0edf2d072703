//! One mail over SMTP, stage by stage, with an honest outcome: before the final dot an error is clean, a real answer to
//! the dot too; only silence after it leaves open whether the server has the mail.

use super::{
    mime::Ready,
    stream::{Guarded, encrypted},
};
use crate::{
    config::{Config, SmtpSecurity, SmtpUrl},
    faults::{self, Point},
};
use anyhow::{Context, ensure};
use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, Certificate, TlsParameters},
    commands::{Data, Mail, Quit, Rcpt, Rset},
    extension::ClientId,
    response::{Response, Severity},
};
use std::{
    cell::Cell,
    fmt::{self, Display},
    fs,
    future::Future,
    path::Path,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::{net::TcpStream, time::timeout};

/// What became of one mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it; its words.
    Sent(String),
    /// Certainly not taken; later it may be.
    Retry(String),
    /// Certainly not taken and never will be.
    Failed(String),
    /// The final dot may have reached the server, its answer has not reached us.
    Ambiguous(String),
}

/// The relay itself cannot be used (address, TLS, password, our sender): no mail is to blame, none loses an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable {
    pub stage: Stage,
    pub why: String,
}

impl Unreachable {
    pub fn at(stage: Stage, why: impl Display) -> Unreachable {
        Unreachable { stage, why: why.to_string() }
    }
}

impl Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.stage.as_str(), self.why)
    }
}

/// What has to succeed before a relay hears of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Where mails become files.
    Folder,
    Connect,
    Greeting,
    Hello,
    StartTls,
    Tls,
    SignIn,
    /// Clearing away what was begun before.
    Reset,
    Sender,
}

impl Stage {
    pub const fn as_str(self) -> &'static str {
        match self {
            Stage::Folder => "writing to the folder",
            Stage::Connect => "connecting",
            Stage::Greeting => "waiting for the greeting",
            Stage::Hello => "EHLO",
            Stage::StartTls => "STARTTLS",
            Stage::Tls => "TLS handshake",
            Stage::SignIn => "signing in",
            Stage::Reset => "RSET",
            Stage::Sender => "MAIL FROM",
        }
    }
}

enum Security {
    Plain,
    StartTls(TlsParameters),
    Tls(TlsParameters),
}

/// The mail server that takes all mails.
pub struct Server {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    hello: ClientId,
    patience: Patience,
}

/// How long to wait, by stage. RFC 5321 (4.5.3.2) asks for 5 minutes a command and 10 for the answer to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    pub connect: Duration,
    pub command: Duration,
    /// The whole text and the answer to its final dot.
    pub text: Duration,
}

/// All mails are through by then: nothing is gained by waiting longer for a farewell.
const FAREWELL: Duration = Duration::from_secs(2);

impl Default for Patience {
    fn default() -> Patience {
        const MINUTE: Duration = Duration::from_mins(1);
        Patience { connect: MINUTE, command: 5 * MINUTE, text: 10 * MINUTE }
    }
}

impl Server {
    /// # Errors
    /// When the certificates of this machine, or those of `smtp_ca_file`, cannot be used.
    pub fn new(config: &Config, url: &SmtpUrl) -> anyhow::Result<Server> {
        let tls = || trusting(&url.host, config.smtp_ca_file.as_deref());
        Ok(Server {
            security: match url.security {
                SmtpSecurity::None => Security::Plain,
                SmtpSecurity::StartTls => Security::StartTls(tls()?),
                SmtpSecurity::Tls => Security::Tls(tls()?),
            },
            host: url.host.clone(),
            port: url.port,
            credentials: url.login().map(|(user, password)| Credentials::new(user.to_owned(), password.to_owned())),
            hello: hello(&config.base_url),
            patience: url.patience,
        })
    }
}

fn trusting(host: &str, ca_file: Option<&Path>) -> anyhow::Result<TlsParameters> {
    let mut tls = TlsParameters::builder(host.to_owned());
    if let Some(path) = ca_file {
        let named = || format!("CALLBOARD_SMTP_CA_FILE: {}", path.display());
        let pem = fs::read(path).with_context(named)?;
        let holds_any = String::from_utf8_lossy(&pem).contains("-----BEGIN CERTIFICATE-----");
        ensure!(holds_any, "{}: holds no certificate in PEM", named());
        tls = tls.add_root_certificate(Certificate::from_pem(&pem).with_context(named)?);
    }
    Ok(tls.build_rustls()?)
}

/// How this server names itself: as people know it.
fn hello(base_url: &str) -> ClientId {
    match url::Url::parse(base_url).ok().as_ref().and_then(url::Url::host) {
        Some(url::Host::Domain(name)) => ClientId::Domain(name.to_owned()),
        Some(url::Host::Ipv4(address)) => ClientId::Ipv4(address),
        Some(url::Host::Ipv6(address)) => ClientId::Ipv6(address),
        None => ClientId::default(),
    }
}

/// An open line to the server, past EHLO, TLS and AUTH.
pub struct Connection {
    smtp: AsyncSmtpConnection,
    patience: Patience,
    usable: bool,
    /// The mail before was refused midway, so that RSET has to come before the next. Not at once: what became of the
    /// mail shall not have to wait for its answer.
    unfinished: bool,
}

/// Why a mail could not be handed over, before its outcome for the mail is known.
enum Trouble {
    Mail(Outcome),
    Relay(Unreachable),
}

impl Trouble {
    fn of_relay(self, stage: Stage) -> Unreachable {
        match self {
            Trouble::Relay(unreachable) => unreachable,
            Trouble::Mail(
                Outcome::Sent(why) | Outcome::Retry(why) | Outcome::Failed(why) | Outcome::Ambiguous(why),
            ) => Unreachable { stage, why },
        }
    }
}

impl From<Outcome> for Trouble {
    fn from(outcome: Outcome) -> Trouble {
        Trouble::Mail(outcome)
    }
}

impl Connection {
    /// # Errors
    /// `Unreachable`.
    pub async fn open(server: &Server) -> Result<Connection, Unreachable> {
        let Patience { command, .. } = server.patience;
        let mut smtp = greeted(server).await?;
        if let Security::StartTls(tls) = &server.security {
            let stage = |error: &Error| {
                let answered = error.is_client() || error.is_response() || error.status().is_some();
                if answered { Stage::StartTls } else { Stage::Tls }
            };
            match timeout(command, smtp.starttls(tls.clone(), &server.hello)).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(Unreachable::at(stage(&error), error)),
                Err(_) => return Err(Unreachable::at(Stage::StartTls, NO_ANSWER)),
            }
        }
        if let Some(credentials) = &server.credentials {
            let answer = reached(Stage::SignIn, command, smtp.auth(DEFAULT_MECHANISMS, credentials)).await?;
            if !answer.has_code(235) {
                return Err(Unreachable::at(Stage::SignIn, format!("strange answer: {}", words(&answer))));
            }
        }
        Ok(Connection { smtp, patience: server.patience, usable: true, unfinished: false })
    }

    /// Whether another mail may be sent over it.
    pub fn usable(&self) -> bool {
        self.usable
    }

    pub async fn close(mut self) {
        if self.usable {
            drop(timeout(FAREWELL, self.smtp.command(Quit)).await);
        }
    }

    /// Sends one mail to one recipient. The connection can be used again unless `usable` says no.
    ///
    /// # Errors
    /// `Unreachable` when the relay refused or hung up before it heard anything but our sender's address, or wants a
    /// sign-in that it was not given.
    pub async fn deliver(&mut self, mail: &Ready) -> Result<Outcome, Unreachable> {
        if self.unfinished {
            self.say(Rset, 250).await.map_err(|trouble| trouble.of_relay(Stage::Reset))?;
            self.unfinished = false;
        }
        // Every mail has the same sender: none is to blame when it is refused.
        let sender = Mail::new(Some(mail.from.clone()), vec![]);
        self.say(sender, 250).await.map_err(|trouble| trouble.of_relay(Stage::Sender))?;
        let outcome = match self.recipient(mail).await {
            Ok(()) => self.text(&mail.bytes).await,
            Err(Trouble::Mail(outcome)) => outcome,
            Err(Trouble::Relay(unreachable)) => return Err(unreachable),
        };
        self.unfinished = matches!(outcome, Outcome::Retry(_) | Outcome::Failed(_));
        Ok(outcome)
    }

    /// Everything up to the go-ahead for the text: an error here is clean.
    async fn recipient(&mut self, mail: &Ready) -> Result<(), Trouble> {
        self.say(Rcpt::new(mail.to.clone(), vec![]), 250).await?;
        self.say(Data, 354).await
    }

    /// One command whose answer has to be `expected`; lettre alone takes any 2xx or 3xx for a yes.
    async fn say(&mut self, command: impl Display, expected: u16) -> Result<(), Trouble> {
        match timeout(self.patience.command, self.smtp.command(command)).await {
            Ok(Ok(answer)) if answer.has_code(expected) => Ok(()),
            Ok(Ok(answer)) if expected == 250 && answer.has_code(251) => Ok(()),
            Ok(Ok(answer)) => Err(self.broken(format!("strange answer: {}", words(&answer))).into()),
            Ok(Err(error)) if wants_sign_in(&error) => Err(Trouble::Relay(Unreachable::at(Stage::SignIn, error))),
            Ok(Err(error)) => Err(self.refused(&error).unwrap_or_else(|| self.broken(error.to_string())).into()),
            Err(_) => Err(self.broken(NO_ANSWER.into()).into()),
        }
    }

    /// The text. lettre asks for the next piece only when the last one is written, and writes the
    /// final dot only when there is none: so `dot` turns true before the dot's first byte leaves.
    async fn text(&mut self, mail: &[u8]) -> Outcome {
        let dot = Cell::new(false);
        let mail = mail.strip_suffix(b"\r\n").unwrap_or(mail); // lettre ends the last line itself
        let pieces = mail.chunks(PIECE).chain(std::iter::from_fn(|| {
            faults::at(Point::MailDot);
            dot.set(true);
            None
        }));
        let ended = timeout(self.patience.text, self.smtp.message_iter(pieces)).await;
        let trouble = match ended {
            Ok(Ok(answer)) if answer.code().severity == Severity::PositiveCompletion => {
                return Outcome::Sent(words(&answer));
            }
            Ok(Ok(answer)) => format!("strange answer: {}", words(&answer)),
            Ok(Err(error)) => match self.refused(&error) {
                Some(refused) => return refused,
                None => error.to_string(),
            },
            Err(_) => NO_ANSWER.into(),
        };
        if dot.get() {
            self.usable = false;
            return Outcome::Ambiguous(trouble);
        }
        self.broken(trouble)
    }

    /// A real answer of the server. 421 announces that it hangs up.
    fn refused(&mut self, error: &Error) -> Option<Outcome> {
        let code = error.status()?;
        self.usable = self.usable && u16::from(code) != 421;
        let outcome = if error.is_permanent() { Outcome::Failed } else { Outcome::Retry };
        Some(outcome(error.to_string()))
    }

    /// No answer that can be understood: the dialogue is out of step and cannot go on.
    fn broken(&mut self, trouble: String) -> Outcome {
        self.usable = false;
        Outcome::Retry(trouble)
    }
}

const PIECE: usize = 16 * 1024;
const NO_ANSWER: &str = "no answer in time";

/// 530, 534, 535 and 538 (RFC 4954) are about the settings, not about the mail.
fn wants_sign_in(error: &Error) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538))
}

/// Connected and past EHLO. Without `nodelay` the final dot, a write of its own, waits 40 ms for an ACK;
/// lettre leaves it out when it connects by itself.
async fn greeted(server: &Server) -> Result<AsyncSmtpConnection, Unreachable> {
    let Patience { connect, command, .. } = server.patience;
    let stream = reached(Stage::Connect, connect, TcpStream::connect((server.host.as_str(), server.port))).await?;
    stream.set_nodelay(true).map_err(|error| Unreachable::at(Stage::Connect, error))?;
    let mut stream = Guarded::new(Box::new(stream));
    if let Security::Tls(tls) = &server.security {
        stream = Guarded::new(reached(Stage::Tls, command, encrypted(Box::new(stream), tls.clone())).await?);
    }
    let spoke = Arc::clone(&stream.spoke);
    let connected = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &server.hello);
    reached(Stage::Greeting, command, connected).await.map_err(|unreachable| {
        let stage = if spoke.load(Ordering::Relaxed) { Stage::Hello } else { Stage::Greeting };
        Unreachable { stage, ..unreachable }
    })
}

async fn reached<T, E: Display>(
    stage: Stage,
    patience: Duration,
    step: impl Future<Output = Result<T, E>>,
) -> Result<T, Unreachable> {
    match timeout(patience, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Unreachable::at(stage, error)),
        Err(_) => Err(Unreachable::at(stage, NO_ANSWER)),
    }
}

fn words(answer: &Response) -> String {
    answer.message().collect::<Vec<_>>().join(" ")
}
