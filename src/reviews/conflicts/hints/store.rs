//! SQL of what hints come from.

use super::model::{Known, Member, Person, SpeakerOf};
use crate::{
    access::Organizer,
    db::{
        Conn,
        among::among,
        schema::{accounts, conflicts, members, proposal_speakers, proposals, speakers},
        types::{AccountId, ProposalId, TextList},
    },
    error::Result,
    proposals::model::{Lifecycle, PublishedDecision},
};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

pub fn known(conn: &mut Conn, who: &Organizer) -> Result<Known> {
    let members = members_of(conn, who)?;
    let accounts: Vec<AccountId> = members.iter().map(|member| member.account).collect();
    let conflicts: Vec<(ProposalId, AccountId)> = conflicts::table
        .filter(conflicts::event_id.eq(who.event()))
        .select((conflicts::proposal_id, conflicts::account_id))
        .load(conn)?;
    Ok(Known {
        speakers: speakers_of(conn, who)?,
        conflicts: conflicts.into_iter().collect(),
        together: together(conn, who, &accounts)?,
        members,
    })
}

/// The team, with what its members have told about themselves as speakers of this event.
fn members_of(conn: &mut Conn, who: &Organizer) -> Result<Vec<Member>> {
    let team: Vec<(AccountId, String, String, String)> = members::table
        .inner_join(accounts::table)
        .filter(members::event_id.eq(who.event()))
        .select((accounts::id, accounts::code, accounts::name, accounts::email_key))
        .order(accounts::code)
        .distinct()
        .load(conn)?;
    let ids = team.iter().map(|(account, ..)| *account);
    let profiles: Vec<(Option<AccountId>, String, String, TextList)> = speakers::table
        .filter(speakers::event_id.eq(who.event()))
        .filter(among(speakers::account_id, ids))
        .select((speakers::account_id, speakers::name, speakers::affiliation, speakers::links))
        .load(conn)?;
    let mut profiles: HashMap<AccountId, (String, String, TextList)> = profiles
        .into_iter()
        .filter_map(|(account, name, affiliation, links)| Some((account?, (name, affiliation, links))))
        .collect();
    let member = |(account, code, name, email_key): (AccountId, String, String, String)| {
        let mut person = Person { names: vec![name], email_key: Some(email_key), ..Person::default() };
        if let Some((name, affiliation, links)) = profiles.remove(&account) {
            person.names.push(name);
            person.affiliations.push(affiliation);
            person.links = links.0;
        }
        Member { account, code, person }
    };
    Ok(team.into_iter().map(member).collect())
}

type SpeakerRow =
    (ProposalId, (String, String), Option<AccountId>, (String, String, TextList), Option<(String, String)>);

fn speakers_of(conn: &mut Conn, who: &Organizer) -> Result<Vec<SpeakerOf>> {
    let rows: Vec<SpeakerRow> = proposal_speakers::table
        .inner_join(proposals::table)
        .inner_join(speakers::table.left_join(accounts::table))
        .filter(proposals::event_id.eq(who.event()))
        .filter(proposals::lifecycle.eq(Lifecycle::Submitted))
        .select((
            proposals::id,
            (proposals::code, proposals::ref_),
            speakers::account_id,
            (speakers::name, speakers::affiliation, speakers::links),
            (accounts::name, accounts::email_key).nullable(),
        ))
        .load(conn)?;
    let speaker = |(proposal, names, account, (name, affiliation, links), of_account): SpeakerRow| {
        let mut person = Person { names: vec![name], affiliations: vec![affiliation], links: links.0, email_key: None };
        if let Some((name, email_key)) = of_account {
            person.names.push(name);
            person.email_key = Some(email_key);
        }
        SpeakerOf { proposal, names, account, person }
    };
    Ok(rows.into_iter().map(speaker).collect())
}

/// Members and others who spoke together: in this event, or elsewhere in what is published.
fn together(conn: &mut Conn, who: &Organizer, members: &[AccountId]) -> Result<HashSet<(AccountId, AccountId)>> {
    let here = proposals::event_id.eq(who.event());
    let spoken: Vec<(ProposalId, Option<AccountId>)> = proposal_speakers::table
        .inner_join(proposals::table)
        .inner_join(speakers::table)
        .filter(among(speakers::account_id, members.iter().copied()))
        .filter(here.or(proposals::published_decision.eq(PublishedDecision::Accepted).assume_not_null()))
        .select((proposals::id, speakers::account_id))
        .load(conn)?;
    let ids = spoken.iter().map(|(proposal, _)| *proposal);
    let beside: Vec<(ProposalId, Option<AccountId>)> = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(among(proposal_speakers::proposal_id, ids))
        .select((proposal_speakers::proposal_id, speakers::account_id))
        .load(conn)?;
    let mut of_proposal: HashMap<ProposalId, Vec<AccountId>> = HashMap::new();
    for (proposal, account) in beside {
        of_proposal.entry(proposal).or_default().extend(account);
    }
    let pairs = spoken.iter().flat_map(|(proposal, member)| {
        let others = of_proposal.get(proposal).into_iter().flatten();
        others.filter_map(move |other| Some(((*member)?, *other)))
    });
    Ok(pairs.filter(|(member, other)| member != other).collect())
}
