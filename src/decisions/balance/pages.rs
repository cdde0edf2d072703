//! The balance in a browser. Who speaks is folded until somebody asks.

use super::{
    actions,
    model::{Balance, Named},
};
use crate::{
    access::ProposalReader,
    app::Callboard,
    error::Result,
    http::{
        input::Query,
        pages::{
            Page, Screen,
            charts::{Bar, Bars},
            filters,
            language::t,
        },
    },
    proposals::organize::pages::one::Unfold,
};
use askama::Template;

/// How many affiliations are shown; the others have one proposal or two.
const MOST_HOMES: usize = 20;

#[derive(Template)]
#[template(path = "choose/balance.html")]
pub struct BalancePage {
    slug: String,
    names: bool,
    balance: Balance,
    charts: Vec<Bars>,
    homes: Option<Bars>,
}

impl Screen for BalancePage {
    fn title(&self) -> String {
        t("Balance").into_owned()
    }
}

fn chart(id: String, (title, of_people): (String, bool), kind: &'static str, named: &[Named]) -> Bars {
    let bar = |(name, count): &Named| Bar { label: name.clone(), value: count.submitted, part: Some(count.accepted) };
    let bars = named.iter().map(bar).collect();
    Bars { id, title, kind, value: "Submitted", part: Some("Accepted"), bars, of_people }
}

pub async fn show(who: ProposalReader, (app, Query(unfold)): (Callboard, Query<Unfold>)) -> Result<Page<BalancePage>> {
    let (slug, names) = (who.scope().slug.clone(), unfold.names == Some(true));
    let balance = if names { actions::show(&app, who).await? } else { actions::show_folded(&app, who).await? };
    let mut charts = vec![
        chart("tracks".into(), ("Tracks".into(), false), "Track", &balance.tracks),
        chart("formats".into(), ("Formats".into(), false), "Format", &balance.formats),
    ];
    for (code, name, choices) in &balance.categories {
        charts.push(chart(format!("of-{code}"), (name.clone(), true), "Choice", choices));
    }
    charts.retain(|chart| !chart.bars.is_empty());
    let shown = balance.affiliations.get(..MOST_HOMES).unwrap_or(&balance.affiliations);
    let homes = chart("homes".into(), ("Where speakers come from".into(), false), "Affiliation", shown);
    let homes = Some(homes).filter(|homes| !homes.bars.is_empty());
    Ok(Page::new(BalancePage { slug, names, balance, charts, homes }))
}
