//! The ranking in a browser: raw and calibrated side by side, how sure that is, and a line that can be moved.

use super::{
    actions,
    model::{Ask, NewRanking},
    views::{KeptView, RankedView, RankingView, ReplayView},
};
use crate::{
    access::{Besides, Organizer, ProposalReader},
    app::Callboard,
    calls::parts,
    error::Result,
    http::{
        input::{Query, blank},
        once::Once,
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, address, charts::Interval, filters, language::t},
    },
    proposals::organize::pages::badges,
};
use askama::Template;
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// How many stand on one page.
const PAGE: usize = 100;
/// So many standard deviations to each side hold 95 of 100 cases.
const SURE: f64 = 1.96;

#[derive(Clone, Debug, Default, Deserialize, ToSchema, Validate)]
#[schema(as = ranking::Look)]
pub struct Look {
    /// How many proposals have room.
    #[validate(range(min = 1, max = 10_000))]
    pub line: Option<u32>,
    #[serde(default, deserialize_with = "blank")]
    #[validate(length(max = 10, message = "is not the code of a track"))]
    pub track: Option<String>,
    /// Which ranking that was kept; the one of now otherwise.
    #[serde(default, deserialize_with = "blank")]
    #[validate(length(max = 20, message = "is not the code of a ranking"))]
    pub kept: Option<String>,
    /// How many to leave out before the first that is shown.
    #[validate(range(max = 1_000_000))]
    pub from: Option<u32>,
    /// How many to show.
    #[validate(range(min = 1, max = 200))]
    pub limit: Option<u32>,
}

impl Look {
    fn address(&self, slug: &str, from: usize) -> String {
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let from = if from > 0 { from.to_string() } else { String::new() };
        let pairs = [
            ("line", number(self.line)),
            ("track", self.track.clone().unwrap_or_default()),
            ("kept", self.kept.clone().unwrap_or_default()),
            ("limit", number(self.limit)),
            ("from", from),
        ];
        address(&format!("/{slug}/organize/ranking"), pairs)
    }
}

/// A ranked proposal with its picture.
pub struct Row {
    item: RankedView,
    /// Its place, from 1 on, whatever its rank.
    place: usize,
    picture: Interval,
}

#[derive(Template)]
#[template(path = "choose/ranking.html")]
pub struct RankingPage {
    slug: String,
    look: Look,
    form: FormState,
    button: FormState,
    tracks: Vec<(String, String)>,
    ranking: RankingView,
    rows: Vec<Row>,
    from: usize,
    limit: usize,
    total: usize,
    line: usize,
    close: usize,
    decides: bool,
    /// The one that is shown, unless it is the one of now; and all of them.
    kept: Option<KeptView>,
    all_kept: Vec<KeptView>,
    keeping: Option<FormState>,
    zone: String,
}

impl Screen for RankingPage {
    fn title(&self) -> String {
        t("Ranking").into_owned()
    }
}

impl RankingPage {
    fn has_line(&self) -> bool {
        self.look.line.is_some() && self.total > 0
    }

    /// Whether the line is drawn above this one.
    pub fn is_first_below(&self, place: &usize) -> bool {
        self.has_line() && *place == self.line + 1
    }

    fn codes(&self, above: bool) -> String {
        let (first, rest) = self.ranking.items.split_at(self.line.min(self.total));
        let those = if above { first } else { rest };
        those.iter().map(|item| item.proposal.code.as_str()).collect::<Vec<_>>().join("\n")
    }

    fn above(&self) -> usize {
        self.line.min(self.total)
    }

    fn below(&self) -> usize {
        self.total - self.above()
    }

    fn here(&self) -> String {
        self.look.address(&self.slug, self.from)
    }

    fn earlier(&self) -> Option<String> {
        let before = self.from.checked_sub(1)?;
        Some(self.look.address(&self.slug, (before + 1).saturating_sub(self.limit)))
    }

    fn later(&self) -> Option<String> {
        let next = self.from + self.limit;
        (next < self.total).then(|| self.look.address(&self.slug, next))
    }

    /// The page that the line is on, where it is another one.
    fn page_of_line(&self) -> Option<String> {
        let place = self.line.min(self.total).checked_sub(1)?;
        let shown = self.from..self.from + self.limit;
        let begin = place - place % self.limit;
        (self.has_line() && !shown.contains(&place)).then(|| self.look.address(&self.slug, begin))
    }

    /// What a ranking was kept as.
    pub fn kept_as(&self, kept: &KeptView) -> String {
        kept.name.clone().unwrap_or_else(|| t("For a publication").into_owned())
    }

