//! Planning who reviews what in a browser: choose, look, then put into effect what was shown.

use crate::{
    access::Decider,
    accounts::links::model::ButtonForm,
    app::Callboard,
    assignment::{
        actions,
        inputs::MakePlan,
        model::MOST_EACH,
        views::{PlanView, PlannedPair, PlannedView},
    },
    error::Result,
    http::{
        once::{Answered, Once},
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters, language::t},
    },
    once::model::AsIs,
    reviews::assignments::{self, pages::path},
};
use askama::Template;
use std::collections::BTreeMap;

/// What one reviewer gets.
struct Share {
    name: String,
    new: usize,
    pairs: Vec<PlannedPair>,
}

struct Preview {
    version: String,
    plan: PlanView,
    shares: Vec<Share>,
}

#[derive(Template)]
#[template(path = "review/plan.html")]
pub struct PlanPage {
    slug: String,
    form: FormState,
    preview: Option<Preview>,
}

impl Screen for PlanPage {
    fn title(&self) -> String {
        t("Plan who reviews what").into_owned()
    }
}

impl PlanPage {
    /// The fields that a plan is made by, to be sent again as they are.
    fn knobs() -> [&'static str; 7] {
        ["per_proposal", "at_least", "at_most", "balance", "keep", "fair", "seed"]
    }
}

fn usual(app: &Callboard) -> FormState {
    let form = FormState::new(app).with("per_proposal", "3").with("at_least", "0").with("balance", "50");
    form.with("keep", "100").with("fair", "true").with("seed", "1")
}

/// The plan as these fields make it now.
async fn preview(app: &Callboard, who: &Decider, input: MakePlan) -> Result<Preview> {
    let input = MakePlan { dry_run: true, with_task: false, version: None, ..input };
    let planned = actions::make_plan(app, who.clone(), input, AsIs).await?;
    let PlannedView { version, mut plan, .. } = PlannedView::of(true, false, &planned);
    let loads = assignments::actions::loads(app, who.clone()).await?;
    let mut shares: BTreeMap<String, Vec<PlannedPair>> = BTreeMap::new();
    for pair in plan.pairs.drain(..) {
        shares.entry(pair.reviewer.clone()).or_default().push(pair);
    }
    let share = |(code, pairs): (String, Vec<PlannedPair>)| {
        let name = loads.iter().find(|load| load.code == code).map_or(code, |load| load.name.clone());
        Share { name, new: pairs.iter().filter(|pair| pair.new).count(), pairs }
    };
    let mut shares: Vec<Share> = shares.into_iter().map(share).collect();
    shares.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Preview { version, plan, shares })
}

pub async fn show(who: Decider, (app,): (Callboard,)) -> Result<Page<PlanPage>> {
    Ok(Page::new(PlanPage { slug: who.scope().slug.clone(), form: usual(&app), preview: None }))
}

fn with_knobs(app: &Callboard, input: &MakePlan) -> FormState {
    let at_most = if input.at_most == MOST_EACH { String::new() } else { input.at_most.to_string() };
    let form = FormState::new(app).with("per_proposal", input.per_proposal.to_string()).with("at_most", at_most);
    let form = form.with("at_least", input.at_least.to_string()).with("balance", input.balance.to_string());
    let form = form.with("keep", input.keep.to_string()).with("fair", input.fair.to_string());
    form.with("seed", input.seed.to_string())
}

pub async fn look(who: Decider, (app, form): (Callboard, Form<MakePlan>)) -> Result<Outcome<PlanPage>> {
    let Form { sent, input } = form;
    let slug = who.scope().slug.clone();
    let made = match input {
        Ok(input) => {
            let form = with_knobs(&app, &input);
            preview(&app, &who, input).await.map(|preview| (form, preview))
        }
        Err(errors) => Err(errors.into()),
    };
    match made {
        Ok((form, preview)) => Ok(Outcome::Page(Page::new(PlanPage { slug, form, preview: Some(preview) }))),
        Err(error) => sent.again(error, async |form| Ok(PlanPage { slug, form, preview: None })).await,
    }
}

/// If something changed since the preview, the new plan is shown instead.
pub async fn apply(who: Decider, (app, form, once): (Callboard, Form<MakePlan>, Once)) -> Result<Outcome<PlanPage>> {
    let Form { sent, input } = form;
    let to = path(&who);
    let said =
        once.then(|_| SeeOther::to(to).saying("The plan is in effect. Release it when the reviewers shall see it."));
    let (applied, again) = match input {
        Ok(input) => {
            let input = MakePlan { dry_run: false, with_task: false, ..input };
            (actions::make_plan(&app, who.clone(), input.clone(), said).await, Some(input))
        }
        Err(errors) => (Err(errors.into()), None),
    };
    match applied {
        Ok(go) => Ok(go.into()),
        Err(error) => {
            let page = async |form| {
                let shown = match again {
                    Some(input) => Some(preview(&app, &who, input).await?),
                    None => None,
                };
                Ok(PlanPage { slug: who.scope().slug.clone(), form, preview: shown })
            };
            sent.again(error, page).await
        }
    }
}

pub async fn release(who: Decider, (app, _, once): (Callboard, Form<ButtonForm>, Once)) -> Result<Answered<SeeOther>> {
    let to = path(&who);
    let said = once.then(|_| SeeOther::to(to).saying("Released: the reviewers see what is assigned to them."));
    actions::release(&app, who, said).await
}
