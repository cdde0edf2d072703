//! Every stage of the dialogue times every way to misbehave, once and always: what the outbox says of each mail against
//! what the mail server knows of it.

use super::{app_changed, deliver, letter, queue};
use crate::harness::{Act, Encryption, SmtpServer, Stage, TestApp, smtp::CA_FILE};
use callboard::{
    config::SmtpSecurity,
    mail::{
        MailState::{self, Ambiguous, Failed, Queued, Retrying, Sent},
        outbox::Mail,
        smtp::Patience,
    },
};
use futures_util::{StreamExt, stream};
use secrecy::SecretString;
use std::time::Duration;

/// An answer takes less, also where many tests run at once.
const LONG_ENOUGH: Duration = Duration::from_secs(2);
const PAUSE: Duration = Duration::from_hours(6);
const HALF_ANSWER: &str = "250-one\r\n550 two";

const STAGES: [Stage; 12] = [
    Stage::Greeting,
    Stage::Hello,
    Stage::StartTls,
    Stage::Handshake,
    Stage::Auth,
    Stage::Mail,
    Stage::Rcpt,
    Stage::Data,
    Stage::Text,
    Stage::Dot,
    Stage::Reset,
    Stage::Quit,
];

/// The ways to misbehave that a stage has.
fn acts(stage: Stage) -> Vec<Act> {
    match stage {
        // Whatever comes is no TLS.
        Stage::Handshake => vec![Act::Say("garbage"), Act::Close, Act::Silence, Act::Endless],
        // An answer before its time could not be told from one to the dot, unless the server hangs up.
        Stage::Text => vec![
            Act::SayAndClose("451 later"),
            Act::SayAndClose("552 too big"),
            Act::Say("garbage"),
            Act::Close,
            Act::Silence,
            Act::Endless,
        ],
        _ => vec![
            Act::Say("451 later"),
            Act::Say("550 no"),
            Act::Say("garbage"),
            Act::Say(HALF_ANSWER),
            Act::YesAndClose,
            Act::Close,
            Act::Silence,
            Act::Slowly,
            Act::Endless,
        ],
    }
}

/// State, attempts and ambiguous ends of a mail.
type Fate = (MailState, i64, i64);

const RETRYING: Fate = (Retrying, 1, 0);
const FAILED: Fate = (Failed, 1, 0);
const UNSURE: Fate = (Ambiguous, 1, 1);
const WAITS: Fate = (Queued, 0, 0);
const SENT: Fate = (Sent, 1, 0);

/// What the first mail may have become after one round with the fault.
fn expected(stage: Stage, act: &Act) -> &'static [Fate] {
    match (stage, act) {
        // It was refused before.
        (Stage::Reset, _) => &[FAILED],
        (Stage::Quit, _) | (_, Act::Slowly) | (Stage::Dot, Act::YesAndClose) => &[SENT],
        (Stage::Rcpt | Stage::Data | Stage::Dot, Act::Say("451 later"))
        | (Stage::Rcpt, _)
        | (Stage::Mail, Act::YesAndClose)
            if !matches!(act, Act::Say("550 no")) =>
        {
            &[RETRYING]
        }
        (Stage::Rcpt | Stage::Data | Stage::Dot, Act::Say("550 no")) => &[FAILED],
        // The text is short: it may have left as a whole before it shows that nobody listens.
        (Stage::Data, Act::YesAndClose) | (Stage::Text, Act::Close | Act::SayAndClose("451 later")) => {
            &[RETRYING, UNSURE]
        }
        (Stage::Text, Act::SayAndClose(_)) => &[FAILED, RETRYING, UNSURE],
        (Stage::Data, _) => &[RETRYING],
        (Stage::Text | Stage::Dot, _) => &[UNSURE],
        _ => &[WAITS],
    }
}

async fn app_and_server(stage: Stage) -> (TestApp, SmtpServer) {
    let is_encrypted = matches!(stage, Stage::StartTls | Stage::Handshake | Stage::Hello);
    let encryption = if is_encrypted { Encryption::StartTls("relay") } else { Encryption::None };
    let server = SmtpServer::encrypted(encryption).await;
    let app = app_changed(&server, &[("smtp_ca_file", CA_FILE)], |url| {
        url.patience = Patience { connect: LONG_ENOUGH, command: LONG_ENOUGH, text: LONG_ENOUGH };
        url.login = Some(("me".into(), SecretString::from("hunter2")));
        if is_encrypted {
            url.security = SmtpSecurity::StartTls;
        }
    });
    (app.await, server)
}

