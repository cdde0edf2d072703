//! SQL of a reviewer's progress. All counts go by what the reviewer may review now.

use super::model::Counts;
use crate::{
    access::Reviewer,
    db::{
        Conn,
        schema::{proposals, review_drafts, review_scores, reviews},
        types::CriterionId,
    },
    error::Result,
    reviews::{
        model::ReviewState,
        queue_store::{assigned_to, reviewable_by, reviewed, skipped},
    },
};
use diesel::{dsl, prelude::*};

pub fn counts(conn: &mut Conn, who: &Reviewer) -> Result<Counts> {
    let me = who.account();
    let all = proposals::table.filter(reviewable_by(who));
    let in_state = |conn: &mut Conn, state: ReviewState| -> Result<i64> {
        let mine = reviews::table.filter(reviews::account_id.eq(me)).filter(reviews::state.eq(state));
        let mine =
            proposals::table.filter(reviewable_by(who)).filter(proposals::id.eq_any(mine.select(reviews::proposal_id)));
        Ok(mine.count().get_result(conn)?)
    };
    let assigned = all.filter(proposals::id.eq_any(assigned_to(me)));
    let drafts = review_drafts::table.filter(review_drafts::account_id.eq(me)).select(review_drafts::proposal_id);
    Ok(Counts {
        total: all.count().get_result(conn)?,
        done: in_state(conn, ReviewState::Submitted)?,
        abstained: in_state(conn, ReviewState::Abstained)?,
        assigned: assigned.count().get_result(conn)?,
        assigned_done: assigned.filter(reviewed(me)).count().get_result(conn)?,
        drafts: all.filter(proposals::id.eq_any(drafts)).count().get_result(conn)?,
        skipped: all.filter(skipped(me)).filter(dsl::not(reviewed(me))).count().get_result(conn)?,
    })
}

/// A criterion, a score, and how often the reviewer gave it.
pub fn given(conn: &mut Conn, who: &Reviewer) -> Result<Vec<(CriterionId, i64, i64)>> {
    let given = review_scores::table
        .inner_join(reviews::table.inner_join(proposals::table))
        .filter(reviews::account_id.eq(who.account()))
        .filter(reviewable_by(who))
        .group_by((review_scores::criterion_id, review_scores::score))
        .select((review_scores::criterion_id, review_scores::score, dsl::count_star()));
    Ok(given.load(conn)?)
}
