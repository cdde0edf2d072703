//! SQL of erasing a person. The account stays as an empty row, so that what refers to it still does.

use super::{
    data_store::addresses,
    model::{Fate, Part},
};
use crate::{
    access::{Role, store::lock_event},
    accounts::model::Account,
    db::{
        Conn, Tx,
        portable::{forget_inside, lower},
        schema::{
            account_actions, accounts, assignments, bids, conflicts, events, extensions, headshots, import_keys,
            invitations, link_requests, mails, members, preview_links, proposal_speakers, proposal_versions, proposals,
            publication_items, review_drafts, review_skips, speaker_invitations, speakers,
        },
        types::{AccountId, EventId, MailId, ProposalId, PublicationItemId, SpeakerId, TextList, Ts},
    },
    error::{Error, Result},
    events::store::has_organizer,
    locked,
    mail::{MailState, store::Cancellation},
    proposals::{
        choices,
        model::{Confirmation, Lifecycle, PublishedDecision},
        store::touch_talk,
    },
};
use diesel::prelude::*;

/// Locks the events in which the person organizes or speaks: nobody publishes or leaves the team meanwhile.
pub fn lock_events(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    let organized = members::table.filter(members::account_id.eq(account)).filter(members::role.eq(Role::Organizer));
    let mut events: Vec<EventId> = organized.select(members::event_id).load(tx.conn())?;
    let spoken = speakers::table.filter(speakers::account_id.eq(account)).select(speakers::event_id);
    events.extend(spoken.load::<EventId>(tx.conn())?);
    // What was entered for one of the addresses is taken over first and goes too.
    let addresses = addresses(tx.conn(), account)?;
    let entered = speakers::table.filter(speakers::email_key.eq_any(addresses)).select(speakers::event_id);
    events.extend(entered.load::<EventId>(tx.conn())?);
    events.sort_unstable();
    events.dedup();
    for event in events {
        lock_event(tx, event)?;
    }
    Ok(())
}

