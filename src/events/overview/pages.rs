//! The first page of organizers: what to do next, and where the event stands.

use super::{
    actions,
    model::{Kind, Overview},
};
use crate::{
    access::{Besides, ProposalReader},
    app::Callboard,
    calls::{gaps, model::CallState},
    decisions::publications::{self, model::PublicationState},
    error::Result,
    http::pages::{
        Page, Screen,
        charts::{Bar, Bars, Columns},
        filters,
        language::t,
    },
    mail::{self, MailState},
};
use askama::Template;

/// How many mails need somebody to look at them.
#[derive(Default)]
pub struct Post {
    failed: i64,
    ambiguous: i64,
    held: i64,
    /// The publication that can still be stopped.
    waiting: Option<String>,
}

#[derive(Template)]
#[template(path = "choose/overview.html")]
pub struct OverviewPage {
    slug: String,
    name: String,
    visible: bool,
    manages: bool,
    decides: bool,
    overview: Overview,
    post: Option<Post>,
    arrivals: Columns,
    charts: Vec<Bars>,
}

impl Screen for OverviewPage {
    fn title(&self) -> String {
        t("Overview").into_owned()
    }
}

impl OverviewPage {
    fn is_open(&self) -> bool {
        self.overview.state == CallState::Open
    }

    fn is_over(&self) -> bool {
        self.overview.state == CallState::Closed
    }

    fn has_no_deadline(&self) -> bool {
        self.overview.state == CallState::NotSet
    }

    /// Whether no line of the list asks for anything.
    fn is_done(&self) -> bool {
        let figures = &self.overview.figures;
        let post = self.post.as_ref().is_some_and(|post| post.failed + post.ambiguous > 0 || post.waiting.is_some());
        let choosing = self.is_over() && (figures.undecided > 0 || figures.unreviewed > 0);
        let telling = figures.untold > 0 || figures.long_unconfirmed > 0;
        self.is_over() && self.visible && !post && !choosing && !telling
    }
}

async fn post(app: &Callboard, besides: &Besides) -> Result<Option<Post>> {
    let Some(who) = &besides.event_reader else { return Ok(None) };
    let states = mail::actions::summary(app, who.clone()).await?.states;
    let count = |wanted| states.iter().filter(|(state, _)| *state == wanted).map(|(_, count)| count).sum();
    let all = publications::actions::list_folded(app, who.clone()).await?;
    let waiting = all.into_iter().find(|publication| publication.state == PublicationState::Waiting);
    Ok(Some(Post {
        failed: count(MailState::Failed),
        ambiguous: count(MailState::Ambiguous),
        held: count(MailState::Held),
        waiting: waiting.map(|publication| publication.code),
    }))
}

fn chart(id: &str, title: &str, kind: &'static str, kinds: &[Kind]) -> Bars {
    let bar = |(name, all, accepted): &Kind| Bar { label: name.clone(), value: *all, part: Some(*accepted) };
    Bars {
        id: id.into(),
        title: title.into(),
        kind,
        value: "Submitted",
        part: Some("Accepted"),
        bars: kinds.iter().map(bar).collect(),
        of_people: false,
    }
}

async fn charts(app: &Callboard, who: &ProposalReader, overview: &Overview) -> Result<Vec<Bars>> {
    let mut charts = vec![
        chart("by-track", "Proposals by track", "Track", &overview.tracks),
        chart("by-format", "Proposals by format", "Format", &overview.formats),
    ];
    let gaps = gaps::views::GapsView::from(gaps::actions::show_all(app, who.clone()).await?);
    for category in gaps.categories {
        let bar = |gap: gaps::views::Gap| Bar { label: gap.name, value: gap.proposals, part: None };
        charts.push(Bars {
            id: format!("by-{}", category.code),
            title: category.name,
            kind: "Choice",
            value: "Submitted",
            part: None,
            bars: category.choices.into_iter().map(bar).collect(),
            of_people: true,
        });
    }
    charts.retain(|chart| chart.bars.len() > 1);
    Ok(charts)
}

pub async fn show(who: ProposalReader, (app, besides): (Callboard, Besides)) -> Result<Page<OverviewPage>> {
    let overview = actions::show(&app, who.clone()).await?;
    let charts = charts(&app, &who, &overview).await?;
    let arrivals = Columns {
        id: "arrivals",
        title: "Submitted over time",
        kind: if overview.arrivals.days > 1 { "From this day on" } else { "Day" },
        value: "Submitted",
        columns: overview.arrivals.columns.clone(),
        mark: overview.arrivals.deadline.map(|at| ("Deadline", at)),
    };
    let scope = who.scope();
    Ok(Page::new(OverviewPage {
        slug: scope.slug.clone(),
        name: scope.name.clone(),
        visible: scope.visible,
        manages: besides.organizer.is_some(),
        decides: besides.decider.is_some(),
        post: post(&app, &besides).await?,
        overview,
        arrivals,
        charts,
    }))
}
