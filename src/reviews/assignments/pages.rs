//! Who shall review what, for organizers and chairs: the load of each reviewer, assigning by hand and from CSV.

use super::{
    actions,
    model::{AssignCsv, AssignOne, Assignment, Filter, Load, Obstacle, Outcome as Judged},
    views::AssignmentView,
};
use crate::{
    access::Decider,
    accounts::links::model::ButtonForm,
    app::Callboard,
    error::Result,
    http::{
        input::{IdPath, Query},
        once::Once,
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters, language::t, upload::Upload},
        reply::List,
    },
    once::model::AsIs,
};
use askama::Template;

/// The width of the longest bar.
const WIDTH: usize = 200;

/// What somebody has to review, with a bar of it.
struct LoadRow {
    load: Load,
    width: usize,
    done_width: usize,
}

/// What a row of CSV would do.
struct Line {
    place: String,
    names: Option<(String, String)>,
    is_new: bool,
    problem: Option<&'static str>,
}

/// Forms that come back, because something is wrong or for a second look.
#[derive(Default)]
struct Forms {
    one: Option<FormState>,
    csv: Option<FormState>,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "review/assignments.html")]
pub struct Assignments {
    slug: String,
    zone: String,
    loads: Vec<LoadRow>,
    rows: Vec<(AssignmentView, String)>,
    next: Option<String>,
    is_first: bool,
    /// The name of the reviewer that the list is about.
    of: Option<String>,
    of_code: String,
    /// How many reviewers do not see yet.
    unreleased: usize,
    reviewers: Vec<(String, String)>,
    one: FormState,
    csv: FormState,
    lines: Vec<Line>,
}

impl Screen for Assignments {
    fn title(&self) -> String {
        t("Assignments").into_owned()
    }
}

impl Assignments {
    fn new_lines(&self) -> usize {
        self.lines.iter().filter(|line| line.is_new).count()
    }

    fn wrong_lines(&self) -> usize {
        self.lines.iter().filter(|line| line.problem.is_some()).count()
    }
}

fn load_rows(loads: Vec<Load>) -> Vec<LoadRow> {
    let most = loads.iter().map(|load| load.assigned).max().unwrap_or(0).max(1);
    let row = |load: Load| {
        let (width, done_width) = (load.assigned * WIDTH / most, load.done * WIDTH / most);
        LoadRow { load, width, done_width }
    };
    loads.into_iter().map(row).collect()
}

pub fn path(who: &Decider) -> String {
    format!("/{}/organize/assignments", who.scope().slug)
}

async fn page(app: &Callboard, who: &Decider, filter: Filter, forms: Forms) -> Result<Assignments> {
    let (limit, is_first) = (i64::from(filter.limit.unwrap_or(50)), filter.cursor.is_none());
    let of_code = filter.reviewer.clone().unwrap_or_default();
    let found = actions::list(app, who.clone(), filter).await?;
    let view = |assignment: Assignment| {
        let title = assignment.title.clone();
        (AssignmentView::from(assignment), title)
    };
    let list = List::page(found, limit, Assignment::place, view);
    let loads = actions::loads(app, who.clone()).await?;
    Ok(Assignments {
        slug: who.scope().slug.clone(),
        zone: who.scope().zone.clone(),
        rows: list.items,
        next: list.next,
        is_first,
        of: loads.iter().find(|load| load.code == of_code).map(|load| load.name.clone()),
        of_code,
        unreleased: loads.iter().map(|load| load.unreleased).sum(),
        reviewers: loads.iter().map(|load| (load.code.clone(), load.name.clone())).collect(),
        loads: load_rows(loads),
        one: forms.one.unwrap_or_else(|| FormState::new(app)),
        csv: forms.csv.unwrap_or_else(|| FormState::new(app)),
        lines: forms.lines,
    })
}

pub async fn show(who: Decider, (app, Query(filter)): (Callboard, Query<Filter>)) -> Result<Page<Assignments>> {
    Ok(Page::new(page(&app, &who, filter, Forms::default()).await?))
}

pub async fn assign_one(
    who: Decider,
    (app, form, once): (Callboard, Form<AssignOne>, Once),
) -> Result<Outcome<Assignments>> {
    let Form { sent, input } = form;
    let to = path(&who);
    let said = once.then(|_| SeeOther::to(to).saying("Assigned. The reviewers see it at once."));
    let assigned = match input {
        Ok(input) => actions::assign(&app, who.clone(), input.into(), said).await,
        Err(errors) => Err(errors.into()),
    };
    match assigned {
        Ok(go) => Ok(go.into()),
        Err(error) => {
            let forms = |form| Forms { one: Some(form), ..Forms::default() };
            sent.again(error, async |form| page(&app, &who, Filter::default(), forms(form)).await).await
        }
    }
}

fn line(judged: Judged) -> Line {
    let place = judged.wanted.place;
    match judged.found {
        Ok(found) => {
            Line { place, names: Some((found.proposal.1, found.reviewer.1)), is_new: found.is_new, problem: None }
        }
        Err(obstacle) => Line { place, names: None, is_new: false, problem: Some(Obstacle::message(obstacle)) },
    }
}

/// Checks the rows and shows what each would do, or assigns all of them.
pub async fn assign_csv(
    who: Decider,
    (app, form, once): (Callboard, Upload<AssignCsv>, Once),
) -> Result<Outcome<Assignments>> {
    let Form { sent, input } = form.pasted("csv");
    let to = path(&who);
    let csv = |form| Forms { csv: Some(form), ..Forms::default() };
    let error = match input {
        Ok(input) if input.dry_run => {
            let kept = FormState::new(&app).with("csv", input.csv.clone());
            match actions::assign_csv(&app, who.clone(), input, AsIs).await {
                Ok(judged) => {
                    let lines = judged.into_iter().map(line).collect();
                    let page = page(&app, &who, Filter::default(), Forms { lines, ..csv(kept) }).await?;
                    return Ok(Outcome::Page(Page::new(page)));
                }
                Err(error) => error,
            }
        }
        Ok(input) => {
            let said = once.then(|_| SeeOther::to(to).saying("Assigned. The reviewers see it at once."));
            match actions::assign_csv(&app, who.clone(), input, said).await {
                Ok(go) => return Ok(go.into()),
                Err(error) => error,
            }
        }
        Err(errors) => errors.into(),
    };
    sent.again(error, async |form| page(&app, &who, Filter::default(), csv(form)).await).await
}

pub async fn remove(who: Decider, (app, id, _): (Callboard, IdPath, Form<ButtonForm>)) -> Result<SeeOther> {
    let to = path(&who);
    actions::remove(&app, who, id.0).await?;
    Ok(SeeOther::to(to).saying("The assignment is taken away."))
}