    /// Where a ranking is that was kept.
    pub fn kept_at(&self, kept: &KeptView) -> String {
        Look { kept: Some(kept.id.clone()), ..Look::default() }.address(&self.slug, 0)
    }

    fn last(&self) -> usize {
        (self.from + self.limit).min(self.total)
    }
}

/// The lowest and highest that a score can be.
fn scale(ranking: &RankingView) -> (f64, f64) {
    let whole = |number: i64| i32::try_from(number).map_or(0.0, f64::from);
    let lowest = ranking.criteria.iter().map(|criterion| whole(criterion.lowest)).reduce(f64::min);
    let highest = ranking.criteria.iter().map(|criterion| whole(criterion.highest)).reduce(f64::max);
    (lowest.unwrap_or(0.0), highest.unwrap_or(1.0))
}

fn take_rows(ranking: &RankingView, from: usize, limit: usize) -> Vec<Row> {
    let (lowest, highest) = scale(ranking);
    let mark = ranking.line;
    let row = |(before, item): (usize, RankedView)| {
        let around = item.deviation.map(|deviation| deviation * SURE);
        let picture = Interval { at: item.score, around, lowest, highest, mark };
        Row { item, place: before + 1, picture }
    };
    let shown: Vec<RankedView> = ranking.items.iter().skip(from).take(limit).cloned().collect();
    (from..).zip(shown).map(row).collect()
}

async fn page(
    app: &Callboard,
    (who, besides): (ProposalReader, &Besides),
    look: Look,
    keeping: Option<FormState>,
) -> Result<RankingPage> {
    let ask = Ask { cut: look.line, track: look.track.clone() };
    let (kept, ranking) = match &look.kept {
        Some(kept) => {
            let replay = ReplayView::from(actions::replay(app, who.clone(), kept.clone(), ask).await?);
            (Some(replay.kept), replay.ranking)
        }
        None => (None, RankingView::from(actions::show(app, who.clone(), ask).await?)),
    };
    let look = Look { line: look.line.or(ranking.parameters.cut), ..look };
    let tracks = parts::actions::list_tracks(app, who.clone()).await?;
    let number = |number: Option<u32>| number.and_then(|number| usize::try_from(number).ok());
    let (from, limit) = (number(look.from).unwrap_or(0), number(look.limit).unwrap_or(PAGE));
    let line = number(look.line).unwrap_or(0);
    let mut form = FormState::default().with("track", look.track.clone().unwrap_or_default());
    let mut keeping = keeping.or_else(|| besides.organizer.as_ref().map(|_| FormState::new(app)));
    if let Some(line) = look.line {
        form = form.with("line", line.to_string());
        keeping = keeping.map(|form| form.with("cut", line.to_string()));
    }
    Ok(RankingPage {
        slug: who.scope().slug.clone(),
        zone: who.scope().zone.clone(),
        form,
        button: FormState::new(app),
        tracks: tracks.into_iter().map(|track| (track.code, track.name)).collect(),
        rows: take_rows(&ranking, from, limit),
        close: ranking.items.iter().filter(|item| item.too_close == Some(true)).count(),
        total: ranking.items.len(),
        from: from.min(ranking.items.len()),
        limit,
        line,
        // What was true then is no ground to decide now.
        decides: besides.may_decide() && kept.is_none(),
        all_kept: actions::list(app, who).await?.into_iter().map(KeptView::from).collect(),
        kept,
        keeping,
        ranking,
        look,
    })
}

pub async fn show(
    who: ProposalReader,
    (app, Query(look), besides): (Callboard, Query<Look>, Besides),
) -> Result<Page<RankingPage>> {
    Ok(Page::new(page(&app, (who, &besides), look, None).await?))
}

pub async fn keep(
    who: Organizer,
    (app, form, once, besides): (Callboard, Form<NewRanking>, Once, Besides),
) -> Result<Outcome<RankingPage>> {
    let Form { sent, input } = form;
    let slug = who.scope().slug.clone();
    let done = match input {
        Ok(input) => {
            let look = Look { line: input.cut, ..Look::default() };
            let there = look.address(&slug, 0);
            let go = once.then(move |_| SeeOther::to(there).saying("The ranking is kept as it is now."));
            actions::keep(&app, who, input, go).await
        }
        Err(errors) => Err(errors.into()),
    };
    match (done, &besides.proposal_reader) {
        (Ok(go), _) => Ok(go.into()),
        (Err(error), None) => Err(error),
        (Err(error), Some(reader)) => {
            let line = sent.get("cut").parse().ok();
            let look = Look { line, ..Look::default() };
            let again = async |form| page(&app, (reader.clone(), &besides), look, Some(form)).await;
            sent.again(error, again).await
        }
    }
}
