//! One mail over SMTP, stage by stage, with an honest outcome: before the final dot an error is clean, a real answer to
//! the dot too; only silence after it leaves open whether the server has the mail.

use super::mime::Ready;
use crate::{
    config::{Config, SmtpSecurity, SmtpUrl},
    faults::{self, Point},
};
#[expect(deprecated, reason = "the only way to lettre's TLS over a stream of our own")]
use lettre::transport::smtp::client::AsyncNetworkStream;
use lettre::transport::smtp::{
    Error,
    authentication::{Credentials, DEFAULT_MECHANISMS},
    client::{AsyncSmtpConnection, AsyncTokioStream, TlsParameters},
    commands::{Data, Mail, Quit, Rcpt, Rset},
    extension::ClientId,
    response::{Response, Severity},
};
use std::{cell::Cell, fmt::Display, future::Future, io, net::SocketAddr, pin::Pin, task, time::Duration};
use tokio::{io::ReadBuf, net::TcpStream, time::timeout};

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

/// The relay itself cannot be used (address, TLS, password): no mail is to blame, none loses an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreachable(pub String);

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

impl Default for Patience {
    fn default() -> Patience {
        const MINUTE: Duration = Duration::from_mins(1);
        Patience { connect: MINUTE, command: 5 * MINUTE, text: 10 * MINUTE }
    }
}

impl Server {
    /// # Errors
    /// When the certificates of this machine cannot be used.
    pub fn new(config: &Config, url: &SmtpUrl, patience: Patience) -> anyhow::Result<Server> {
        let tls = || TlsParameters::new_rustls(url.host.clone());
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
            patience,
        })
    }
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
}

/// Why a mail could not be handed over, before its outcome for the mail is known.
enum Trouble {
    Mail(Outcome),
    Relay(Unreachable),
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
            reached(command, smtp.starttls(tls.clone(), &server.hello)).await?;
        }
        if let Some(credentials) = &server.credentials {
            let answer = reached(command, smtp.auth(DEFAULT_MECHANISMS, credentials)).await?;
            if !answer.has_code(235) {
                return Err(Unreachable(format!("strange answer to AUTH: {}", words(&answer))));
            }
        }
        Ok(Connection { smtp, patience: server.patience, usable: true })
    }

    /// Whether another mail may be sent over it.
    pub fn usable(&self) -> bool {
        self.usable
    }

    pub async fn close(mut self) {
        if self.usable {
            // All mails are through; what the server says to a farewell changes nothing.
            drop(timeout(self.patience.connect, self.smtp.command(Quit)).await);
        }
    }

    /// Sends one mail to one recipient. The connection can be used again unless `usable` says no.
    ///
    /// # Errors
    /// `Unreachable` when the relay hung up before anything was said about this mail, or wants a sign-in that it was
    /// not given.
    pub async fn deliver(&mut self, mail: &Ready) -> Result<Outcome, Unreachable> {
        let outcome = match self.envelope(mail).await {
            Ok(()) => self.text(&mail.bytes).await,
            Err(Trouble::Mail(outcome)) => outcome,
            Err(Trouble::Relay(unreachable)) => return Err(unreachable),
        };
        if self.usable && matches!(outcome, Outcome::Retry(_) | Outcome::Failed(_)) {
            // Its fate is known; a refusal here only ends the connection, which `say` notes.
            drop(self.say(Rset, 250).await);
        }
        Ok(outcome)
    }

    /// Everything up to the go-ahead for the text: an error here is clean.
    async fn envelope(&mut self, mail: &Ready) -> Result<(), Trouble> {
        let begun = self.say(Mail::new(Some(mail.from.clone()), vec![]), 250).await;
        if let (Err(Trouble::Mail(Outcome::Retry(why))), false) = (&begun, self.usable) {
            return Err(Trouble::Relay(Unreachable(why.clone())));
        }
        begun?;
        self.say(Rcpt::new(mail.to.clone(), vec![]), 250).await?;
        self.say(Data, 354).await
    }

    /// One command whose answer has to be `expected`; lettre alone takes any 2xx or 3xx for a yes.
    async fn say(&mut self, command: impl Display, expected: u16) -> Result<(), Trouble> {
        match timeout(self.patience.command, self.smtp.command(command)).await {
            Ok(Ok(answer)) if answer.has_code(expected) => Ok(()),
            Ok(Ok(answer)) if expected == 250 && answer.has_code(251) => Ok(()),
            Ok(Ok(answer)) => Err(self.broken(format!("strange answer: {}", words(&answer))).into()),
            Ok(Err(error)) if wants_sign_in(&error) => Err(Trouble::Relay(Unreachable(error.to_string()))),
            Ok(Err(error)) => Err(self.refused(&error).unwrap_or_else(|| self.broken(error.to_string())).into()),
            Err(_) => Err(self.broken("no answer in time".into()).into()),
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
            Err(_) => "no answer in time".into(),
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

/// 530, 534, 535 and 538 (RFC 4954) are about the settings, not about the mail.
fn wants_sign_in(error: &Error) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538))
}

