//! Bidding in a browser: the whole list on one page, each bid one touch.

use super::{
    actions,
    inputs::{Expertise, PlaceBids},
    model::Bid,
};
use crate::{
    access::Reviewer,
    app::Callboard,
    error::Result,
    http::{
        input::{Page as Asked, Query},
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters, language::t},
    },
    reviews::{
        self,
        queue_model::ListReviewing,
        views::{Blind, split},
    },
};
use askama::Template;
use std::collections::HashMap;

struct Row {
    proposal: Blind,
    bid: Bid,
    expertise: Expertise,
}

#[derive(Template)]
#[template(path = "review/bids.html")]
pub struct Bids {
    slug: String,
    rows: Vec<Row>,
    form: FormState,
    cursor: String,
    next: Option<String>,
    /// How many have a bid.
    placed: usize,
}

impl Screen for Bids {
    fn title(&self) -> String {
        t("What would you like to review?").into_owned()
    }
}

impl Bids {
    /// Each bid and what it is called, the gladdest first.
    fn bids() -> [(Bid, &'static str); 4] {
        [(Bid::Want, "I want to"), (Bid::Can, "I can"), (Bid::RatherNot, "Rather not"), (Bid::Unknown, "No bid")]
    }

    fn expertises() -> [(Expertise, &'static str); 3] {
        [(Expertise::None, "New to me"), (Expertise::Some, "I know some"), (Expertise::Expert, "My field")]
    }
}

async fn page(app: &Callboard, who: &Reviewer, cursor: Option<String>, form: FormState) -> Result<Bids> {
    let asked = ListReviewing { cursor: cursor.clone(), ..ListReviewing::default() };
    let page = reviews::actions::list(app, who.clone(), asked).await?;
    let placed = actions::list_bids(app, who.clone()).await?;
    let count = placed.iter().filter(|placed| placed.bid != Bid::Unknown).count();
    let mut said: HashMap<String, (Bid, Expertise)> =
        placed.into_iter().map(|placed| (placed.reference, (placed.bid, placed.expertise))).collect();
    let row = |shown: reviews::actions::Shown| {
        let (bid, expertise) = said.remove(&shown.proposal.reference).unwrap_or_default();
        Row { proposal: split(shown.into()).0, bid, expertise }
    };
    Ok(Bids {
        slug: who.scope().slug.clone(),
        rows: page.items.into_iter().map(row).collect(),
        form,
        cursor: cursor.unwrap_or_default(),
        next: page.next,
        placed: count,
    })
}

pub async fn bids(who: Reviewer, (app, Query(asked)): (Callboard, Query<Asked>)) -> Result<Page<Bids>> {
    Ok(Page::new(page(&app, &who, asked.cursor, FormState::default()).await?))
}

pub async fn place_bids(who: Reviewer, (app, form): (Callboard, Form<PlaceBids>)) -> Result<Outcome<Bids>> {
    let Form { sent, input } = form;
    let given = |name: &str| Some(sent.get(name).to_owned()).filter(|text| !text.is_empty());
    let (cursor, next) = (given("_cursor"), given("_next_page"));
    let placed = match input {
        Ok(input) => actions::place_bids(&app, who.clone(), input).await,
        Err(errors) => Err(errors.into()),
    };
    match placed {
        Ok(_) => {
            let base = format!("/{}/review/bids", who.scope().slug);
            let to = next.map_or_else(|| base.clone(), |next| format!("{base}?cursor={next}"));
            Ok(SeeOther::to(to).saying("Your bids are saved.").into())
        }
        Err(error) => sent.again(error, async |form| page(&app, &who, cursor, form).await).await,
    }
}
