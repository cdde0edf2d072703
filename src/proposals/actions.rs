//! What speakers do with their proposals. Every deed locks the account first, so one speaker's deeds come one by one and
//! limits are counted right.

use super::{
    model::{self, Lifecycle, NewProposal, Receipt},
    profiles,
    store::{self, OwnProposal, Texts},
    versions,
};
use crate::{
    access::{SignedIn, Speaker},
    accounts,
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    calls::{
        self, categories, ideas,
        model::{Format, Setup, Track, Window},
        passes::{self, actions::Asked},
        store::{Held, OpenCall, Options},
        time,
    },
    db::{
        Conn, Turn, Tx,
        types::{EventId, ProposalId, Ts},
    },
    decisions::{self, model::Deed},
    error::{Error, FieldErrors, Result},
    http::{input::Arrived, limits::Limit, once::IfMatch},
    mail::{self, About, message},
    once::model::Render,
    search,
    similar::{self, model::Similar},
};

/// An own proposal with what its owner can still do about it.
pub struct Mine {
    pub proposal: OwnProposal,
    pub receipt: Option<Receipt>,
    /// From when on it can be submitted; none: as soon as there is a deadline.
    pub opens_at: Option<Ts>,
    /// The first instant that is too late for it, as its speaker may know it.
    pub closes_at: Option<Ts>,
    /// The day on which speakers are promised an answer.
    pub notify_on: Option<String>,
    /// What it is like, in the answer to submitting it.
    pub similar: Vec<Similar>,
}

impl Mine {
    pub(super) fn of(proposal: OwnProposal, setup: &Setup) -> Mine {
        let closes_at = closes_at(&proposal, setup);
        let receipt = proposal.row.decided_at.map(|decided_at| Receipt {
            decided_at,
            decided_at_text: time::both(decided_at, &proposal.event.zone),
            editable_until: closes_at,
        });
        let (opens_at, notify_on) = (setup.call.opens_at, setup.call.notify_on.clone());
        Mine { proposal, receipt, opens_at, closes_at, notify_on, similar: vec![] }
    }
}

fn closes_at(proposal: &OwnProposal, setup: &Setup) -> Option<Ts> {
    let format = setup.formats.iter().find(|format| format.id == proposal.format.id)?;
    let track = proposal.track.as_ref().and_then(|own| setup.tracks.iter().find(|track| track.id == own.id));
    let window = Window::of(&setup.call, format, track);
    window.deadline().map(|deadline| deadline.closes_at).max(proposal.pass_until)
}

/// In all events.
pub async fn mine_everywhere(app: &Callboard, who: SignedIn) -> Result<Vec<Mine>> {
    app.db.read(move |conn| mine(conn, &who, None)).await
}

pub async fn mine_here(app: &Callboard, who: Speaker) -> Result<Vec<Mine>> {
    app.db.read(move |conn| mine(conn, who.who(), Some(who.event()))).await
}

fn mine(conn: &mut Conn, who: &SignedIn, event: Option<EventId>) -> Result<Vec<Mine>> {
    let own = store::list_own(conn, who, event)?;
    let mut events: Vec<EventId> = own.iter().map(|proposal| proposal.event.id).collect();
    events.sort_unstable();
    events.dedup();
    let setups = calls::store::setups(conn, &events)?;
    let with_setup = |proposal: OwnProposal| {
        let setup = setups.iter().find(|setup| setup.call.event == proposal.event.id);
        setup.map(|setup| Mine::of(proposal, setup)).ok_or_else(|| Error::internal("an event without a call"))
    };
    own.into_iter().map(with_setup).collect()
}

pub async fn show(app: &Callboard, who: Speaker, code: String) -> Result<Mine> {
    app.db.read(move |conn| one(conn, &who, &code)).await
}

pub(super) fn one(conn: &mut Conn, who: &Speaker, code: &str) -> Result<Mine> {
    let setup = calls::store::setup(conn, who.event())?;
    one_within(conn, who, code, &setup)
}

/// One of the speaker's own, with what the setup that was read before says of it.
///
/// # Errors
/// `NotFound`.
pub fn one_within(conn: &mut Conn, who: &Speaker, code: &str, setup: &Setup) -> Result<Mine> {
    Ok(Mine::of(store::find_own(conn, who, code)?, setup))
}

/// What was submitted, with what it is like of what its speaker may know of.
fn submitted(conn: &mut Conn, who: &Speaker, code: &str, setup: &Setup) -> Result<Mine> {
    Ok(Mine { similar: similar::actions::of_mine_in(conn, who, code)?, ..one_within(conn, who, code, setup)? })
}

/// Keeps a draft, or submits at once.
///
/// # Errors
/// Field errors; when it shall be submitted, those of [`submit`].
pub async fn create<R: Render<Mine>>(
    app: &Callboard,
    who: Speaker,
    input: NewProposal,
    arrived: Arrived,
    render: R,
) -> Result<R::Out> {
    let board = app.clone();
    let turn = if input.submit { Turn::Submission } else { Turn::Plain };
    app.db.write_once(who, turn, render, move |tx, who| create_in(tx, &board, who, input, arrived)).await
}

