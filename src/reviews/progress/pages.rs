//! The reviewer's desk: how far they have come, what they may do now, and what is left to read.

use super::{actions, views::Progress};
use crate::{
    access::{
        Reviewer,
        phase::{OthersReviews, Sees},
    },
    app::Callboard,
    error::Result,
    http::{
        input::Query,
        pages::{Page, Screen, address, filters, language::t},
    },
    reviews::{
        self,
        charts::{Histogram, histograms},
        queue_model::{ListReviewing, Mine},
        views::{Blind, split},
    },
};
use askama::Template;

#[derive(Template)]
#[template(path = "review/desk.html")]
pub struct Desk {
    slug: String,
    zone: String,
    progress: Progress,
    /// What holds now, in words.
    rules: Vec<&'static str>,
    /// The reference of the proposal to review next.
    next: Option<String>,
    rows: Vec<Blind>,
    shelf: Option<Mine>,
    question: String,
    /// The address of the next page of the list.
    more: Option<String>,
    is_first: bool,
    histograms: Vec<Histogram>,
}

impl Screen for Desk {
    fn title(&self) -> String {
        t("Review").into_owned()
    }
}

impl Desk {
    fn handed_in(&self) -> i64 {
        self.progress.done + self.progress.abstained
    }

    fn is_on(&self, shelf: &str) -> bool {
        self.question.is_empty() && self.shelf.is_some_and(|on| on.as_str() == shelf)
    }

    fn is_searched(&self) -> bool {
        !self.question.is_empty()
    }
}

/// What the phase lets reviewers do, a sentence each.
fn rules(progress: &Progress) -> Vec<&'static str> {
    let scoring = if progress.scoring {
        "You can write and change reviews."
    } else {
        "Reviews are not written now. What you wrote is kept, and you can read it."
    };
    let names = if progress.blind {
        "You judge the proposal alone: nobody tells you who wrote it."
    } else {
        "You see who wrote each proposal."
    };
    let sees = match progress.sees {
        Sees::All => "You see every proposal that is yours to review, not only those assigned to you.",
        Sees::Assigned => "You see the proposals that are assigned to you.",
    };
    let others = match progress.reviews {
        OthersReviews::Never => "What other reviewers wrote is not shown now.",
        OthersReviews::AfterOwn => "You see what others wrote about a proposal once your own review of it is in.",
        OthersReviews::Always => "You see what others wrote about each proposal.",
    };
    vec![scoring, names, sees, others]
}

pub async fn show(who: Reviewer, (app, Query(asked)): (Callboard, Query<ListReviewing>)) -> Result<Page<Desk>> {
    let (slug, zone) = (who.scope().slug.clone(), who.scope().zone.clone());
    let question = asked.q.clone().unwrap_or_default().trim().to_owned();
    let (q, is_first) = (Some(question.clone()).filter(|text| !text.is_empty()), asked.cursor.is_none());
    // A search finds what is done too.
    let shelf = if q.is_some() { asked.mine } else { asked.mine.or(Some(Mine::Left)) };
    let list = ListReviewing { mine: shelf, q, ..asked };
    let found = actions::show(&app, who.clone()).await?;
    let page = reviews::actions::list(&app, who.clone(), list).await?;
    let next = reviews::actions::next(&app, who).await?.map(|next| next.proposal.reference);
    let more = page.next.map(|cursor| {
        let pairs = [("mine", shelf.map_or("", Mine::as_str)), ("q", question.as_str()), ("cursor", cursor.as_str())];
        address(&format!("/{slug}/review"), pairs)
    });
    let given = found.histogram.clone();
    let progress = Progress::from(found);
    Ok(Page::new(Desk {
        slug,
        zone,
        rules: rules(&progress),
        next,
        rows: page.items.into_iter().map(|shown| split(shown.into()).0).collect(),
        shelf,
        question,
        more,
        is_first,
        histograms: histograms(&progress.criteria, &given),
        progress,
    }))
}
