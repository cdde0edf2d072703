//! SQL of categories and their choices.

use super::model::{Category, Choice, Facts, NewChoice, ShownTo};
use crate::{
    access::Organizer,
    db::{
        Conn, Tx,
        schema::{categories, choices, proposal_choices, proposals},
        types::{CategoryId, ChoiceId, EventId},
    },
    error::{Code, Error, OnReferenced, Result},
    on,
    proposals::model::Lifecycle,
};
use diesel::{dsl, prelude::*};

#[derive(Queryable, Selectable)]
#[diesel(table_name = categories)]
struct CategoryRow {
    id: CategoryId,
    event_id: EventId,
    code: String,
    name: String,
    help: String,
    several: bool,
    required: bool,
    shown_to: ShownTo,
    version: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = choices)]
struct ChoiceRow {
    id: ChoiceId,
    code: String,
    name: String,
    help: String,
    wanted: Option<i64>,
}

/// The categories of an event with their choices, in their order. None is without choices.
pub fn list(conn: &mut Conn, event: EventId) -> Result<Vec<Category>> {
    let rows: Vec<(CategoryRow, ChoiceRow)> = choices::table
        .inner_join(categories::table)
        .filter(choices::event_id.eq(event))
        .order((categories::position, categories::code, choices::position, choices::code))
        .select((CategoryRow::as_select(), ChoiceRow::as_select()))
        .load(conn)?;
    let mut list: Vec<Category> = vec![];
    for (row, ChoiceRow { id, code, name, help, wanted }) in rows {
        let choice = Choice { id, code, name, help, wanted };
        match list.last_mut().filter(|last| last.id == row.id) {
            Some(last) => last.choices.push(choice),
            None => list.push(category(row, choice)),
        }
    }
    Ok(list)
}

fn category(row: CategoryRow, first: Choice) -> Category {
    Category {
        id: row.id,
        event: row.event_id,
        code: row.code,
        name: row.name,
        help: row.help,
        several: row.several,
        required: row.required,
        shown_to: row.shown_to,
        version: row.version,
        choices: vec![first],
    }
}

pub fn find(conn: &mut Conn, event: EventId, code: &str) -> Result<Category> {
    let found = list(conn, event)?.into_iter().find(|category| category.code == code);
    found.ok_or_else(Error::not_found)
}

/// Stores a category behind the others; answers its code.
pub fn insert(tx: &mut Tx<'_>, event: EventId, facts: &Facts, choices: &[NewChoice]) -> Result<String> {
    let of_event = categories::table.filter(categories::event_id.eq(event));
    let last: Option<i64> = of_event.select(dsl::max(categories::position)).first(tx.conn())?;
    let code = tx.random().code(6);
    let row = (
        categories::event_id.eq(event),
        categories::code.eq(&code),
        categories::name.eq(&facts.name),
        categories::help.eq(&facts.help),
        categories::several.eq(facts.several),
        categories::required.eq(facts.required),
        categories::shown_to.eq(facts.shown_to),
        categories::position.eq(last.unwrap_or(0) + 1),
        categories::version.eq(1),
    );
    let id = diesel::insert_into(categories::table).values(row).returning(categories::id).get_result(tx.conn())?;
    write_choices(tx, (event, id), &[], choices)?;
    Ok(code)
}

#[derive(Insertable)]
#[diesel(table_name = choices, treat_none_as_default_value = false)]
struct ChoiceInsert<'c> {
    event_id: EventId,
    category_id: CategoryId,
    code: String,
    name: &'c str,
    help: &'c str,
    position: i64,
    wanted: Option<i64>,
}

