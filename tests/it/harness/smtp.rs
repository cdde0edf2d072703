//! A mail server that takes every mail, in the clear or encrypted, and misbehaves on command.

use data_encoding::BASE64;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

/// Where it can misbehave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Greeting,
    Hello,
    StartTls,
    /// Instead of the handshake.
    Handshake,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// Once the text's first line is there.
    Text,
    Dot,
    Reset,
    Quit,
}

#[derive(Clone, Debug)]
pub enum Act {
    Say(&'static str),
    /// Says this and hangs up.
    SayAndClose(&'static str),
    /// Does what it should and hangs up.
    YesAndClose,
    Close,
    /// Says nothing until [`SmtpServer::release`], then behaves.
    Silence,
    /// Does what it should, a few letters at a time.
    Slowly,
    /// Says a line that never ends.
    Endless,
}

/// A mail that came whole, up to its final dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    pub from: String,
    pub to: String,
    pub raw: String,
    /// Whether the server said 250 to it.
    pub taken: bool,
    /// Whether it said clearly that it did not take it.
    pub refused: bool,
}

impl Came {
    pub fn message_id(&self) -> &str {
        let line = self.raw.lines().find_map(|line| line.strip_prefix("Message-ID: "));
        line.expect("every mail has one")
    }
}

#[derive(Default)]
struct State {
    /// Each happens once, at the first time its stage is reached.
    once: Vec<(Stage, Act)>,
    always: Vec<(Stage, Act)>,
    came: Vec<Came>,
    connections: usize,
    sign_ins: Vec<String>,
    /// Every line that came unencrypted.
    in_the_clear: Vec<String>,
}

/// When the dialogue is encrypted, by which of the certificates in `tls/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encryption {
    None,
    StartTls(&'static str),
    FromTheStart(&'static str),
}

pub struct SmtpServer {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    released: Arc<Notify>,
    task: JoinHandle<()>,
}

/// The certificate of the authority behind `relay.pem` and `elsewhere.pem`, of which only the first is for 127.0.0.1.
pub const CA_FILE: &str = "tests/it/harness/tls/ca.pem";

impl SmtpServer {
    pub async fn start() -> SmtpServer {
        SmtpServer::encrypted(Encryption::None).await
    }

    pub async fn encrypted(encryption: Encryption) -> SmtpServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let released = Arc::new(Notify::new());
        let (shared, bell) = (Arc::clone(&state), Arc::clone(&released));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                tokio::spawn(Dialogue::new(stream, encryption, Arc::clone(&shared), Arc::clone(&bell)).hold());
            }
        });
        SmtpServer { address, state, released, task }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Misbehaves once.
    pub fn once(&self, stage: Stage, act: Act) {
        self.state().once.push((stage, act));
    }

    pub fn always(&self, stage: Stage, act: Act) {
        self.state().always.push((stage, act));
    }

    /// Behaves again.
    pub fn behave(&self) {
        let mut state = self.state();
        state.once.clear();
        state.always.clear();
    }

    pub fn came(&self) -> Vec<Came> {
        self.state().came.clone()
    }

    pub fn taken(&self) -> Vec<Came> {
        self.came().into_iter().filter(|mail| mail.taken).collect()
    }

    pub fn connections(&self) -> usize {
        self.state().connections
    }

    /// Users and passwords that signed in.
    pub fn sign_ins(&self) -> Vec<String> {
        self.state().sign_ins.clone()
    }

    pub fn in_the_clear(&self) -> Vec<String> {
        self.state().in_the_clear.clone()
    }

    /// Ends every silence.
    pub fn release(&self) {
        self.released.notify_waiters();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Wire for S {}

struct Dialogue {
    /// `None` while it is being encrypted.
    wire: Option<BufReader<Box<dyn Wire>>>,
    encryption: Encryption,
    state: Arc<Mutex<State>>,
    released: Arc<Notify>,
}

impl Dialogue {
    fn new(stream: TcpStream, encryption: Encryption, state: Arc<Mutex<State>>, released: Arc<Notify>) -> Dialogue {
        stream.set_nodelay(true).unwrap();
        let wire: Box<dyn Wire> = Box::new(stream);
        Dialogue { wire: Some(BufReader::new(wire)), encryption, state, released }
    }

    async fn hold(mut self) {
        // Ends when either side hangs up.
        let _ = self.talk().await;
    }

    async fn talk(&mut self) -> Option<()> {
        let mut is_encrypted = matches!(self.encryption, Encryption::FromTheStart(_));
        if is_encrypted {
            self.encrypt().await?;
        }
        self.answer(Stage::Greeting, "220 relay.example ESMTP").await?;
        let (mut from, mut to) = (String::new(), String::new());
        while let Some(line) = self.line().await {
            if !is_encrypted {
                self.state.lock().unwrap().in_the_clear.push(line.clone());
            }
            let (verb, rest) = line.split_once([' ', ':']).unwrap_or((&line, ""));
            match verb.to_uppercase().as_str() {
                "EHLO" if !is_encrypted && matches!(self.encryption, Encryption::StartTls(_)) => {
                    self.answer(Stage::Hello, "250-relay.example\r\n250 STARTTLS").await?;
                }
                "EHLO" => self.answer(Stage::Hello, "250-relay.example\r\n250 AUTH PLAIN").await?,
                "STARTTLS" => {
                    self.answer(Stage::StartTls, "220 go on").await?;
                    self.encrypt().await?;
                    is_encrypted = true;
                }
                "AUTH" => {
                    let secret = BASE64.decode(rest.split(' ').next_back()?.as_bytes()).ok()?;
                    let act = self.act(Stage::Auth).unwrap_or(Act::Say("235 welcome"));
                    self.perform(&act, "235 welcome").await?;
                    if !matches!(act, Act::Say(words) if !words.starts_with("235")) {
                        self.state.lock().unwrap().sign_ins.push(String::from_utf8(secret).ok()?);
                    }
                }
                "MAIL" => {
                    from = rest.to_owned();
                    self.answer(Stage::Mail, "250 sender ok").await?;
                }
                "RCPT" => {
                    to = rest.to_owned();
                    self.answer(Stage::Rcpt, "250 recipient ok").await?;
                }
                "DATA" => {
                    let act = self.act(Stage::Data).unwrap_or(Act::Say("354 go on"));
                    let goes_on = !matches!(&act, Act::Say(words) if !words.starts_with("354"));
                    self.perform(&act, "354 go on").await?;
                    if goes_on {
                        self.text(&from, &to).await?;
                    }
                }
                "RSET" => self.answer(Stage::Reset, "250 forgotten").await?,
                "QUIT" => {
                    self.answer(Stage::Quit, "221 bye").await?;
                    return None;
                }
                _ => self.say("502 what?").await?,
            }
        }
        None
    }

    async fn text(&mut self, from: &str, to: &str) -> Option<()> {
        let mut raw = String::new();
        loop {
            let line = self.line().await?;
            let first = raw.is_empty();
            if let Some(act) = first.then(|| self.act(Stage::Text)).flatten() {
                self.perform(&act, "").await?;
            }
            if line == "." {
                break;
            }
            raw.push_str(line.strip_prefix('.').unwrap_or(&line));
            raw.push_str("\r\n");
        }
        let act = self.act(Stage::Dot).unwrap_or(Act::Say("250 queued as 1"));
        let words = match &act {
            Act::Say(words) | Act::SayAndClose(words) => words,
            Act::YesAndClose | Act::Slowly => "250",
            Act::Close | Act::Silence | Act::Endless => "",
        };
        let taken = words.starts_with("250 ") || words == "250" || words.contains("\n250 ");
        let refused = words.starts_with(['4', '5']);
        let came = Came { from: inside(from), to: inside(to), raw, taken, refused };
        self.state.lock().unwrap().came.push(came);
        self.perform(&act, "250 queued late").await
    }

    fn act(&self, stage: Stage) -> Option<Act> {
        let mut state = self.state.lock().unwrap();
        if let Some(found) = state.once.iter().position(|(at, _)| *at == stage) {
            return Some(state.once.remove(found).1);
        }
        state.always.iter().find(|(at, _)| *at == stage).map(|(_, act)| act.clone())
    }

    async fn answer(&mut self, stage: Stage, usually: &'static str) -> Option<()> {
        let act = self.act(stage).unwrap_or(Act::Say(usually));
        self.perform(&act, usually).await
    }

    /// `None` ends the connection.
    async fn perform(&mut self, act: &Act, usually: &str) -> Option<()> {
        match act {
            Act::Say(words) => self.say(words).await,
            Act::SayAndClose(words) => {
                self.say(words).await?;
                None
            }
            Act::YesAndClose => {
                self.say(usually).await?;
                None
            }
            Act::Close => None,
            Act::Silence => {
                self.released.notified().await;
                self.say(usually).await
            }
            Act::Slowly => {
                for piece in format!("{usually}\r\n").as_bytes().chunks(5) {
                    self.write(piece).await?;
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                Some(())
            }
            Act::Endless => loop {
                self.write(&[b'2'; 4096]).await?;
            },
        }
    }

    async fn say(&mut self, words: &str) -> Option<()> {
        self.write(format!("{words}\r\n").as_bytes()).await
    }

    async fn write(&mut self, bytes: &[u8]) -> Option<()> {
        let wire = self.wire.as_mut()?;
        wire.write_all(bytes).await.ok()?;
        wire.flush().await.ok()
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.wire.as_mut()?.read_line(&mut line).await.ok()?;
        (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    }

    async fn encrypt(&mut self) -> Option<()> {
        if let Some(act) = self.act(Stage::Handshake) {
            self.perform(&act, "").await?;
        }
        let (Encryption::StartTls(name) | Encryption::FromTheStart(name)) = self.encryption else { return None };
        let stream = self.wire.take()?.into_inner();
        let encrypted = acceptor(name).accept(stream).await.ok()?;
        self.wire = Some(BufReader::new(Box::new(encrypted)));
        Some(())
    }
}

fn acceptor(name: &str) -> TlsAcceptor {
    let path = |end| format!("tests/it/harness/tls/{name}.{end}");
    let certificate = CertificateDer::from_pem_file(path("pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(path("key")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// What stands between `<` and `>`.
fn inside(text: &str) -> String {
    text.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}
