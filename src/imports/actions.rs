//! Importing, and finding out what would be imported.

use super::{
    model::{Ask, Content, Found, Outcome, PersonRecord, Report, Row, Rows},
    plan::{self, ProposalStep, Steps},
    read, review_store, speaker_store,
    store::{self, Resolved, Target},
};
use crate::{
    access::{Organizer, store::lock_event},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{
        Conn, Turn, Tx,
        types::{AccountId, ProposalId},
    },
    error::{Error, Result},
    jobs::System,
    once::model::Render,
    proposals::{self, versions},
    similar::{self, model::NewPastTalk},
};
use std::collections::HashSet;

/// # Errors
/// `Invalid` when the file cannot be read, or when rows cannot be imported and are not to be left out.
pub async fn import<R: Render<Report>>(
    app: &Callboard,
    who: Organizer,
    ask: Ask,
    file: Vec<u8>,
    render: R,
) -> Result<R::Out> {
    let dry_run = ask.dry_run;
    let (found, ask) = prepared(app, ask, file).await?;
    if dry_run {
        let report = app.db.read(move |conn| Ok(preview(conn, Target::of(&who), found)?.report));
        return Ok(render.render(report.await?)?.0);
    }
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx: &mut Tx<'_>, who: &Organizer| {
            let report = store_all(tx, Target::of(who), Some(who.account()), found, &ask)?;
            audit::record(tx, who, who.event(), &noted(&ask, &report))?;
            Ok(report)
        })
        .await
}

/// [`import`] for the command line, whose user has the database anyway.
///
/// # Errors
/// As [`import`]; `NotFound` when there is no such event.
pub async fn import_for_system(
    app: &Callboard,
    system: System,
    slug: String,
    ask: Ask,
    file: Vec<u8>,
) -> Result<Report> {
    let dry_run = ask.dry_run;
    let (found, ask) = prepared(app, ask, file).await?;
    if dry_run {
        let look = move |conn: &mut Conn| {
            let to = Target::for_system(conn, system, &slug)?;
            preview(conn, to, found)
        };
        return Ok(app.db.read(look).await?.report);
    }
    app.db
        .write(move |tx| {
            let to = Target::for_system(tx.conn(), system, &slug)?;
            lock_event(tx, to.event())?;
            let report = store_all(tx, to, None, found, &ask)?;
            audit::store::record_for(tx, to.event(), None, &noted(&ask, &report))?;
            Ok(report)
        })
        .await
}

/// Before any lock: reading a large file takes its time.
async fn prepared(app: &Callboard, ask: Ask, file: Vec<u8>) -> Result<(Found, Ask)> {
    let read = move || read::read(&file, &ask).map(|found| (found, ask));
    Ok(app.desk.place().await?.work(read).await??)
}

/// What there is to do: the same for a dry run and in earnest.
fn preview(conn: &mut Conn, to: Target, found: Found) -> Result<Steps> {
    let Found { source, rows } = found;
    Ok(match rows {
        Rows::Proposals(rows) => plan::proposals(&source, rows, &store::known(conn, to, &source)?),
        Rows::Speakers(rows) => plan::people::speakers(&source, rows, &store::known(conn, to, &source)?),
        Rows::Reviews(rows) => {
            let board = review_store::board(conn, to, &source)?;
            Steps { report: board.plan(&source, rows).report, ..Steps::default() }
        }
        Rows::PastTalks(rows) => Steps { report: past_talks(conn, to, &source, rows)?.0, ..Steps::default() },
    })
}

fn past_talks(
    conn: &mut Conn,
    to: Target,
    source: &str,
    rows: Vec<Row<NewPastTalk>>,
) -> Result<(Report, Vec<NewPastTalk>)> {
    let prints = rows.iter().filter_map(|row| match &row.content {
        Content::Record(talk) => Some(talk.fingerprint()),
        _ => None,
    });
    let known = similar::store::known_past(conn, to.event(), &prints.collect::<Vec<_>>())?;
    Ok(plan::past_talks(source, rows, known))
}

