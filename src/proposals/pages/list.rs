//! The pages that list what one has proposed.

use super::standing::Own;
use crate::{
    access::{SignedIn, Speaker},
    app::Callboard,
    calls::{self, model::CallState, views::ForPublic},
    error::Result,
    http::pages::{Page, Screen, filters, language::t},
    proposals::actions::{self, Mine},
};
use askama::Template;

/// What somebody has proposed to one event.
pub struct InEvent {
    pub slug: String,
    pub name: String,
    pub proposals: Vec<Own>,
}

#[derive(Template)]
#[template(path = "speaker/me.html")]
pub struct MePage {
    events: Vec<InEvent>,
    /// How many wait for me.
    waiting: usize,
}

impl Screen for MePage {
    fn title(&self) -> String {
        t("My proposals").into_owned()
    }
}

#[derive(Template)]
#[template(path = "speaker/mine.html")]
pub struct MinePage {
    slug: String,
    zone: String,
    call: ForPublic,
    proposals: Vec<Own>,
}

impl Screen for MinePage {
    fn title(&self) -> String {
        t("My proposals").into_owned()
    }
}

/// The event with the most to do first, then the latest; in each what waits for me first.
fn grouped(app: &Callboard, all: Vec<Mine>) -> Vec<InEvent> {
    let now = app.clock.now();
    let mut events: Vec<InEvent> = vec![];
    for own in all.into_iter().map(|mine| Own::of(mine, now)) {
        match events.iter_mut().find(|event| event.slug == own.view.event) {
            Some(event) => event.proposals.push(own),
            None => events.push(InEvent {
                slug: own.view.event.clone(),
                name: own.event_name.clone(),
                proposals: vec![own],
            }),
        }
    }
    for event in &mut events {
        sort(&mut event.proposals);
    }
    events.sort_by_key(|event| std::cmp::Reverse(latest(event)));
    events
}

fn latest(event: &InEvent) -> (bool, Option<crate::db::types::Ts>) {
    let waits = event.proposals.iter().any(|own| own.standing().waits_for_me());
    (waits, event.proposals.iter().map(|own| own.view.updated_at).max())
}

fn sort(proposals: &mut [Own]) {
    proposals.sort_by_key(|own| (!own.standing().waits_for_me(), !own.is_alive()));
}

pub async fn everywhere(who: SignedIn, (app,): (Callboard,)) -> Result<Page<MePage>> {
    let events = grouped(&app, actions::mine_everywhere(&app, who).await?);
    let waits = |event: &InEvent| event.proposals.iter().filter(|own| own.standing().waits_for_me()).count();
    let waiting = events.iter().map(waits).sum();
    Ok(Page::new(MePage { events, waiting }))
}

pub async fn here(who: Speaker, (app,): (Callboard,)) -> Result<Page<MinePage>> {
    let call = calls::actions::show_call(&app, who.as_anyone()).await?.into();
    let (slug, zone) = (who.scope().slug.clone(), who.scope().zone.clone());
    let now = app.clock.now();
    let mine = actions::mine_here(&app, who).await?;
    let mut proposals: Vec<Own> = mine.into_iter().map(|mine| Own::of(mine, now)).collect();
    sort(&mut proposals);
    Ok(Page::new(MinePage { slug, zone, call, proposals }))
}
