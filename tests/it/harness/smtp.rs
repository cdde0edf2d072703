//! A mail server that takes every mail, and misbehaves on command.

use data_encoding::BASE64;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::Notify,
    task::JoinHandle,
};

/// Where it can misbehave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Greeting,
    Hello,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// Once the text's first line is there.
    Text,
    Dot,
    Reset,
}

#[derive(Clone, Debug)]
pub enum Act {
    Say(&'static str),
    /// Says this and hangs up.
    SayAndClose(&'static str),
    Close,
    /// Says nothing until [`SmtpServer::release`], then behaves.
    Silence,
}

/// A mail that came whole, up to its final dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Came {
    pub from: String,
    pub to: String,
    pub raw: String,
    /// Whether the server said 250 to it.
    pub taken: bool,
}

#[derive(Default)]
struct State {
    /// Each happens once, at the first time its stage is reached.
    once: Vec<(Stage, Act)>,
    always: Vec<(Stage, Act)>,
    came: Vec<Came>,
    connections: usize,
    sign_ins: Vec<String>,
}

pub struct SmtpServer {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
    released: Arc<Notify>,
    task: JoinHandle<()>,
}

impl SmtpServer {
    pub async fn start() -> SmtpServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let released = Arc::new(Notify::new());
        let (shared, bell) = (Arc::clone(&state), Arc::clone(&released));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                tokio::spawn(Dialogue::new(stream, Arc::clone(&shared), Arc::clone(&bell)).hold());
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

struct Dialogue {
    lines: Lines<BufReader<OwnedReadHalf>>,
    answers: OwnedWriteHalf,
    state: Arc<Mutex<State>>,
    released: Arc<Notify>,
}

impl Dialogue {
    fn new(stream: TcpStream, state: Arc<Mutex<State>>, released: Arc<Notify>) -> Dialogue {
        stream.set_nodelay(true).unwrap();
        let (read, answers) = stream.into_split();
        Dialogue { lines: BufReader::new(read).lines(), answers, state, released }
    }

    async fn hold(mut self) {
        // Ends when either side hangs up.
        let _ = self.talk().await;
    }

    async fn talk(&mut self) -> Option<()> {
        self.answer(Stage::Greeting, "220 relay.example ESMTP").await?;
        let (mut from, mut to) = (String::new(), String::new());
        while let Some(line) = self.lines.next_line().await.ok()? {
            let (verb, rest) = line.split_once([' ', ':']).unwrap_or((&line, ""));
            match verb.to_uppercase().as_str() {
                "EHLO" => self.answer(Stage::Hello, "250-relay.example\r\n250 AUTH PLAIN").await?,
                "AUTH" => {
                    let secret = BASE64.decode(rest.split(' ').next_back()?.as_bytes()).ok()?;
                    self.answer(Stage::Auth, "235 welcome").await?;
                    self.state.lock().unwrap().sign_ins.push(String::from_utf8(secret).ok()?);
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
                    self.say("221 bye").await?;
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
            let line = self.lines.next_line().await.ok()??;
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
        let taken = matches!(&act, Act::Say(words) | Act::SayAndClose(words) if words.starts_with("250"));
        self.state.lock().unwrap().came.push(Came { from: inside(from), to: inside(to), raw, taken });
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
            Act::Close => None,
            Act::Silence => {
                self.released.notified().await;
                self.say(usually).await
            }
        }
    }

    async fn say(&mut self, words: &str) -> Option<()> {
        self.answers.write_all(format!("{words}\r\n").as_bytes()).await.ok()
    }
}

/// What stands between `<` and `>`.
fn inside(text: &str) -> String {
    text.split(['<', '>']).nth(1).unwrap_or_default().to_owned()
}
