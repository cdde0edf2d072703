//! SQL of the gap map.

use super::model::Counts;
use crate::{
    access::{Tracks, store::in_tracks},
    db::{
        Conn,
        schema::{proposal_choices, proposals, title_idea_proposals},
        types::{ChoiceId, EventId, TitleIdeaId},
    },
    error::Result,
    proposals::model::Lifecycle,
};
use diesel::{dsl, prelude::*};

pub fn counts(conn: &mut Conn, event: EventId, tracks: Tracks) -> Result<Counts> {
    let submitted = proposals::event_id.eq(event).and(proposals::lifecycle.eq(Lifecycle::Submitted));
    let proposals: i64 =
        proposals::table.filter(submitted).filter(in_tracks(event, tracks)).count().get_result(conn)?;
    let of_choices: Vec<(ChoiceId, i64)> = proposal_choices::table
        .inner_join(proposals::table)
        .filter(submitted)
        .filter(in_tracks(event, tracks))
        .group_by(proposal_choices::choice_id)
        .select((proposal_choices::choice_id, dsl::count_star()))
        .load(conn)?;
    let of_ideas: Vec<(TitleIdeaId, i64)> = title_idea_proposals::table
        .inner_join(proposals::table)
        .filter(submitted)
        .filter(in_tracks(event, tracks))
        .group_by(title_idea_proposals::title_idea_id)
        .select((title_idea_proposals::title_idea_id, dsl::count_star()))
        .load(conn)?;
    Ok(Counts { proposals, of_choices: of_choices.into_iter().collect(), of_ideas: of_ideas.into_iter().collect() })
}
