//! Ranking, and keeping rankings. What takes time is computed outside of the database's lanes.

use super::{
    model::{Ask, Board, Kept, LIVE_SEED, Listed, MOST_KEPT, NewRanking, Offset, Parameters, Reviews},
    store::{self, KeptFor, Reader},
};
use crate::{
    access::{Organizer, ProposalReader},
    app::Callboard,
    audit::{
        self,
        model::{Action, Entry, Object},
    },
    db::{Turn, Tx, types::PublicationId},
    desk::Place,
    error::{Error, Result},
    once::model::Render,
};

/// How a reviewer scores, compared with the others.
pub struct ReviewerOffset {
    pub code: String,
    pub name: String,
    pub offset: Offset,
}

/// The ranking of now.
///
/// # Errors
/// `Busy`.
pub async fn show(app: &Callboard, who: ProposalReader, ask: Ask) -> Result<Board> {
    let place = app.desk.place().await?;
    let found = app.db.read(move |conn| {
        let reader = Reader::of(&who);
        let listed = store::list(conn, reader)?;
        let (reviews, _) = store::reviews(conn, reader, &listed)?;
        Ok((listed, reviews))
    });
    let (listed, reviews) = found.await?;
    let parameters = reviews.parameters(LIVE_SEED, ask.cut);
    board(place, reviews, listed, parameters, ask.track).await
}

async fn board(
    place: Place,
    mut reviews: Reviews,
    mut listed: Vec<Listed>,
    parameters: Parameters,
    track: Option<String>,
) -> Result<Board> {
    if let Some(track) = track {
        listed.retain(|of| of.track.as_ref().is_some_and(|of| of.code == track));
        let inside = listed.iter().map(|of| of.id).collect();
        reviews.candidates = &reviews.candidates & &inside;
    }
    computed(place, move || Board::new(reviews, listed, parameters)).await
}

/// Many reviews take their time.
async fn computed<T, E>(place: Place, compute: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T>
where
    T: Send + 'static,
    E: std::fmt::Debug + Send + 'static,
{
    let done = place.work(compute).await?;
    done.map_err(|unsettled| Error::internal(format!("{unsettled:?}")))
}

/// Whoever scores highest first.
///
/// # Errors
/// `Busy`.
pub async fn offsets(app: &Callboard, who: Organizer) -> Result<Vec<ReviewerOffset>> {
    let place = app.desk.place().await?;
    let found = app.db.read(move |conn| {
        let reader = Reader::of(&who);
        let listed = store::list(conn, reader)?;
        let (reviews, reviewers) = store::reviews(conn, reader, &listed)?;
        let names = store::names(conn, &who, &reviewers)?;
        Ok((reviews, reviewers, names))
    });
    let (reviews, reviewers, mut names) = found.await?;
    let parameters = reviews.parameters(LIVE_SEED, None);
    let ranking = computed(place, move || reviews.rank(parameters)).await?;
    let named = (0..).zip(reviewers).filter_map(|(number, account)| {
        let offset = *ranking.offsets.get(&number)?;
        let (code, name) = names.remove(&account)?;
        Some(ReviewerOffset { code, name, offset })
    });
    let mut named: Vec<ReviewerOffset> = named.collect();
    named.sort_by(|one, other| {
        other.offset.offset.total_cmp(&one.offset.offset).then_with(|| one.code.cmp(&other.code))
    });
    Ok(named)
}

/// # Errors
/// `WrongState` when the event keeps as many as it may.
pub async fn keep<R: Render<Kept>>(app: &Callboard, who: Organizer, input: NewRanking, render: R) -> Result<R::Out> {
    app.db
        .write_once(who, Turn::EventLocked, render, move |tx, who| {
            if store::count_kept(tx.conn(), who)? >= MOST_KEPT {
                return Err(Error::wrong_state(format!("An event keeps at most {MOST_KEPT} rankings.")));
            }
            let code = store::insert(tx, who, &KeptFor::Committee(&input), LIVE_SEED)?;
            let kept = Entry::new(Action::RankingKept, Object::Ranking(code.clone()));
            audit::record(tx, who, who.event(), &kept)?;
            Ok(store::find_kept(tx.conn(), who, &code)?.0)
        })
        .await
}

/// Keeps what the committee could see when it published.
///
/// # Errors
/// When the database refuses it.
pub fn keep_for(tx: &mut Tx<'_>, who: &Organizer, publication: PublicationId) -> Result<()> {
    store::insert(tx, who, &KeptFor::Publication(publication), LIVE_SEED).map(drop)
}

/// # Errors
/// `Busy`.
pub async fn list(app: &Callboard, who: ProposalReader) -> Result<Vec<Kept>> {
    app.db.read(move |conn| store::list_kept(conn, &who)).await
}

/// A kept ranking, of what the reader may see of it.
///
/// # Errors
/// `NotFound`.
pub async fn replay(app: &Callboard, who: ProposalReader, code: String, ask: Ask) -> Result<(Kept, Board)> {
    let place = app.desk.place().await?;
    let found = app.db.read(move |conn| {
        let listed = store::list(conn, Reader::of(&who))?;
        Ok((store::find_kept(conn, &who, &code)?, listed))
    });
    let ((kept, reviews), listed) = found.await?;
    let reviews = reviews.of(&listed.iter().map(|of| of.id).collect());
    let parameters = Parameters { cut: ask.cut.or(kept.parameters.cut), ..kept.parameters };
    Ok((kept, board(place, reviews, listed, parameters, ask.track).await?))
}