fn store_all(tx: &mut Tx<'_>, to: Target, by: Option<AccountId>, found: Found, ask: &Ask) -> Result<Report> {
    let Found { source, rows } = found;
    match rows {
        Rows::Reviews(rows) => {
            let steps = review_store::board(tx.conn(), to, &source)?.plan(&source, rows);
            check(&steps.report, ask)?;
            review_store::insert(tx, to, &steps.new)?;
            Ok(steps.report)
        }
        Rows::PastTalks(rows) => {
            let (report, new) = past_talks(tx.conn(), to, &source, rows)?;
            check(&report, ask)?;
            similar::actions::keep_past(tx, to.event(), &new)?;
            Ok(report)
        }
        rows => store_proposals(tx, to, by, Found { source, rows }, ask),
    }
}

fn store_proposals(tx: &mut Tx<'_>, to: Target, by: Option<AccountId>, found: Found, ask: &Ask) -> Result<Report> {
    let mut steps = preview(tx.conn(), to, found)?;
    check(&steps.report, ask)?;
    let source = steps.report.source.clone();
    let (formats, tracks) = store::make_parts(tx, to, &steps.formats, &steps.tracks)?;
    let choices = store::make_choices(tx, to, &steps.choices)?;
    speaker_store::insert(tx, to, &source, &steps.new_speakers)?;
    for (id, step) in &steps.changed_speakers {
        speaker_store::update(tx, to, &source, *id, step)?;
    }
    let joined: Vec<_> = steps.joined_speakers.iter().map(|(id, step)| (*id, step)).collect();
    speaker_store::join(tx, to, &source, &joined)?;
    let speakers = speaker_store::ids(tx.conn(), to, &source)?;
    let resolved = |step| -> Result<Resolved<'_>> {
        let step: &ProposalStep = step;
        let format = formats.get(&step.format.to_lowercase()).copied();
        let track = step.record.track.as_ref().and_then(|track| tracks.get(&track.to_lowercase()).copied());
        let found = |(key, person): (&String, &PersonRecord)| {
            speakers.get(key).or_else(|| speakers.get(&person.name_key())).copied()
        };
        let mut once = HashSet::new();
        let people = step.speakers.iter().zip(&step.record.speakers).filter_map(found);
        let picks = step.record.choices.iter().flat_map(|pick| {
            let of = |choice: &String| choices.get(&(pick.category.to_lowercase(), choice.to_lowercase())).copied();
            pick.choices.iter().filter_map(of)
        });
        Ok(Resolved {
            format: format.ok_or_else(|| Error::internal("a format of an import was not made"))?,
            track,
            speakers: people.filter(|person| once.insert(*person)).collect(),
            choices: picks.collect(),
            step,
        })
    };
    for (id, step) in &steps.changed_proposals {
        let (said, _) = versions::store::content(tx.conn(), to.event(), *id)?;
        store::update_proposal(tx, to, &source, *id, &resolved(step)?)?;
        versions::actions::keep(tx, to.event(), by, *id, &said)?;
        note(tx, to, *id, step)?;
    }
    let new: Vec<Resolved<'_>> = steps.new_proposals.iter().map(resolved).collect::<Result<_>>()?;
    let made = store::insert_proposals(tx, to, &source, &new)?;
    for (step, (id, code)) in steps.new_proposals.iter().zip(made) {
        note(tx, to, id, step)?;
        if let Some(row) = steps.report.rows.get_mut(step.row) {
            row.code = Some(code);
        }
    }
    Ok(steps.report)
}

/// So that it is found, and found to be like others.
fn note(tx: &mut Tx<'_>, to: Target, id: ProposalId, step: &ProposalStep) -> Result<()> {
    let said = [&step.record.title, &step.record.abstract_, &step.record.description];
    proposals::actions::note(tx, to.event(), id, said.map(String::as_str))
}

fn check(report: &Report, ask: &Ask) -> Result<()> {
    if ask.skip_refused { Ok(()) } else { report.all_possible() }
}

fn noted(ask: &Ask, report: &Report) -> Entry {
    let imported = Entry::new(Action::Imported, Object::Table(ask.of.as_str().to_owned()));
    let imported = imported.with("created", report.count(Outcome::Created));
    imported.with("updated", report.count(Outcome::Updated)).with("refused", report.count(Outcome::Refused))
}
