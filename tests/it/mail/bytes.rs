//! The bytes of a mail: what a header may hold, that a repeat is the same, how it survives the way.

use super::{app_with, deliver, letter, only, queue, queue_to};
use crate::harness::{Act, SmtpServer, Stage, TestApp};
use callboard::mail::{message::Letter, outbox::Mail};

/// The headers of a mail, folded lines joined: name and value.
fn headers(raw: &str) -> Vec<(String, String)> {
    let head = raw.split_once("\r\n\r\n").unwrap().0.replace("\r\n ", " ").replace("\r\n\t", " ");
    let header = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("not a header: {line:?}"));
        (name.to_owned(), value.to_owned())
    };
    head.split("\r\n").map(header).collect()
}

fn header(raw: &str, name: &str) -> String {
    let found: Vec<_> = headers(raw).into_iter().filter(|(found, _)| found == name).collect();
    assert_eq!(found.len(), 1, "{name} stands once");
    found[0].1.clone()
}

/// The whole way: queued, delivered over SMTP; what the server got.
async fn over_smtp(name: &str, letter: Letter) -> (Mail, String) {
    let server = SmtpServer::start().await;
    let app = app_with(&server).await;
    queue_to(&app.board, "ada@example.org", name, letter).await;
    assert_eq!(deliver(&app).await, 1);
    let came = server.taken().remove(0);
    assert_eq!((came.from.as_str(), came.to.as_str()), ("callboard@localhost", "ada@example.org"));
    (only(&app).await, came.raw)
}

const NAMES: &[&str] =
    &["Date", "Message-ID", "From", "To", "Subject", "Auto-Submitted", "MIME-Version", "Content-Type"];

#[actix_web::test]
async fn every_header_stands_once_and_says_what_the_row_says() {
    let (mail, raw) = over_smtp("Ada", letter()).await;
    let names: Vec<_> = headers(&raw).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, NAMES);
    assert_eq!(header(&raw, "Date"), "Wed, 15 Jan 2025 12:00:00 +0000");
    assert_eq!(header(&raw, "Message-ID"), mail.message_id);
    assert_eq!(mail.message_id, format!("<{}@cfp.example.org>", mail.code));
    assert_eq!(header(&raw, "From"), "Callboard <callboard@localhost>");
    assert_eq!(header(&raw, "To"), "Ada <ada@example.org>");
    assert_eq!(header(&raw, "Subject"), "A subject");
    assert_eq!(header(&raw, "Auto-Submitted"), "auto-generated");
    assert_eq!(header(&raw, "Content-Type"), format!("multipart/alternative; boundary=\"callboard-{}\"", mail.code));
    assert_eq!(raw.matches(&format!("--callboard-{}\r\n", mail.code)).count(), 2);
    let (text, html) = (raw.find("Content-Type: text/plain; charset=utf-8"), raw.find("Content-Type: text/html"));
    assert!(text.is_some() && text < html, "what readers prefer comes last");
}

#[actix_web::test]
async fn no_name_or_subject_makes_another_header() {
    let evil = [
        "Ada\r\nBcc: eve@example.org",
        "Ada\nBcc: eve@example.org",
        "Ada\rBcc: eve@example.org",
        "Ada\r\n\r\nA body of mine",
        "Ada\u{0}Bcc: eve@example.org",
        "Ada\u{85}Bcc: eve@example.org",
        "Ada\u{2028}Bcc: eve@example.org",
        "Ada\" <eve@example.org>, \"x",
        "Ada <eve@example.org>, x",
        "eve@example.org, Ada",
        "Ada\\",
        "\"",
        "",
        " ",
        "=?utf-8?q?=0D=0ABcc:_eve@example.org?=",
        "Ada\u{1F}\u{7F}",
        "Zoë Ünal \r\nBcc: eve@example.org",
    ];
    for text in evil {
        // The database of PostgreSQL refuses NUL; no input lets it through either.
        let text =
            if crate::harness::database::postgres_server().is_some() { text.replace('\0', "") } else { text.into() };
        let mut letter = letter();
        letter.subject = text.clone();
        let (_, raw) = over_smtp(&text, letter).await;
        let names: Vec<_> = headers(&raw).into_iter().map(|(name, _)| name).collect();
        assert!(raw.is_ascii());
        assert!(names.iter().map(String::as_str).eq(NAMES.iter().copied()), "{text:?}: {names:?}");
        let to = header(&raw, "To");
        let plain = to.replace("\\\\", "").replace("\\\"", "");
        let quoted: String = plain.split('"').step_by(2).collect();
        assert_eq!(quoted.matches('@').count(), 1, "{text:?}: one recipient in {to:?}");
        assert!(to == "ada@example.org" || to.ends_with(" <ada@example.org>"), "{text:?}: {to:?}");
        assert!(!header(&raw, "Subject").contains("=?utf-8?q?"), "{text:?}: an encoded word that is not ours");
    }
}