/// [`create`], as a part of a transaction.
///
/// # Errors
/// As [`create`].
pub fn create_in(
    tx: &mut Tx<'_>,
    app: &Callboard,
    who: &Speaker,
    input: NewProposal,
    arrived: Arrived,
) -> Result<Mine> {
    accounts::store::lock_mine(tx, who.who())?;
    let (options, held) = options(tx, who, input.submit.then_some(arrived))?;
    let setup = &options.setup;
    let texts = Texts {
        title: input.title.into_string(),
        abstract_: input.r#abstract.into_string(),
        description: input.description.into_string(),
        notes: input.notes.into_string(),
        format: format(setup, input.format.as_deref())?.id,
        track: input.track.as_deref().map(|code| track(setup, code)).transpose()?.map(|track| track.id),
        choices: categories::model::picked(&options.categories, &input.choices)?,
    };
    let profile = profiles::store::ensure_profile(tx, who)?;
    let (id, code) = store::insert_draft(tx, who, profile.id, &texts)?;
    if let Some(secret) = &input.late_link {
        passes::actions::attach(tx, who, id, secret)?;
    }
    if let Some(idea) = &input.idea {
        ideas::actions::note_start(tx, who, id, idea)?;
    }
    if let Some(held) = held {
        let draft = store::find_own(tx.conn(), who, &code)?;
        submit_in(tx, app, who, &draft, (&options, held))?;
        return submitted(tx.conn(), who, &code, &options.setup);
    }
    one_within(tx.conn(), who, &code, &options.setup)
}

/// What one can choose; under the call's lock where it is for a submission, which `arrived` then.
pub(super) fn options(tx: &mut Tx<'_>, who: &Speaker, arrived: Option<Arrived>) -> Result<(Options, Option<Held>)> {
    match arrived {
        Some(arrived) => calls::store::hold(tx, who.event(), arrived.0).map(|(options, held)| (options, Some(held))),
        None => Ok((calls::store::options(tx.conn(), who.event())?, None)),
    }
}

pub(super) fn format<'s>(setup: &'s Setup, code: Option<&str>) -> Result<&'s Format> {
    let found = match (code, setup.formats.as_slice()) {
        (Some(code), formats) => formats.iter().find(|format| format.code == code),
        (None, [only]) => Some(only),
        (None, _) => return Err(FieldErrors::of("format", "missing", "has to be picked: the event has several").into()),
    };
    let codes = || setup.formats.iter().map(|format| format.code.clone()).collect();
    found.ok_or_else(|| {
        FieldErrors::of("format", "unknown", "is not a format of this event").with_choices(codes()).into()
    })
}

pub(super) fn track<'s>(setup: &'s Setup, code: &str) -> Result<&'s Track> {
    let found = setup.tracks.iter().find(|track| track.code == code);
    let codes = || setup.tracks.iter().map(|track| track.code.clone()).collect();
    found
        .ok_or_else(|| FieldErrors::of("track", "unknown", "is not a track of this event").with_choices(codes()).into())
}

/// # Errors
/// `CallNotOpen`, `CallClosed`, `LimitReached`, `WrongState`; field errors for what is missing.
pub async fn submit<R: Render<Mine>>(
    app: &Callboard,
    who: Speaker,
    code: String,
    arrived: Arrived,
    render: R,
) -> Result<R::Out> {
    let board = app.clone();
    app.db
        .write_once(who, Turn::Submission, render, move |tx, who| {
            accounts::store::lock_mine(tx, who.who())?;
            let draft = store::find_own(tx.conn(), who, &code)?;
            model::check_owner(draft.owner)?;
            model::check_lifecycle(draft.row.lifecycle, &[Lifecycle::Draft], "submitted")?;
            let (options, held) = calls::store::hold(tx, who.event(), arrived.0)?;
            submit_in(tx, &board, who, &draft, (&options, held))?;
            submitted(tx.conn(), who, &code, &options.setup)
        })
        .await
}

/// From a draft or a withdrawal: the deadline and the limit are checked alike.
fn submit_in(
    tx: &mut Tx<'_>,
    app: &Callboard,
    who: &Speaker,
    proposal: &OwnProposal,
    (options, held): (&Options, Held),
) -> Result<()> {
    let texts = Texts::of(proposal);
    model::check_complete(&texts.abstract_, &texts.choices, &options.categories)?;
    let call = passes::actions::open(tx, options, held, &asked(who, proposal, &texts))?;
    model::check_limit(store::count_submitted(tx, who.event(), who.account())?, call.limit_per_speaker())?;
    if who.who().is_newcomer(tx.now()?) {
        app.limits.spend(Limit::Newcomers, who.event().0)?;
    }
    store::set_submitted(tx, proposal.row.id, proposal.row.lifecycle, &call)?;
    versions::actions::keep_first(tx, who.event(), Some(who.account()), proposal.row.id)?;
    note(tx, who.event(), proposal.row.id, [&proposal.row.title, &proposal.row.abstract_, &proposal.row.description])?;
    let action = match proposal.row.lifecycle {
        Lifecycle::Withdrawn => Action::WithdrawalUndone,
        _ => Action::ProposalSubmitted,
    };
    let entry = Entry::new(action, Object::Proposal(proposal.row.code.clone()));
    audit::record(tx, who, who.event(), &entry.with("decided_at", call.decided_at().to_string()))?;
    mail_receipt(tx, app, who, proposal, &call)
}

