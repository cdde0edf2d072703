//! Entering proposals for others, and mailing them the link to take over.

use super::{
    letters::ClaimInvitation,
    model::{InviteToClaim, Invited, NewEntry},
    store,
};
use crate::{
    access::Organizer,
    accounts,
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    calls::{self, categories, store::Options},
    db::{Turn, Tx, types::SpeakerId},
    error::{Error, FieldErrors, Result},
    mail::{self, About, Recipient, unasked},
    once::model::Render,
    proposals::{
        self, library,
        model::check_complete,
        organize::{self, actions::Shown},
        speaking::{
            self,
            model::{Invite, Target},
        },
        store::Texts,
        versions,
    },
    secrets::{self, Link, LinkKind},
    text::Email,
};

/// Submitted at once, whatever the deadline: organizers answer for that.
///
/// # Errors
/// Field errors; `TooMany` mails to one address.
pub async fn enter<R: Render<Shown>>(app: &Callboard, who: Organizer, input: NewEntry, render: R) -> Result<R::Out> {
    let board = app.clone();
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            check_complete(&input.r#abstract, &[], &[])?;
            let Options { setup, categories } = calls::store::options(tx.conn(), who.event())?;
            let texts = Texts {
                format: library::model::format(&setup.formats, input.format.as_ref(), "")?.id,
                track: library::model::track(&setup.tracks, input.track.as_ref(), None)?.map(|track| track.id),
                title: input.title.into_string(),
                abstract_: input.r#abstract.into_string(),
                description: input.description.into_string(),
                notes: input.notes.into_string(),
                choices: categories::model::picked(&categories, &input.choices)?,
            };
            let mut speakers: Vec<SpeakerId> = vec![];
            for new in &input.speakers {
                let speaker = store::ensure(tx, who, new)?;
                if !speakers.contains(&speaker) {
                    speakers.push(speaker);
                }
            }
            let (owner, others) = speakers.split_first().ok_or_else(Error::not_found)?;
            let now = tx.now()?;
            let (proposal, code) = proposals::store::insert(tx, who.event(), *owner, &texts, Some(now))?;
            for other in others {
                speaking::store::insert_place(tx, who.event(), proposal, *other)?;
            }
            versions::actions::keep_first(tx, who.event(), None, proposal)?;
            let said = [&texts.title, &texts.abstract_, &texts.description];
            proposals::actions::note(tx, who.event(), proposal, said.map(String::as_str))?;
            audit::record(tx, who, who.event(), &Entry::new(Action::ProposalEntered, Object::Proposal(code.clone())))?;
            let shown = organize::actions::one(tx.conn(), who, &code)?;
            if input.invite {
                for (speaker, email) in store::addresses(tx.conn(), who.event(), &speakers)? {
                    send(tx, &board, who, speaker, &known(&email)?)?;
                }
            }
            Ok(shown)
        })
        .await
}

/// An address that was checked when it was entered.
fn known(email: &str) -> Result<Email> {
    Email::new(email).map_err(Error::internal)
}

/// Mails the link to take over a profile; one that was mailed before dies.
///
/// # Errors
/// `NotFound`; `WrongState` for a speaker who has an account; `Taken`; a field error without any address; `TooMany`.
pub async fn invite<R: Render<Invited>>(
    app: &Callboard,
    who: Organizer,
    code: String,
    input: InviteToClaim,
    render: R,
) -> Result<R::Out> {
    let board = app.clone();
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let speaker = store::find(tx.conn(), who, &code)?;
            let email = match (input.email, &speaker.email) {
                (Some(email), _) => {
                    store::update_email(tx, who.event(), speaker.id, &email)?;
                    email
                }
                (None, Some(email)) => known(email)?,
                (None, None) => return Err(FieldErrors::of("email", "missing", "is not known of this speaker").into()),
            };
            audit::record(tx, who, who.event(), &Entry::new(Action::SpeakerInvited, Object::Speaker(code)))?;
            send(tx, &board, who, speaker.id, &email)
        })
        .await
}

fn send(tx: &mut Tx<'_>, app: &Callboard, who: &Organizer, speaker: SpeakerId, email: &Email) -> Result<Invited> {
    let invite = Invite { event: who.event(), target: Target::Profile(speaker), inviter: who.account(), email };
    let older = speaking::store::delete_of_profile(tx, who.event(), speaker)?;
    speaking::actions::cancel_mails(tx, who.event(), older)?;
    unasked::check(tx, app, email)?;
    let link = Link::new(LinkKind::Speak, tx.random());
    let waiting = speaking::store::insert_invitation(tx, &invite, &secrets::hash(&app.keys.link_secret(&link)))?;
    // Whoever has not proved the address must not learn that it was entered.
    let account = accounts::store::find_by_key(tx.conn(), &email.key())?;
    let account = account.filter(|account| account.email_verified_at.is_some()).map(|account| account.id);
    let to = Recipient { account, address: email.to_string(), name: String::new() };
    let letter = ClaimInvitation { event: &who.scope().name, link: &link }.letter(&app.config.base_url);
    let about = About { event: Some(who.scope().about()), ..About::default() };
    let mail = mail::queue_behind(tx, app, &to, &about, &letter, None)?;
    speaking::store::update_invitation_mail(tx, who.event(), &waiting.code, mail)?;
    Ok(Invited { email: waiting.email, expires_at: waiting.expires_at })
}