#[actix_web::test]
async fn other_scripts_arrive() {
    let mut letter = letter();
    letter.subject = "日本語のタイトル".into();
    let (_, raw) = over_smtp("Zoë Ünal", letter).await;
    let decoded = |value: &str| {
        let word = value.trim_start_matches("=?utf-8?b?").split("?=").next().unwrap();
        String::from_utf8(data_encoding::BASE64.decode(word.as_bytes()).unwrap()).unwrap()
    };
    assert_eq!(decoded(&header(&raw, "Subject")), "日本語のタイトル");
    assert_eq!(decoded(&header(&raw, "To")), "Zoë Ünal");
}

#[actix_web::test]
async fn lines_of_dots_and_long_lines_survive() {
    let dots = ".\n..\n.a";
    let (_, raw) = over_smtp("Ada", Letter::new("reset", "s").paragraph(dots).paragraph("x".repeat(5000))).await;
    assert!(raw.lines().all(|line| line.len() <= 998));
    let quoted = raw.contains("quoted-printable");
    let text = if quoted { raw.replace("=\r\n", "").replace("=2E", ".") } else { raw };
    assert!(text.contains("\r\n.\r\n..\r\n.a\r\n"), "{text}");
    assert!(text.contains(&"x".repeat(5000)));
}

#[actix_web::test]
async fn a_repeat_has_the_same_bytes() {
    let server = SmtpServer::start().await;
    let app = app_with(&server).await;
    queue(&app.board, letter()).await;
    server.once(Stage::Dot, Act::Say("451 later"));
    deliver(&app).await;
    app.advance(std::time::Duration::from_hours(5));
    deliver(&app).await;
    let came = server.came();
    assert_eq!((came[0].taken, came[1].taken), (false, true));
    assert_eq!(came[0].raw, came[1].raw);
}

#[actix_web::test]
async fn the_secret_is_in_the_mail_only() {
    let server = SmtpServer::start().await;
    let app = app_with(&server).await;
    app.unverified("ada").await;
    let secret = app.link_mailed_to("ada", "verify").await;
    let mail = only(&app).await;
    assert!(!format!("{mail:?}").contains(&secret), "the row holds no secret");
    deliver(&app).await;
    let raw = server.taken().remove(0).raw.replace("=\r\n", "").replace("=3D", "=");
    let link = format!("https://cfp.example.org/verify/{secret}");
    assert_eq!(raw.matches(&link).count(), 3, "once in the text, twice in the HTML: {raw}");
    assert!(!format!("{:?}", only(&app).await).contains(&secret), "also after sending");
}

#[actix_web::test]
async fn an_address_that_cannot_be_used_fails() {
    for address in ["nobody", "a@b\r\nRCPT TO:<eve@example.org>", "jürgen@example.org"] {
        let app = TestApp::new().await;
        queue_to(&app.board, address, "Ada", letter()).await;
        assert_eq!(deliver(&app).await, 1);
        assert_eq!(only(&app).await.state, callboard::mail::MailState::Failed, "{address}");
        assert_eq!(app.board.mailer.sent(), []);
    }
}