/// Connected and past EHLO. Without `nodelay` the final dot, a write of its own, waits 40 ms for an ACK;
/// lettre leaves it out when it connects by itself.
async fn greeted(server: &Server) -> Result<AsyncSmtpConnection, Unreachable> {
    let Patience { connect, command, .. } = server.patience;
    let stream = reached(connect, TcpStream::connect((server.host.as_str(), server.port))).await?;
    stream.set_nodelay(true).map_err(|error| Unreachable(error.to_string()))?;
    let stream: Box<dyn AsyncTokioStream> = match &server.security {
        Security::Tls(tls) => Box::new(reached(command, encrypted(stream, tls.clone())).await?),
        Security::Plain | Security::StartTls(_) => Box::new(stream),
    };
    reached(command, AsyncSmtpConnection::connect_with_transport(stream, &server.hello)).await
}

#[expect(deprecated, reason = "as where it is imported")]
async fn encrypted(stream: TcpStream, tls: TlsParameters) -> Result<Encrypted, Error> {
    let mut stream = AsyncNetworkStream::use_existing_tokio1(Box::new(stream));
    stream.upgrade_tls(tls).await?;
    Ok(Encrypted(stream))
}

/// lettre's TLS stream in the form in which lettre takes streams.
#[derive(Debug)]
struct Encrypted(#[expect(deprecated, reason = "as where it is imported")] AsyncNetworkStream);

impl AsyncTokioStream for Encrypted {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.peer_addr()
    }
}

impl tokio::io::AsyncRead for Encrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut task::Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> task::Poll<io::Result<()>> {
        let stream = Pin::new(&mut self.0);
        let read = task::ready!(futures_util::AsyncRead::poll_read(stream, context, buffer.initialize_unfilled()))?;
        buffer.advance(read);
        task::Poll::Ready(Ok(()))
    }
}

impl tokio::io::AsyncWrite for Encrypted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut task::Context<'_>,
        bytes: &[u8],
    ) -> task::Poll<io::Result<usize>> {
        futures_util::AsyncWrite::poll_write(Pin::new(&mut self.0), context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut task::Context<'_>) -> task::Poll<io::Result<()>> {
        futures_util::AsyncWrite::poll_flush(Pin::new(&mut self.0), context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut task::Context<'_>) -> task::Poll<io::Result<()>> {
        futures_util::AsyncWrite::poll_close(Pin::new(&mut self.0), context)
    }
}

async fn reached<T, E: Display>(
    patience: Duration,
    step: impl Future<Output = Result<T, E>>,
) -> Result<T, Unreachable> {
    match timeout(patience, step).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(Unreachable(error.to_string())),
        Err(_) => Err(Unreachable("no answer in time".into())),
    }
}

fn words(answer: &Response) -> String {
    answer.message().collect::<Vec<_>>().join(" ")
}