/// The two newest mails, of which the first meets the fault.
async fn two(app: &TestApp) -> [Mail; 2] {
    let mails = app.mails().await;
    let from = mails.len() - 2;
    mails.into_iter().skip(from).collect::<Vec<_>>().try_into().unwrap()
}

fn fate(mail: &Mail) -> Fate {
    (mail.state, mail.attempts, mail.ambiguous_ends)
}

/// What is sent was taken once; what may have been taken is no more often so than its ends say.
fn check_against_the_ledger(mail: &Mail, server: &SmtpServer, what: &str) {
    let came = server.came().into_iter().filter(|came| came.message_id() == mail.message_id);
    let (taken, unsure): (Vec<_>, Vec<_>) = came.filter(|came| !came.refused).partition(|came| came.taken);
    assert!(mail.state != Sent || !taken.is_empty(), "{what}: sent, but nobody has it");
    let known = i64::from(mail.state == Sent) + mail.ambiguous_ends;
    let most = usize::try_from(known).unwrap();
    assert!(taken.len() + unsure.len() <= most, "{what}: {} came, {most} are known", taken.len() + unsure.len());
}

fn misbehave(server: &SmtpServer, stage: Stage, act: &Act, always: bool) {
    if stage == Stage::Reset {
        server.once(Stage::Rcpt, Act::Say("550 no such user"));
    }
    if always {
        server.always(stage, act.clone());
    } else {
        server.once(stage, act.clone());
    }
}

async fn once(app: &TestApp, server: &SmtpServer, stage: Stage, act: &Act) {
    let what = format!("{stage:?} {act:?} once");
    queue(&app.board, letter()).await;
    queue(&app.board, letter()).await;
    misbehave(server, stage, act, false);
    deliver(app).await;
    let [first, second] = two(app).await;
    let expected = expected(stage, act);
    assert!(expected.contains(&fate(&first)), "{what}: {:?}, {:?}", fate(&first), first.last_answer);
    assert_eq!(fate(&second), if expected == [WAITS] { WAITS } else { SENT }, "{what}: the second");
    drain(app, server, &what).await;
    let [first, second] = two(app).await;
    let repeats = i64::from(first.state == Sent && expected != [SENT] && expected != [WAITS]);
    assert!(first.state == Sent || first.state == Failed && expected.contains(&FAILED), "{what}: {:?}", fate(&first));
    assert_eq!(first.attempts, 1 + repeats, "{what}");
    assert_eq!(fate(&second), SENT, "{what}: the second");
}

async fn always(app: &TestApp, server: &SmtpServer, stage: Stage, act: &Act) {
    let what = format!("{stage:?} {act:?} always");
    queue(&app.board, letter()).await;
    queue(&app.board, letter()).await;
    misbehave(server, stage, act, true);
    for round in 1..=2 {
        deliver(app).await;
        for mail in two(app).await {
            check_against_the_ledger(&mail, server, &what);
            if expected(stage, act) == [WAITS] {
                assert_eq!(fate(&mail), WAITS, "{what}: round {round}");
            }
        }
        app.advance(PAUSE);
    }
    drain(app, server, &what).await;
    for mail in two(app).await {
        let ended = match mail.state {
            Sent => true,
            Failed => mail.attempts == 1,
            Ambiguous => mail.ambiguous_ends == 2,
            _ => false,
        };
        assert!(ended, "{what}: {:?}", fate(&mail));
        assert!(expected(stage, act) != [WAITS] || fate(&mail) == SENT, "{what}: {:?}", fate(&mail));
    }
}

/// The server behaves again, and everything comes to an end.
async fn drain(app: &TestApp, server: &SmtpServer, what: &str) {
    server.behave();
    server.release();
    for _ in 0..2 {
        app.advance(PAUSE);
        deliver(app).await;
    }
    for mail in two(app).await {
        check_against_the_ledger(&mail, server, what);
    }
    assert!(
        !app.mails().await.iter().any(|mail| matches!(mail.state, Queued | Retrying | MailState::Leased)),
        "{what}"
    );
}

#[actix_web::test]
async fn the_outbox_knows_of_each_mail_what_the_server_knows() {
    // Side by side, since silence takes its time.
    let stages = stream::iter(STAGES).map(|stage| async move {
        let (app, server) = app_and_server(stage).await;
        for act in acts(stage) {
            once(&app, &server, stage, &act).await;
            always(&app, &server, stage, &act).await;
        }
    });
    stages.buffer_unordered(6).collect::<Vec<()>>().await;
}
