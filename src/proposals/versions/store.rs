//! SQL of versions.

use super::model::{Content, Field, NewVersion, Version};
use crate::{
    access::Reviewer,
    db::{
        Conn, Tx,
        among::among,
        schema::{formats, proposal_versions, proposals, reviews, speakers, tracks},
        types::{AccountId, EventId, ProposalId, TextList, Ts},
    },
    error::Result,
    proposals::choices::{
        self,
        model::{Audience, in_words},
    },
};
use diesel::{dsl, prelude::*};
use std::collections::{HashMap, HashSet};

/// What the proposal says now, and since when it is submitted.
pub fn content(conn: &mut Conn, event: EventId, proposal: ProposalId) -> Result<(Content, Option<Ts>)> {
    type Row = (String, String, String, String, String, Option<String>, Option<Ts>);
    let (title, abstract_, description, notes, format, track, since): Row = proposals::table
        .inner_join(formats::table)
        .left_join(tracks::table)
        .filter(proposals::event_id.eq(event))
        .filter(proposals::id.eq(proposal))
        .select((
            proposals::title,
            proposals::abstract_,
            proposals::description,
            proposals::notes,
            formats::name,
            tracks::name.nullable(),
            proposals::decided_at,
        ))
        .first(conn)?;
    let mut picked = |audience| choices::store::of(conn, &[proposal], audience);
    let seen = picked(Audience::Reviewers)?.remove(&proposal).unwrap_or_default();
    let mut hidden = picked(Audience::Organizers)?.remove(&proposal).unwrap_or_default();
    hidden.retain(|picked| !seen.contains(picked));
    let (choices, choices_for_organizers) = (in_words(&seen), in_words(&hidden));
    Ok((Content { title, abstract_, description, notes, format, track, choices, choices_for_organizers }, since))
}

/// The number of the latest version; none before it was ever submitted.
pub fn latest(tx: &mut Tx<'_>, event: EventId, proposal: ProposalId) -> Result<Option<i64>> {
    let query = proposal_versions::table
        .filter(proposal_versions::event_id.eq(event))
        .filter(proposal_versions::proposal_id.eq(proposal))
        .select(dsl::max(proposal_versions::number));
    Ok(query.first(tx.conn())?)
}

pub fn insert(tx: &mut Tx<'_>, event: EventId, new: &NewVersion<'_>) -> Result<()> {
    let row = (
        (
            proposal_versions::event_id.eq(event),
            proposal_versions::proposal_id.eq(new.proposal),
            proposal_versions::number.eq(new.number),
            proposal_versions::account_id.eq(new.by),
            proposal_versions::changed.eq(new.changed_list()),
            proposal_versions::shown.eq(new.is_shown()),
            proposal_versions::created_at.eq(new.at),
        ),
        (
            proposal_versions::title.eq(&new.content.title),
            proposal_versions::abstract_.eq(&new.content.abstract_),
            proposal_versions::description.eq(&new.content.description),
            proposal_versions::notes.eq(&new.content.notes),
            proposal_versions::format.eq(&new.content.format),
            proposal_versions::track.eq(&new.content.track),
            proposal_versions::choices.eq(&new.content.choices),
            proposal_versions::choices_for_organizers.eq(&new.content.choices_for_organizers),
        ),
    );
    diesel::insert_into(proposal_versions::table).values(row).execute(tx.conn())?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = proposal_versions)]
struct Row {
    number: i64,
    account_id: Option<AccountId>,
    title: String,
    abstract_: String,
    description: String,
    notes: String,
    format: String,
    track: Option<String>,
    choices: String,
    choices_for_organizers: String,
    changed: TextList,
    created_at: Ts,
}

impl Row {
    fn version(self, names: &HashMap<AccountId, String>) -> Version {
        let content = Content {
            title: self.title,
            abstract_: self.abstract_,
            description: self.description,
            notes: self.notes,
            format: self.format,
            track: self.track,
            choices: self.choices,
            choices_for_organizers: self.choices_for_organizers,
        };
        Version {
            number: self.number,
            content,
            changed: self.changed.0.iter().filter_map(|field| field.parse::<Field>().ok()).collect(),
            by: self.account_id.and_then(|account| names.get(&account).cloned()),
            at: self.created_at,
        }
    }
}

/// The oldest first.
pub fn list(conn: &mut Conn, event: EventId, proposal: ProposalId) -> Result<Vec<Version>> {
    let rows: Vec<Row> = proposal_versions::table
        .filter(proposal_versions::event_id.eq(event))
        .filter(proposal_versions::proposal_id.eq(proposal))
        .select(Row::as_select())
        .order(proposal_versions::number)
        .load(conn)?;
    let accounts = rows.iter().filter_map(|row| row.account_id);
    let names: Vec<(Option<AccountId>, String)> = speakers::table
        .filter(speakers::event_id.eq(event))
        .filter(speakers::account_id.eq_any(accounts))
        .select((speakers::account_id, speakers::name))
        .load(conn)?;
    let names = names.into_iter().filter_map(|(account, name)| Some((account?, name))).collect();
    Ok(rows.into_iter().map(|row| row.version(&names)).collect())
}

/// Those of these proposals in which something that reviewers see changed after the own review.
pub fn changed_since_review(conn: &mut Conn, who: &Reviewer, of: &[ProposalId]) -> Result<HashSet<ProposalId>> {
    let query = reviews::table
        .inner_join(proposal_versions::table.on(proposal_versions::proposal_id.eq(reviews::proposal_id)))
        .filter(reviews::account_id.eq(who.account()))
        .filter(among(reviews::proposal_id, of.iter().copied()))
        .filter(proposal_versions::shown.eq(true))
        .filter(proposal_versions::created_at.gt(reviews::updated_at))
        .select(reviews::proposal_id)
        .distinct();
    Ok(query.load(conn)?.into_iter().collect())
}

/// What a proposal said when the reviewer judged it.
///
/// # Errors
/// `NotFound` without an own review.
pub fn content_at_review(conn: &mut Conn, who: &Reviewer, proposal: ProposalId) -> Result<Content> {
    let reviewed_at: Ts = reviews::table
        .filter(reviews::event_id.eq(who.event()))
        .filter(reviews::proposal_id.eq(proposal))
        .filter(reviews::account_id.eq(who.account()))
        .select(reviews::updated_at)
        .first(conn)?;
    let versions = list(conn, who.event(), proposal)?;
    let then = versions.iter().rfind(|version| version.at <= reviewed_at).or(versions.first());
    match then {
        Some(version) => Ok(version.content.clone()),
        None => Ok(content(conn, who.event(), proposal)?.0),
    }
}