/// Makes the choices of a category those of the list.
fn write_choices(
    tx: &mut Tx<'_>,
    (event_id, category_id): (EventId, CategoryId),
    old: &[Choice],
    new: &[NewChoice],
) -> Result<()> {
    let stays = |choice: &Choice| new.iter().any(|new| new.code.as_deref() == Some(&*choice.code));
    let gone: Vec<ChoiceId> = old.iter().filter(|choice| !stays(choice)).map(|choice| choice.id).collect();
    diesel::delete(choices::table.filter(choices::id.eq_any(gone))).execute(tx.conn()).on_referenced(|| {
        Error::new(
            Code::InUse,
            "Proposals or title ideas have picked a choice that is missing here. Rename it, or leave it in.",
        )
    })?;
    let mut inserts = vec![];
    for (position, choice) in (1..).zip(new) {
        let wanted = choice.wanted.map(i64::from);
        let known = choice.code.as_deref().and_then(|code| old.iter().find(|old| old.code == code));
        let Some(known) = known else {
            let code = tx.random().code(6);
            let (name, help) = (choice.name.as_str(), choice.help.as_str());
            inserts.push(ChoiceInsert { event_id, category_id, code, name, help, position, wanted });
            continue;
        };
        diesel::update(choices::table.find(known.id))
            .set((
                choices::name.eq(choice.name.as_str()),
                choices::help.eq(choice.help.as_str()),
                choices::position.eq(position),
                choices::wanted.eq(wanted),
            ))
            .execute(tx.conn())?;
    }
    on!(tx.conn(), c => diesel::insert_into(choices::table).values(&inserts).execute(c))?;
    Ok(())
}

/// Adds choices behind those that a category has.
pub fn add_choices(tx: &mut Tx<'_>, category: &Category, new: &[NewChoice]) -> Result<()> {
    let mut inserts = vec![];
    for (position, choice) in (1..).skip(category.choices.len()).zip(new) {
        inserts.push(ChoiceInsert {
            event_id: category.event,
            category_id: category.id,
            code: tx.random().code(6),
            name: choice.name.as_str(),
            help: choice.help.as_str(),
            position,
            wanted: choice.wanted.map(i64::from),
        });
    }
    on!(tx.conn(), c => diesel::insert_into(choices::table).values(&inserts).execute(c))?;
    diesel::update(categories::table.find(category.id))
        .set(categories::version.eq(categories::version + 1))
        .execute(tx.conn())?;
    Ok(())
}

/// # Errors
/// `InUse` while a proposal has picked a choice that goes.
pub fn update(
    tx: &mut Tx<'_>,
    who: &Organizer,
    old: &Category,
    facts: &Facts,
    choices: Option<&[NewChoice]>,
) -> Result<()> {
    diesel::update(categories::table.filter(categories::event_id.eq(who.event())).filter(categories::id.eq(old.id)))
        .set((
            categories::name.eq(&facts.name),
            categories::help.eq(&facts.help),
            categories::several.eq(facts.several),
            categories::required.eq(facts.required),
            categories::shown_to.eq(facts.shown_to),
            categories::version.eq(categories::version + 1),
        ))
        .execute(tx.conn())?;
    match choices {
        Some(choices) => write_choices(tx, (who.event(), old.id), &old.choices, choices),
        None => Ok(()),
    }
}

/// # Errors
/// `InUse` while a proposal has picked one of its choices.
pub fn delete(tx: &mut Tx<'_>, who: &Organizer, id: CategoryId) -> Result<()> {
    diesel::delete(categories::table.filter(categories::event_id.eq(who.event())).filter(categories::id.eq(id)))
        .execute(tx.conn())
        .on_referenced(|| {
            Error::new(Code::InUse, "Proposals or title ideas have picked its choices. Make it optional instead.")
        })?;
    Ok(())
}

/// Whether a proposal that is no draft has picked more than one of the choices.
pub fn is_picked_twice(conn: &mut Conn, category: &Category) -> Result<bool> {
    let ids: Vec<ChoiceId> = category.choices.iter().map(|choice| choice.id).collect();
    let most: Option<i64> = proposal_choices::table
        .inner_join(proposals::table)
        .filter(proposal_choices::choice_id.eq_any(ids))
        .filter(proposals::lifecycle.ne(Lifecycle::Draft))
        .group_by(proposal_choices::proposal_id)
        .select(dsl::count_star())
        .order(dsl::count_star().desc())
        .first(conn)
        .optional()?;
    Ok(most.is_some_and(|most| most > 1))
}
