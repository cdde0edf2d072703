//! A small mail server of its own: takes every mail over a real SMTP conversation and keeps it.

use data_encoding::BASE64_MIME_PERMISSIVE;
use std::{
    io::{self, BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub struct Received {
    /// From the envelope.
    pub to: Vec<String>,
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// All of it, headers first.
    pub raw: String,
}

impl Received {
    /// The addresses of links in the text.
    pub fn links(&self) -> impl Iterator<Item = &str> {
        self.text.split_whitespace().filter(|word| word.starts_with("http://") || word.starts_with("https://"))
    }
}

/// What has arrived so far; a bell rings at each mail.
#[derive(Default)]
struct Kept {
    mails: Mutex<Vec<Received>>,
    arrived: Condvar,
}

#[derive(Clone)]
pub struct Mailbox {
    pub address: SocketAddr,
    kept: Arc<Kept>,
}

/// How long a client may be silent.
const PATIENCE: Duration = Duration::from_secs(30);

impl Mailbox {
    /// Listens on a free port of this machine for as long as the process lives.
    ///
    /// # Errors
    /// When no port is free.
    pub fn open() -> io::Result<Mailbox> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let mailbox = Mailbox { address: listener.local_addr()?, kept: Arc::default() };
        let kept = Arc::clone(&mailbox.kept);
        thread::Builder::new().name("smtp".into()).spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                // A client that breaks off is its own concern.
                thread::spawn(move || drop(converse(&stream, &kept)));
            }
        })?;
        Ok(mailbox)
    }

    pub fn all(&self) -> Vec<Received> {
        self.locked().clone()
    }

    /// The newest mail that fits, also if it has yet to arrive.
    pub fn wait(&self, longest: Duration, fits: impl Fn(&Received) -> bool) -> Option<Received> {
        let none_yet = |mails: &mut Vec<Received>| !mails.iter().any(&fits);
        let waited = self.kept.arrived.wait_timeout_while(self.locked(), longest, none_yet);
        let (mails, _) = waited.unwrap_or_else(PoisonError::into_inner);
        mails.iter().rev().find(|mail| fits(mail)).cloned()
    }

    fn locked(&self) -> MutexGuard<'_, Vec<Received>> {
        self.kept.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn converse(stream: &TcpStream, kept: &Kept) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream);
    let mut out = stream;
    let mut to: Vec<String> = vec![];
    out.write_all(b"220 walkthrough.example ESMTP\r\n")?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let line = line.trim_end();
        let verb = line.get(..4).unwrap_or(line).to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-walkthrough.example\r\n250 8BITMIME",
            "RCPT" => {
                to.extend(between(line, '<', '>'));
                "250 OK"
            }
            "MAIL" | "RSET" | "HELO" => {
                to.clear();
                "250 OK"
            }
            "NOOP" => "250 OK",
            "DATA" if to.is_empty() => "503 RCPT first",
            "DATA" => {
                out.write_all(b"354 End with a dot\r\n")?;
                keep(kept, std::mem::take(&mut to), &data(&mut lines)?);
                "250 Taken"
            }
            "QUIT" => {
                out.write_all(b"221 Bye\r\n")?;
                return Ok(());
            }
            _ => "502 Not here",
        };
        out.write_all(format!("{answer}\r\n").as_bytes())?;
    }
}

/// The lines up to the dot, without the dots that hide dots.
fn data(lines: &mut impl BufRead) -> io::Result<String> {
    let mut raw = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if line.trim_end() == "." {
            return Ok(raw);
        }
        raw.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}

fn keep(kept: &Kept, to: Vec<String>, raw: &str) {
    let raw = raw.replace("\r\n", "\n");
    let (head, body) = raw.split_once("\n\n").unwrap_or((&raw, ""));
    let mail = Received {
        to,
        subject: header(head, "subject").unwrap_or_default(),
        text: plain_text(head, body),
        raw: raw.clone(),
    };
    kept.mails.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
    kept.arrived.notify_all();
}

/// A header's value with its folded lines.
fn header(head: &str, name: &str) -> Option<String> {
    let unfolded = head.replace("\n ", " ").replace("\n\t", " ");
    unfolded.lines().find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

/// The body, or the plain one of its parts, decoded.
fn plain_text(head: &str, body: &str) -> String {
    let content_type = header(head, "content-type").unwrap_or_default();
    if let Some(boundary) = between(&content_type, '"', '"').filter(|_| content_type.starts_with("multipart/")) {
        let delimiter = format!("--{boundary}");
        let parts = body.split(&delimiter).filter_map(|part| part.trim_start().split_once("\n\n"));
        let mut plain =
            parts.filter(|(head, _)| header(head, "content-type").is_some_and(|kind| kind.starts_with("text/plain")));
        return plain.next().map(|(head, body)| plain_text(head, body)).unwrap_or_default();
    }
    let bytes = match header(head, "content-transfer-encoding").unwrap_or_default().to_ascii_lowercase().as_str() {
        "quoted-printable" => quoted_printable(body),
        "base64" => BASE64_MIME_PERMISSIVE.decode(body.trim().as_bytes()).unwrap_or_default(),
        _ => body.as_bytes().to_vec(),
    };
    String::from_utf8_lossy(&bytes).into_owned()
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut decoded = vec![];
    let joined = text.replace("=\n", "");
    let mut rest = joined.as_str();
    while let Some((before, after)) = rest.split_once('=') {
        decoded.extend_from_slice(before.as_bytes());
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let (Some(byte), Some(behind)) = (byte, after.get(2..)) {
            decoded.push(byte);
            rest = behind;
        } else {
            decoded.push(b'=');
            rest = after;
        }
    }
    decoded.extend_from_slice(rest.as_bytes());
    decoded
}

fn between(text: &str, open: char, close: char) -> Option<String> {
    let (_, behind) = text.split_once(open)?;
    behind.split_once(close).map(|(inside, _)| inside.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RAW: &str = "Subject: One\n two\nContent-Type: multipart/alternative;\n boundary=\"b\"\n\n--b\nContent-Type: text/plain; \
                       charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=\n=C3=9Fe 1=3D1\n--b\nContent-Type: \
                       text/html\n\n<p>x</p>\n--b--\n";

    #[test]
    fn reads_what_it_is_sent() {
        let mailbox = Mailbox::open().unwrap();
        let mut client = TcpStream::connect(mailbox.address).unwrap();
        let body = format!(
            "EHLO me\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n{RAW}\r\n..dot\r\n.\r\nQUIT\r\n"
        );
        client.write_all(body.as_bytes()).unwrap();
        let mail = mailbox.wait(Duration::from_secs(10), |mail| mail.to == ["b@x.example"]).unwrap();
        assert_eq!(mail.subject, "One two");
        assert_eq!(mail.text.trim(), "Grüße 1=1");
        assert!(mail.raw.contains("\n.dot\n"));
        assert!(mailbox.wait(Duration::ZERO, |mail| mail.subject == "Other").is_none());
        assert_eq!(mailbox.all().len(), 1);
    }
}
