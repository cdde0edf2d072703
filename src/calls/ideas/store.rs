//! SQL of title ideas.

use super::model::{Facts, Idea};
use crate::{
    access::Organizer,
    db::{
        Conn, Tx,
        schema::{choices, formats, title_idea_choices, title_idea_proposals, title_ideas, tracks},
        types::{ChoiceId, EventId, FormatId, ProposalId, TitleIdeaId, TrackId},
    },
    error::{Error, Result},
};
use diesel::{dsl, prelude::*};
use std::collections::HashMap;

#[derive(Queryable, Selectable)]
#[diesel(table_name = title_ideas)]
struct Row {
    id: TitleIdeaId,
    code: String,
    title: String,
    text: String,
    abstract_: String,
    format_id: Option<FormatId>,
    track_id: Option<TrackId>,
    wanted: Option<i64>,
    version: i64,
}

/// In their order.
pub fn list(conn: &mut Conn, event: EventId) -> Result<Vec<Idea>> {
    let rows: Vec<(Row, Option<String>, Option<String>)> = title_ideas::table
        .left_join(formats::table)
        .left_join(tracks::table)
        .filter(title_ideas::event_id.eq(event))
        .order((title_ideas::position, title_ideas::code))
        .select((Row::as_select(), formats::code.nullable(), tracks::code.nullable()))
        .load(conn)?;
    let picked: Vec<(TitleIdeaId, ChoiceId, String)> = title_idea_choices::table
        .inner_join(choices::table)
        .filter(choices::event_id.eq(event))
        .order((choices::category_id, choices::position, choices::code))
        .select((title_idea_choices::title_idea_id, choices::id, choices::code))
        .load(conn)?;
    let mut of: HashMap<TitleIdeaId, Vec<(ChoiceId, String)>> = HashMap::new();
    for (idea, id, code) in picked {
        of.entry(idea).or_default().push((id, code));
    }
    let idea = |(row, format_code, track_code): (Row, _, _)| {
        let (mut choices, choice_codes): (Vec<_>, Vec<_>) = of.remove(&row.id).unwrap_or_default().into_iter().unzip();
        choices.sort_unstable();
        let Row { id, code, title, text, abstract_, format_id, track_id, wanted, version } = row;
        let facts = Facts { title, text, abstract_, format: format_id, track: track_id, choices, wanted };
        Idea { id, code, facts, format_code, track_code, choice_codes, version }
    };
    Ok(rows.into_iter().map(idea).collect())
}

pub fn find(conn: &mut Conn, event: EventId, code: &str) -> Result<Idea> {
    list(conn, event)?.into_iter().find(|idea| idea.code == code).ok_or_else(Error::not_found)
}

/// Stores an idea behind the others; answers its code.
pub fn insert(tx: &mut Tx<'_>, event: EventId, facts: &Facts) -> Result<String> {
    let of_event = title_ideas::table.filter(title_ideas::event_id.eq(event));
    let last: Option<i64> = of_event.select(dsl::max(title_ideas::position)).first(tx.conn())?;
    let code = tx.random().code(6);
    let row = (
        title_ideas::event_id.eq(event),
        title_ideas::code.eq(&code),
        title_ideas::title.eq(&facts.title),
        title_ideas::text.eq(&facts.text),
        title_ideas::abstract_.eq(&facts.abstract_),
        title_ideas::format_id.eq(facts.format),
        title_ideas::track_id.eq(facts.track),
        title_ideas::wanted.eq(facts.wanted),
        title_ideas::position.eq(last.unwrap_or(0) + 1),
        title_ideas::version.eq(1),
    );
    let id = diesel::insert_into(title_ideas::table).values(row).returning(title_ideas::id).get_result(tx.conn())?;
    insert_choices(tx, event, id, &facts.choices)?;
    Ok(code)
}

fn insert_choices(tx: &mut Tx<'_>, event: EventId, idea: TitleIdeaId, picked: &[ChoiceId]) -> Result<()> {
    for choice in picked {
        let row = (
            title_idea_choices::event_id.eq(event),
            title_idea_choices::title_idea_id.eq(idea),
            title_idea_choices::choice_id.eq(*choice),
        );
        diesel::insert_into(title_idea_choices::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, who: &Organizer, id: TitleIdeaId, facts: &Facts) -> Result<()> {
    diesel::update(title_ideas::table.find(id))
        .set((
            title_ideas::title.eq(&facts.title),
            title_ideas::text.eq(&facts.text),
            title_ideas::abstract_.eq(&facts.abstract_),
            title_ideas::format_id.eq(facts.format),
            title_ideas::track_id.eq(facts.track),
            title_ideas::wanted.eq(facts.wanted),
            title_ideas::version.eq(title_ideas::version + 1),
        ))
        .execute(tx.conn())?;
    diesel::delete(title_idea_choices::table.filter(title_idea_choices::title_idea_id.eq(id))).execute(tx.conn())?;
    insert_choices(tx, who.event(), id, &facts.choices)
}

/// Drafts that were started from it stay.
pub fn delete(tx: &mut Tx<'_>, _: &Organizer, id: TitleIdeaId) -> Result<()> {
    diesel::delete(title_ideas::table.find(id)).execute(tx.conn())?;
    Ok(())
}

/// Remembers from which idea a draft was started.
pub fn remember(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId, idea: TitleIdeaId) -> Result<()> {
    let row = (
        title_idea_proposals::event_id.eq(event),
        title_idea_proposals::proposal_id.eq(proposal),
        title_idea_proposals::title_idea_id.eq(idea),
    );
    diesel::insert_into(title_idea_proposals::table).values(row).execute(tx.conn())?;
    Ok(())
}
