//! Taking everything along, and going.

use super::{
    data_store as held, erase_store as erasing,
    model::{EraseMe, Fate, Part},
    reviewing,
};
use crate::{
    access::SignedIn,
    accounts::{
        actions::{confirm, still_confirmed},
        sessions,
    },
    app::Callboard,
    audit::model::Action,
    db::{
        Actor as _, Conn, Turn, Tx,
        types::{ProposalId, SessionId, SpeakerId, Ts},
    },
    decisions::publications::model::PublicationState,
    error::{Code, Error, Result},
    once,
    proposals::{self, model::PublishedDecision},
    reviews::{self, conflicts::model::Kind},
    tokens,
};

/// Everything that is held about a person, as it was at one instant.
pub struct Data {
    pub at: Ts,
    pub current_session: SessionId,
    pub account: held::Account,
    pub sessions: Vec<sessions::model::Session>,
    /// The person's own, then those made for events.
    pub tokens: Vec<tokens::model::Token>,
    pub links: Vec<held::Link>,
    pub memberships: Vec<(held::Event, crate::access::Role, Ts)>,
    pub invitations: Vec<(held::Event, held::Invitation)>,
    pub invitations_sent: Vec<(held::Event, held::Invitation)>,
    /// Address, end, since when.
    pub extensions: Vec<(held::Event, String, Ts, Ts)>,
    pub speaker_invitations: Vec<(held::Event, held::SpeakerInvitation)>,
    pub speaker_invitations_sent: Vec<(held::Event, held::SpeakerInvitation)>,
    pub profiles: Vec<held::ShownProfile>,
    pub preview_links: Vec<(held::Event, held::PreviewLink)>,
    pub bids: Vec<reviewing::store::PlacedBid>,
    pub imported: Vec<(held::Event, String, String, Ts)>,
    pub proposals: Vec<held::MyProposal>,
    pub choices: Vec<(ProposalId, String, String)>,
    pub feedback: Vec<(ProposalId, String)>,
    pub published: Vec<(ProposalId, PublishedDecision, Ts)>,
    pub versions: Vec<(ProposalId, held::Version)>,
    pub reviews: Vec<(held::Event, String, reviewing::store::Review)>,
    pub scores: Vec<(crate::db::types::ReviewId, String, i64)>,
    pub drafts: Vec<(held::Event, String, reviewing::store::Draft)>,
    pub skips: Vec<(held::Event, String, Ts)>,
    pub comments: Vec<(held::Event, String, String, Ts)>,
    pub conflicts: Vec<(held::Event, String, Kind, Ts)>,
    pub assignments: Vec<(held::Event, String, Ts)>,
    pub publications: Vec<(held::Event, String, PublicationState, Ts)>,
    pub deeds: Vec<(held::Event, Action, Ts)>,
    pub mails: Vec<held::Mail>,
}

/// # Errors
/// `Busy`.
pub async fn data(app: &Callboard, who: SignedIn) -> Result<Data> {
    let at = app.clock.now();
    app.db.read(move |conn| collect(conn, &who, at)).await
}

fn collect(conn: &mut Conn, who: &SignedIn, at: Ts) -> Result<Data> {
    let addresses = held::addresses(conn, who.account())?;
    let proposals = held::proposals_of(conn, who, &addresses)?;
    let ids: Vec<ProposalId> = proposals.iter().map(|mine| mine.proposal.id).collect();
    Ok(Data {
        at,
        current_session: who.session()?,
        account: held::account(conn, who)?,
        sessions: sessions::store::list(conn, who.account(), at)?,
        tokens: tokens::store::list_made_by(conn, who)?,
        links: held::links(conn, who)?,
        memberships: held::memberships(conn, who)?,
        invitations: held::invitations_to(conn, &addresses)?,
        invitations_sent: held::invitations_by(conn, who)?,
        extensions: held::extensions_of(conn, &addresses)?,
        speaker_invitations: held::speaker_invitations_to(conn, &addresses)?,
        speaker_invitations_sent: held::speaker_invitations_by(conn, who)?,
        profiles: held::profiles(conn, who, &addresses)?,
        preview_links: held::preview_links(conn, who)?,
        bids: reviewing::store::bids_by(conn, who)?,
        imported: held::imported(conn, who, &addresses)?,
        choices: held::choices(conn, &ids)?,
        feedback: held::feedback(conn, &ids)?,
        published: held::published(conn, &ids)?,
        versions: held::versions(conn, &ids)?,
        proposals,
        reviews: reviewing::store::reviews_by(conn, who)?,
        scores: reviewing::store::scores_by(conn, who)?,
        drafts: reviewing::store::drafts_by(conn, who)?,
        skips: reviewing::store::skips_by(conn, who)?,
        comments: reviewing::store::comments_by(conn, who)?,
        conflicts: reviewing::store::conflicts_by(conn, who)?,
        assignments: reviewing::store::assignments_of(conn, who)?,
        publications: held::publications_by(conn, who)?,
        deeds: held::deeds(conn, who)?,
        mails: held::mails_to(conn, who, &addresses)?,
    })
}

/// What would become of the person's proposals.
///
/// # Errors
/// `Busy`.
pub async fn fates(app: &Callboard, who: SignedIn) -> Result<Vec<Fate>> {
    let parts = app.db.read(move |conn| erasing::parts(conn, who.account())).await?;
    Ok(parts.iter().map(Part::fate).collect())
}

/// The person goes; talks of a published program stay with the name they were published under, and reviews without one.
///
/// # Errors
/// A field error for a wrong password; `LastOrganizer`; `Busy` while a mail to the person is just being sent.
pub async fn erase(app: &Callboard, who: SignedIn, input: EraseMe) -> Result<()> {
    const FIELD: &str = "password";
    let account = confirm(app, &who, input.password, FIELD).await?;
    app.db
        .write_as(who, Turn::Plain, move |tx: &mut Tx<'_>, who| {
            still_confirmed(tx, &account, FIELD)?;
            let now = tx.now()?;
            sessions::store::delete_all(tx, account.id)?;
            tokens::store::leave(tx, account.id)?;
            erasing::lock_events(tx, account.id)?;
            let left_alone = erasing::leave_teams(tx, account.id)?;
            if !left_alone.is_empty() {
                let detail = format!("Make somebody else organizer first: {}.", left_alone.join(", "));
                return Err(Error::new(Code::LastOrganizer, detail));
            }
            let addresses = held::addresses(tx.conn(), account.id)?;
            proposals::claims::actions::take_over_all(tx, account.id, &addresses)?;
            let marks = erasing::marks(tx, account.id)?;
            once::forget(tx, &who.acting().key, &marks)?;
            let parts = erasing::lock_parts(tx, account.id)?;
            reviews::store::delete_uncounted(tx, account.id)?;
            for part in &parts {
                erasing::settle(tx, part)?;
            }
            let stays = parts.iter().filter(|part| part.fate() == Fate::Stays);
            let kept: Vec<SpeakerId> = stays.map(|part| part.speaker).collect();
            erasing::settle_profiles(tx, account.id, &kept)?;
            erasing::delete_belongings(tx, &account)?;
            erasing::empty_mails(tx, account.id)?;
            // The last step: addresses are looked up by the account until here.
            erasing::empty_account(tx, &account, now)
        })
        .await
}
