//! Editing what one proposes.

use crate::{
    access::Speaker,
    accounts,
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    calls::{self, categories, passes, store::Options},
    db::{Conn, Turn},
    error::Result,
    http::{input::Arrived, once::IfMatch},
    proposals::{
        actions::{Mine, asked, format, note, one_within, options, track},
        model::{self, EditProposal, Lifecycle},
        store::{self, OwnProposal, Texts},
        versions,
    },
};

/// An edit as it came.
#[derive(Clone)]
pub struct Edit {
    pub input: EditProposal,
    pub version: IfMatch,
    pub arrived: Arrived,
}

/// Drafts at any time; what is submitted while the call is open for it, both as it was and as it becomes.
///
/// # Errors
/// `Stale`, `CallClosed`, `WrongState`, field errors.
pub async fn edit(app: &Callboard, who: Speaker, code: String, edit: Edit) -> Result<Mine> {
    let (looks, mine, as_sent) = (who.clone(), code.clone(), edit.clone());
    if let Some(unchanged) = app.db.read(move |conn| unchanged(conn, &looks, &mine, as_sent)).await? {
        return Ok(unchanged);
    }
    let Edit { input, version, arrived } = edit;
    app.db
        .write_as(who, Turn::Submission, move |tx, who| {
            accounts::store::lock_mine(tx, who.who())?;
            let before = store::find_own(tx.conn(), who, &code)?;
            model::check_lifecycle(before.row.lifecycle, &[Lifecycle::Draft, Lifecycle::Submitted], "edited")?;
            let submitted = before.row.lifecycle == Lifecycle::Submitted;
            let (options, held) = options(tx, who, submitted.then_some(arrived))?;
            if let Some(secret) = &input.late_link {
                passes::actions::attach(tx, who, before.row.id, secret)?;
            }
            let texts = edited(&before, input, &options)?;
            if let Some(held) = held {
                model::check_complete(&texts.abstract_, &texts.choices, &options.categories)?;
                passes::actions::open(tx, &options, held, &asked(who, &before, &Texts::of(&before)))?;
                passes::actions::open(tx, &options, held, &asked(who, &before, &texts))?;
            }
            let locked = store::lock_own(tx, who, &code)?;
            model::check_lifecycle(locked.row.lifecycle, &[before.row.lifecycle], "edited")?;
            version.check(locked.row.version)?;
            if texts != Texts::of(&locked) {
                let (said, _) = versions::store::content(tx.conn(), who.event(), locked.row.id)?;
                store::update_texts(tx, &locked, &texts)?;
                // Of drafts nothing is noted.
                if submitted {
                    versions::actions::keep(tx, who.event(), Some(who.account()), locked.row.id, &said)?;
                    note(tx, who.event(), locked.row.id, [&texts.title, &texts.abstract_, &texts.description])?;
                    let entry = Entry::new(Action::ProposalEdited, Object::Proposal(code.clone()));
                    audit::record(tx, who, who.event(), &entry)?;
                }
            }
            one_within(tx.conn(), who, &code, &options.setup)
        })
        .await
}

/// A draft to which an edit changes nothing: pages save by themselves, mostly nothing new, and that shall cost no write.
fn unchanged(conn: &mut Conn, who: &Speaker, code: &str, edit: Edit) -> Result<Option<Mine>> {
    let stored = store::find_own(conn, who, code)?;
    let draft = stored.row.lifecycle == Lifecycle::Draft && edit.input.late_link.is_none();
    if !draft || edit.version.check(stored.row.version).is_err() {
        return Ok(None);
    }
    let options = calls::store::options(conn, who.event())?;
    let same = edited(&stored, edit.input, &options)? == Texts::of(&stored);
    Ok(same.then(|| Mine::of(stored, &options.setup)))
}

fn edited(before: &OwnProposal, input: EditProposal, options: &Options) -> Result<Texts> {
    let setup = &options.setup;
    let choices = match &input.choices {
        Some(codes) => categories::model::picked(&options.categories, codes)?,
        None => Texts::of(before).choices,
    };
    let format = match &input.format {
        Some(code) => format(setup, Some(code))?.id,
        None => before.format.id,
    };
    let track = match &input.track {
        Some(code) => code.as_deref().map(|code| track(setup, code)).transpose()?.map(|track| track.id),
        None => before.track.as_ref().map(|track| track.id),
    };
    let row = &before.row;
    Ok(Texts {
        title: input.title.map_or_else(|| row.title.clone(), model::Title::into_string),
        abstract_: input.r#abstract.map_or_else(|| row.abstract_.clone(), model::Abstract::into_string),
        description: input.description.map_or_else(|| row.description.clone(), model::Description::into_string),
        notes: input.notes.map_or_else(|| row.notes.clone(), model::Notes::into_string),
        format,
        track,
        choices,
    })
}