pub(super) fn asked<'a>(who: &'a Speaker, proposal: &'a OwnProposal, texts: &Texts) -> Asked<'a> {
    let (format, track, zone) = (texts.format, texts.track, &proposal.event.zone);
    Asked { who, proposal: proposal.row.id, format, track, zone }
}

/// What is submitted can be found, and be found to be like others.
///
/// # Errors
/// When the database refuses it.
pub fn note(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, texts: [&str; 3]) -> Result<()> {
    let [title, abstract_, description] = texts;
    similar::actions::note(tx, event, proposal, title, abstract_)?;
    search::store::note(tx, event, proposal, &format!("{title}\n{abstract_}"), description)
}

fn mail_receipt(
    tx: &mut Tx<'_>,
    app: &Callboard,
    who: &Speaker,
    proposal: &OwnProposal,
    call: &OpenCall,
) -> Result<()> {
    let Some(owner) = store::owner(tx.conn(), who.event(), proposal.row.id)? else { return Ok(()) };
    let letter = message::ProposalReceived {
        event: &proposal.event.name,
        name: &owner.name,
        code: &proposal.row.code,
        title: &proposal.row.title,
        decided_at: time::both(call.decided_at(), call.zone()),
        editable_until: Some(time::both(call.ends_at(), call.zone())),
        verified: who.who().is_verified(),
    };
    let about = About { event: Some(who.scope().about()), proposals: vec![proposal.row.id], ..About::default() };
    mail::queue(tx, app, &owner, &about, &letter.letter())
}

/// # Errors
/// `Stale`; `WrongState` for anything but a draft.
pub async fn delete(app: &Callboard, who: Speaker, code: String, version: IfMatch) -> Result<()> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            accounts::store::lock_mine(tx, who.who())?;
            let draft = store::lock_own(tx, who, &code)?;
            model::check_owner(draft.owner)?;
            version.check_if_sent(draft.row.version)?;
            model::check_lifecycle(draft.row.lifecycle, &[Lifecycle::Draft], "deleted")?;
            store::delete_draft(tx, draft.row.id)
        })
        .await
}

/// Organizers are told; mails about it that have not left are canceled.
///
/// # Errors
/// `WrongState` when it is not submitted, or accepted and published.
pub async fn withdraw<R: Render<Mine>>(app: &Callboard, who: Speaker, code: String, render: R) -> Result<R::Out> {
    let board = app.clone();
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            accounts::store::lock_mine(tx, who.who())?;
            let proposal = store::lock_own(tx, who, &code)?;
            model::check_owner(proposal.owner)?;
            model::check_lifecycle(proposal.row.lifecycle, &[Lifecycle::Submitted], "withdrawn")?;
            model::check_withdrawal(proposal.row.published_decision)?;
            store::set_lifecycle(tx, proposal.row.id, Lifecycle::Submitted, Lifecycle::Withdrawn)?;
            audit::record(
                tx,
                who,
                who.event(),
                &Entry::new(Action::ProposalWithdrawn, Object::Proposal(code.clone())),
            )?;
            decisions::actions::leave(tx, &board, who.scope(), proposal.row.id)?;
            decisions::actions::tell_organizers_left(tx, &board, who.scope(), proposal.row.id, Deed::Withdrew)?;
            one(tx.conn(), who, &code)
        })
        .await
}

/// As good as submitting: the deadline and the limit are checked again.
///
/// # Errors
/// As [`submit`].
pub async fn undo_withdrawal<R: Render<Mine>>(
    app: &Callboard,
    who: Speaker,
    code: String,
    arrived: Arrived,
    render: R,
) -> Result<R::Out> {
    let board = app.clone();
    app.db
        .write_once(who, Turn::Submission, render, move |tx, who| {
            accounts::store::lock_mine(tx, who.who())?;
            let proposal = store::find_own(tx.conn(), who, &code)?;
            model::check_owner(proposal.owner)?;
            model::check_lifecycle(proposal.row.lifecycle, &[Lifecycle::Withdrawn], "taken back in")?;
            let (options, held) = calls::store::hold(tx, who.event(), arrived.0)?;
            submit_in(tx, &board, who, &proposal, (&options, held))?;
            decisions::actions::return_to(tx, &board, who.scope(), proposal.row.id)?;
            one_within(tx.conn(), who, &code, &options.setup)
        })
        .await
}