/// What marks an answer that was given to others as one about the person: addresses, and codes of profiles and proposals.
pub fn marks(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<String>> {
    let mut marks = addresses(tx.conn(), account)?;
    let profiles = speakers::table.filter(speakers::account_id.eq(account));
    marks.extend(profiles.select(speakers::code).load::<String>(tx.conn())?);
    let mine = proposal_speakers::table
        .inner_join(speakers::table)
        .inner_join(proposals::table)
        .filter(speakers::account_id.eq(account));
    marks.extend(mine.select(proposals::code).load::<String>(tx.conn())?);
    Ok(marks)
}

/// Takes the person off all teams; answers the slugs of the events that nobody would be left to organize.
pub fn leave_teams(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<String>> {
    let organized: Vec<(EventId, String)> = members::table
        .inner_join(events::table)
        .filter(members::account_id.eq(account))
        .filter(members::role.eq(Role::Organizer))
        .select((events::id, events::slug))
        .order(events::slug)
        .load(tx.conn())?;
    diesel::delete(members::table.filter(members::account_id.eq(account))).execute(tx.conn())?;
    let mut left_alone = vec![];
    for (event, slug) in organized {
        if !has_organizer(tx.conn(), event)? {
            left_alone.push(slug);
        }
    }
    Ok(left_alone)
}

type PartRow =
    (EventId, ProposalId, SpeakerId, bool, Option<Ts>, Lifecycle, Option<PublishedDecision>, Option<Confirmation>);

/// The person's proposals, locked.
pub fn lock_parts(tx: &mut Tx<'_>, account: AccountId) -> Result<Vec<Part>> {
    let mine = proposal_speakers::table
        .inner_join(speakers::table)
        .filter(speakers::account_id.eq(account))
        .select(proposal_speakers::proposal_id);
    let query = proposals::table.filter(proposals::id.eq_any(mine)).select(proposals::id).order(proposals::id);
    let ids: Vec<ProposalId> = locked!(tx.conn(), query, for_update, load::<ProposalId>)?;
    Ok(parts(tx.conn(), account)?.into_iter().filter(|part| ids.contains(&part.proposal)).collect())
}

/// The person's parts in proposals.
pub fn parts(conn: &mut Conn, account: AccountId) -> Result<Vec<Part>> {
    let rows: Vec<PartRow> = proposal_speakers::table
        .inner_join(speakers::table)
        .inner_join(proposals::table)
        .filter(speakers::account_id.eq(account))
        .select((
            proposals::event_id,
            proposals::id,
            speakers::id,
            proposal_speakers::owner,
            proposal_speakers::accepted_at,
            proposals::lifecycle,
            proposals::published_decision,
            proposals::confirmation,
        ))
        .order(proposals::id)
        .load(conn)?;
    let part = |(event, proposal, speaker, owner, accepted_at, lifecycle, published, confirmation): PartRow| Part {
        event,
        proposal,
        speaker,
        owner,
        accepted: owner || accepted_at.is_some(),
        lifecycle,
        published,
        confirmation,
    };
    Ok(rows.into_iter().map(part).collect())
}

/// Does to a proposal what becomes of it; what hangs on one that goes, goes with it.
pub fn settle(tx: &mut Tx<'_>, part: &Part) -> Result<()> {
    let proposal = proposals::table.filter(proposals::event_id.eq(part.event)).filter(proposals::id.eq(part.proposal));
    match part.fate() {
        Fate::Goes => {
            diesel::delete(proposal).execute(tx.conn())?;
        }
        Fate::Leaves => {
            let link = proposal_speakers::table
                .filter(proposal_speakers::event_id.eq(part.event))
                .filter(proposal_speakers::proposal_id.eq(part.proposal))
                .filter(proposal_speakers::speaker_id.eq(part.speaker));
            diesel::delete(link).execute(tx.conn())?;
            touch_talk(tx, part.proposal)?;
        }
        Fate::Stays if part.owner => {
            // What was for the committee only has served its purpose.
            diesel::update(proposal)
                .set((
                    proposals::description.eq(""),
                    proposals::notes.eq(""),
                    proposals::slides.eq(None::<String>),
                    proposals::version.eq(proposals::version + 1),
                ))
                .execute(tx.conn())?;
            touch_talk(tx, part.proposal)?;
            choices::store::forget_hidden(tx, part.proposal)?;
            let said = proposal_versions::table
                .filter(proposal_versions::event_id.eq(part.event))
                .filter(proposal_versions::proposal_id.eq(part.proposal));
            diesel::delete(said).execute(tx.conn())?;
            forget_inside(tx.conn(), part.proposal)?;
            kill_confirm_links(tx, part)?;
        }
        Fate::Stays => {}
    }
    Ok(())
}

/// Nobody is left who could have the links, so their secrets become others that nobody knows.
fn kill_confirm_links(tx: &mut Tx<'_>, part: &Part) -> Result<()> {
    let links: Vec<PublicationItemId> = publication_items::table
        .filter(publication_items::event_id.eq(part.event))
        .filter(publication_items::proposal_id.eq(part.proposal))
        .filter(publication_items::token_sha256.is_not_null())
        .select(publication_items::id)
        .order(publication_items::id)
        .load(tx.conn())?;
    for link in links {
        let dead = tx.random().bytes::<32>();
        diesel::update(publication_items::table.find(link))
            .set(publication_items::token_sha256.eq(dead.as_slice()))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Profiles of talks that stay keep the name; the others go, and all pictures.
pub fn settle_profiles(tx: &mut Tx<'_>, account: AccountId, kept: &[SpeakerId]) -> Result<()> {
    let pictures = headshots::table.filter(headshots::speaker_id.eq_any(kept));
    diesel::delete(pictures).execute(tx.conn())?;
    let mine = speakers::table.filter(speakers::account_id.eq(account));
    // Otherwise the next import of the same file would write the profile anew.
    let imported = import_keys::table.filter(import_keys::speaker_id.eq_any(mine.select(speakers::id.nullable())));
    diesel::delete(imported).execute(tx.conn())?;
    diesel::delete(mine.filter(speakers::id.ne_all(kept))).execute(tx.conn())?;
    let now = tx.now()?;
    diesel::update(mine)
        .set((
            speakers::changed_at.eq(now),
            speakers::account_id.eq(None::<AccountId>),
            speakers::bio.eq(""),
            speakers::affiliation.eq(""),
            speakers::links.eq(TextList::default()),
            speakers::version.eq(speakers::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What is held under the account or its addresses and nothing else needs.
pub fn delete_belongings(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    let addresses = addresses(tx.conn(), account.id)?;
    diesel::delete(invitations::table.filter(invitations::email_key.eq_any(&addresses))).execute(tx.conn())?;
    diesel::delete(extensions::table.filter(extensions::email_key.eq_any(&addresses))).execute(tx.conn())?;
    diesel::delete(preview_links::table.filter(preview_links::account_id.eq(account.id))).execute(tx.conn())?;
    let spoken = speaker_invitations::table.filter(speaker_invitations::email_key.eq_any(&addresses));
    diesel::delete(spoken).execute(tx.conn())?;
    let asked = link_requests::table.filter(link_requests::email_key.eq(account.email.to_lowercase()));
    diesel::delete(asked).execute(tx.conn())?;
    let links = account_actions::table.filter(account_actions::account_id.eq(account.id));
    diesel::delete(links).execute(tx.conn())?;
    diesel::delete(conflicts::table.filter(conflicts::account_id.eq(account.id))).execute(tx.conn())?;
    diesel::delete(assignments::table.filter(assignments::account_id.eq(account.id))).execute(tx.conn())?;
    diesel::delete(review_drafts::table.filter(review_drafts::account_id.eq(account.id))).execute(tx.conn())?;
    diesel::delete(review_skips::table.filter(review_skips::account_id.eq(account.id))).execute(tx.conn())?;
    diesel::delete(bids::table.filter(bids::account_id.eq(account.id))).execute(tx.conn())?;
    Ok(())
}

/// Empties the mails to the person, and those to others that name the person. What has not left does not leave.
///
/// # Errors
/// `Busy` while one of them is being handed to the mail server, whose answer may name the address.
pub fn empty_mails(tx: &mut Tx<'_>, account: AccountId) -> Result<()> {
    let addresses = addresses(tx.conn(), account)?;
    let of_address = mails::account_id.is_null().and(lower(mails::to_address).eq_any(&addresses));
    let own = mails::account_id.eq(account).assume_not_null().or(of_address);
    // A link to a new address that was never used: nobody else's.
    let asked = mails::names_id.eq(account).assume_not_null().and(mails::kind.eq("change_email"));
    let query = mails::table.filter(own.or(asked)).select((mails::id, mails::begun_at)).order(mails::id);
    let found = locked!(tx.conn(), query, for_update, load::<(MailId, Option<Ts>)>)?;
    let own = empty(tx, found)?;
    diesel::update(mails::table.filter(mails::id.eq_any(own)))
        .set((mails::to_address.eq(""), mails::to_name.eq(""), mails::last_answer.eq(None::<String>)))
        .execute(tx.conn())?;
    let naming = mails::table.filter(mails::names_id.eq(account));
    let query = naming.select((mails::id, mails::begun_at)).order(mails::id);
    let found = locked!(tx.conn(), query, for_update, load::<(MailId, Option<Ts>)>)?;
    empty(tx, found)?;
    Ok(())
}

fn empty(tx: &mut Tx<'_>, found: Vec<(MailId, Option<Ts>)>) -> Result<Vec<MailId>> {
    if found.iter().any(|(_, begun_at)| begun_at.is_some()) {
        return Err(Error::busy());
    }
    let ids: Vec<MailId> = found.into_iter().map(|(id, _)| id).collect();
    let these = mails::table.filter(mails::id.eq_any(&ids));
    diesel::update(these.clone().filter(mails::state.ne(MailState::Sent))).set(Cancellation::NOW).execute(tx.conn())?;
    diesel::update(these)
        .set((mails::subject.eq(""), mails::body_text.eq(""), mails::body_html.eq("")))
        .execute(tx.conn())?;
    Ok(ids)
}

/// The address becomes a key that no address can be.
pub fn empty_account(tx: &mut Tx<'_>, account: &Account, now: Ts) -> Result<()> {
    diesel::update(accounts::table.find(account.id))
        .set((
            accounts::email.eq(""),
            accounts::email_key.eq(format!("erased {}", account.code)),
            accounts::email_verified_at.eq(None::<Ts>),
            accounts::password_phc.eq(None::<String>),
            accounts::name.eq(""),
            accounts::is_admin.eq(false),
            accounts::disabled_at.eq(now),
            accounts::erased_at.eq(now),
            accounts::version.eq(accounts::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}
