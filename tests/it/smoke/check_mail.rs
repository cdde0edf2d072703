//! `callboard check-mail` says what is wrong with the mail server and what to do.

use super::{Place, publication::mail_server};
use crate::harness::{Act, Stage};
use std::net::TcpListener;

/// Whether it went well, and what it said.
fn check(place: &Place, smtp_url: &str, arguments: &[&str]) -> (bool, String) {
    let mut command = place.command(&[&["check-mail"], arguments].concat());
    command.env("CALLBOARD_BASE_URL", "https://cfp.example.org").env("CALLBOARD_SMTP_URL", smtp_url);
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.success(), said)
}

#[test]
fn it_says_that_mails_can_leave() {
    let (place, server) = (Place::new(), mail_server());
    let url = server.url().replace("smtp://", "smtp://me:hunter2@");
    let (went_well, said) = check(&place, &url, &[]);
    assert!(
        went_well && said.contains("The mail server answers.\n") && said.contains("The sign-in is accepted.\n"),
        "{said}"
    );
    assert!(said.contains("No mail was sent") && !said.contains("hunter2"), "{said}");
    assert_eq!(server.came(), []);
    let (went_well, said) = check(&place, &url, &["--to", "you@example.org"]);
    assert!(went_well && said.ends_with("The test mail was taken: queued as 1\n"), "{said}");
    let taken = server.taken();
    assert_eq!((taken.len(), taken[0].to.as_str()), (1, "you@example.org"));
    assert!(taken[0].raw.contains("the Callboard at https://cfp.example.org can send mails"), "{}", taken[0].raw);
    assert!(!place.folder.path().join("callboard.key").exists(), "it makes nothing");
}

#[test]
fn it_says_at_which_stage_it_failed() {
    let (place, server) = (Place::new(), mail_server());
    let url = server.url().replace("smtp://", "smtp://me:hunter2@");
    for (stage, act, says) in [
        (
            Stage::Greeting,
            Act::Say("554 go away"),
            "Failed at waiting for the greeting: permanent error (554): go away",
        ),
        (Stage::Hello, Act::Close, "Failed at EHLO: "),
        (
            Stage::Auth,
            Act::Say("535 wrong"),
            "Failed at signing in: permanent error (535): wrong\nCheck user and password",
        ),
        (
            Stage::Mail,
            Act::Say("553 not you"),
            "Failed at MAIL FROM: permanent error (553): not you\nSet CALLBOARD_MAIL_FROM",
        ),
        (Stage::Rcpt, Act::Say("550 who?"), "The test mail was refused: permanent error (550): who?\n"),
        (Stage::Dot, Act::Say("451 busy"), "The test mail was not taken for now: transient error (451): busy\n"),
        (Stage::Dot, Act::Close, "The test mail was handed over whole, but the last answer did not come: "),
    ] {
        server.once(stage, act);
        let (went_well, said) = check(&place, &url, &["--to", "you@example.org"]);
        assert!(!went_well && said.contains(says), "{stage:?}: {said}");
        server.behave();
    }
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (went_well, said) = check(&place, &format!("smtp://{nobody}"), &[]);
    assert!(!went_well && said.contains("Failed at connecting: ") && said.contains("firewall"), "{said}");
    let (went_well, said) = check(&place, &server.url().replace("smtp://", "smtps://"), &[]);
    assert!(!went_well && said.contains("Failed at TLS handshake: ") && said.contains("write smtp://"), "{said}");
    let (went_well, said) = check(&place, &url, &["--to", "nobody"]);
    assert!(!went_well && said.contains("--to: write one mail address"), "{said}");
}

#[test]
fn a_folder_is_said_to_reach_nobody() {
    let place = Place::new();
    let (went_well, said) = check(&place, "file:mail", &["--to", "you@example.org"]);
    assert!(went_well && said.contains("reach nobody"), "{said}");
    let (went_well, said) = check(&place, "file:/dev/null/mail", &[]);
    assert!(!went_well && said.contains("Failed at writing to the folder: "), "{said}");
}
