//! Every mail as people read it, text and HTML.

use callboard::{
    accounts::letters::{
        AccountExists, AddressInUse, ChangeEmail, EmailChangeAsked, EmailChanged, PasswordChanged, Reset, SignInLink,
        Verify,
    },
    clock::Random,
    mail::message::{
        ConfirmationReceived, DeadlineMoved, Decisions, Invitation, Letter, Outcome, ProposalReceived, SpeakerLeft,
        Verdict,
    },
    proposals::{
        entering::letters::ClaimInvitation,
        model::PublishedDecision,
        speaking::letters::{Change, HandedOver, SpeakerInvitation, SpeakersChanged},
    },
    secrets::{Link, LinkKind, mask_markers},
};

const BASE: &str = "https://cfp.example.org";
const EVENT: &str = "Ducks & Drakes 2025";
const NAME: &str = "Zoë <b>Ünal</b>";
const TITLE: &str = "\"Queries\" & <script>alert(1)</script>";

fn link(kind: LinkKind) -> Link {
    Link::new(kind, &Random::seeded(1))
}

fn shown(letter: &Letter) -> String {
    let Letter { kind, subject, .. } = letter;
    mask_markers(&format!("{kind}\n{subject}\n\n{}\n\n{}", letter.text(), letter.html()))
}

fn verdict(title: &str, outcome: Outcome) -> Verdict {
    Verdict { title: title.into(), outcome }
}

fn decisions(verdicts: &[Verdict]) -> Letter {
    Decisions { event: EVENT, name: NAME, verdicts }.letter(BASE)
}

fn receipt(editable_until: Option<&str>, verified: bool) -> Letter {
    let (decided_at, editable_until) =
        ("2025-02-09 23:58 PST (2025-02-10 07:58 UTC)".to_owned(), editable_until.map(str::to_owned));
    ProposalReceived { event: EVENT, name: NAME, code: "K7QMZ2", title: TITLE, decided_at, editable_until, verified }
        .letter()
}

fn speakers_changed(change: Change) -> Letter {
    SpeakersChanged { event: EVENT, name: NAME, title: TITLE, other: "Bob <i>B.</i>", change }.letter()
}

fn handed_over(published: Option<PublishedDecision>, answerable: bool) -> Letter {
    let link = link(LinkKind::Confirm);
    let link = answerable.then_some(&link);
    HandedOver { event: EVENT, name: NAME, before: "Bob <i>B.</i>", title: TITLE, published, link }.letter(BASE)
}

fn letters() -> Vec<(&'static str, Letter)> {
    let until = "Sunday 2 February 2025, 11:59 PM PST (UTC−8)".to_owned();
    let drafts = [(TITLE.to_owned(), Some(until)), ("Another draft".to_owned(), None)];
    let accepted = || Outcome::Accepted(Some(link(LinkKind::Confirm)));
    vec![
        ("deadline_moved", DeadlineMoved { event: EVENT, name: NAME, drafts: &drafts }.letter()),
        ("verify", Verify { link: &link(LinkKind::Verify) }.letter(BASE)),
        ("account_exists", AccountExists { link: &link(LinkKind::Reset) }.letter(BASE)),
        ("reset", Reset { link: &link(LinkKind::Reset) }.letter(BASE)),
        ("sign_in_link", SignInLink { link: &link(LinkKind::SignIn) }.letter(BASE)),
        ("change_email", ChangeEmail { link: &link(LinkKind::ChangeEmail) }.letter(BASE)),
        ("address_in_use", AddressInUse.letter()),
        ("email_change_asked", EmailChangeAsked.letter()),
        ("email_changed", EmailChanged.letter()),
        ("password_changed", PasswordChanged.letter()),
        (
            "invitation",
            Invitation { event: EVENT, role: "reviewer", inviter: NAME, link: &link(LinkKind::Invitation) }
                .letter(BASE),
        ),
        ("proposal_received", receipt(Some("2025-02-10 00:00 PST (2025-02-10 08:00 UTC)"), false)),
        ("proposal_received_verified", receipt(None, true)),
        ("acceptance", decisions(&[verdict(TITLE, accepted())])),
        (
            "acceptance_of_some",
            decisions(&[
                verdict("The third", Outcome::Rejected),
                verdict("The second", Outcome::Waitlisted),
                verdict("The first", accepted()),
            ]),
        ),
        ("acceptance_too", decisions(&[verdict(TITLE, Outcome::Accepted(None))])),
        ("waitlist", decisions(&[verdict(TITLE, Outcome::Waitlisted)])),
        ("rejection", decisions(&[verdict(TITLE, Outcome::Rejected)])),
        ("confirmation_received", ConfirmationReceived { event: EVENT, name: NAME, title: TITLE }.letter()),
        (
            "speaker_left",
            SpeakerLeft { event: EVENT, speaker: NAME, title: TITLE, code: "K7QMZ2", deed: "withdrew" }.letter(),
        ),
        (
            "speaker_invitation",
            SpeakerInvitation { event: EVENT, inviter: NAME, link: &link(LinkKind::Speak) }.letter(BASE),
        ),
        ("claim_invitation", ClaimInvitation { event: EVENT, link: &link(LinkKind::Speak) }.letter(BASE)),
        ("speaker_joined", speakers_changed(Change::Joined)),
        ("speaker_refused", speakers_changed(Change::Refused)),
        ("co_speaker_left", speakers_changed(Change::Left)),
        ("speaker_removed", speakers_changed(Change::Removed)),
        ("handed_over", handed_over(None, false)),
        ("handed_over_accepted", handed_over(Some(PublishedDecision::Accepted), true)),
    ]
}

#[test]
fn every_kind_of_mail_reads_well() {
    for (name, letter) in letters() {
        insta::assert_snapshot!(name, shown(&letter));
    }
}

#[test]
fn what_people_typed_is_never_html() {
    for (name, letter) in letters() {
        let html = letter.html();
        assert!(!html.contains("<b>") && !html.contains("<script"), "{name}");
        assert_eq!(html.matches("<a href=\"https://cfp.example.org/").count(), html.matches("href=").count(), "{name}");
    }
}

#[test]
fn text_and_html_carry_the_same_links() {
    for (name, letter) in letters() {
        let links = |text: String| text.matches('\u{1}').count();
        assert_eq!(links(letter.html()), 2 * links(letter.text()), "{name}");
    }
}
