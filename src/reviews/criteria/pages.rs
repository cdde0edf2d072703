//! How the committee reviews: by which criteria, and from when on what it may do and see.

use super::{
    actions,
    model::{EditCriterion, NewCriterion},
    views::Criterion,
};
use crate::{
    access::Organizer,
    accounts::links::model::ButtonForm,
    app::Callboard,
    calls,
    error::{Error, Result},
    http::{
        input::CodePath,
        once::{IfMatch, Once},
        pages::{Form, FormState, Outcome, Page, Screen, SeeOther, filters, language::t},
    },
    reviews::phases::{self, model::around, views::PhaseView},
};
use askama::Template;

/// A track by its code and name.
pub type Track = (String, String);

/// Forms that come back because something in them is wrong.
#[derive(Default)]
pub struct Forms {
    pub criterion: Option<FormState>,
    pub phase: Option<FormState>,
}

#[derive(Template)]
#[template(path = "review/reviewing.html")]
pub struct Reviewing {
    slug: String,
    zone: String,
    blind: bool,
    criteria: Vec<Criterion>,
    tracks: Vec<Track>,
    phases: Vec<PhaseView>,
    /// The code of the phase that holds now.
    now: Option<String>,
    criterion: FormState,
    phase: FormState,
}

impl Screen for Reviewing {
    fn title(&self) -> String {
        t("Reviewing").into_owned()
    }
}

impl Reviewing {
    fn is_now(&self, phase: &PhaseView) -> bool {
        self.now.as_ref() == Some(&phase.code)
    }

    /// The names of the tracks that a criterion is for.
    fn names(&self, codes: &[String]) -> Vec<String> {
        self.tracks.iter().filter(|(code, _)| codes.contains(code)).map(|(_, name)| name.clone()).collect()
    }
}

pub fn path(who: &Organizer) -> String {
    format!("/{}/organize/reviewing", who.scope().slug)
}

async fn tracks(app: &Callboard, who: &Organizer) -> Result<Vec<Track>> {
    let tracks = calls::parts::actions::list_tracks(app, who.clone()).await?;
    Ok(tracks.into_iter().map(|track| (track.code, track.name)).collect())
}

/// The page, with what was typed where a form comes back.
///
/// # Errors
/// `Busy`.
pub async fn page(app: &Callboard, who: &Organizer, forms: Forms) -> Result<Reviewing> {
    let criteria = actions::list(app, who.clone()).await?;
    let phases = phases::actions::list(app, who.clone()).await?;
    let now = around(&phases, app.clock.now()).0.map(|phase| phase.code.clone());
    let usual = || {
        let form = FormState::new(app).with("weight", "1").with("lowest", "1").with("highest", "5");
        form.with("required", "true")
    };
    let phase = || {
        let form = FormState::new(app).with("scoring", "true").with("sees", "all");
        form.with("reviews", "after_own").with("deciding", "true")
    };
    Ok(Reviewing {
        slug: who.scope().slug.clone(),
        zone: who.scope().zone.clone(),
        blind: who.scope().blind,
        criteria: criteria.into_iter().map(Into::into).collect(),
        tracks: tracks(app, who).await?,
        phases: phases.into_iter().map(PhaseView::from).collect(),
        now,
        criterion: forms.criterion.unwrap_or_else(usual),
        phase: forms.phase.unwrap_or_else(phase).scoped("phase"),
    })
}

pub async fn show(who: Organizer, (app,): (Callboard,)) -> Result<Page<Reviewing>> {
    Ok(Page::new(page(&app, &who, Forms::default()).await?))
}

pub async fn add(
    who: Organizer,
    (app, form, once): (Callboard, Form<NewCriterion>, Once),
) -> Result<Outcome<Reviewing>> {
    let Form { sent, input } = form;
    let to = path(&who);
    let said = once.then(|_| SeeOther::to(to).saying("The criterion is added."));
    let added = match input {
        Ok(input) => {
            // With none ticked it is for all.
            let tracks = input.tracks.clone().filter(|tracks| !tracks.is_empty());
            actions::add(&app, who.clone(), NewCriterion { tracks, ..input }, said).await
        }
        Err(errors) => Err(errors.into()),
    };
    match added {
        Ok(go) => Ok(go.into()),
        Err(error) => {
            let forms = |form| Forms { criterion: Some(form), ..Forms::default() };
            sent.again(error, async |form| page(&app, &who, forms(form)).await).await
        }
    }
}

#[derive(Template)]
#[template(path = "review/criterion.html")]
pub struct OneCriterion {
    slug: String,
    criterion: Criterion,
    tracks: Vec<Track>,
    form: FormState,
    /// Why it cannot be removed.
    refused: String,
}

impl Screen for OneCriterion {
    fn title(&self) -> String {
        self.criterion.name.clone()
    }
}

async fn one(app: &Callboard, who: &Organizer, code: &str, form: Option<FormState>) -> Result<OneCriterion> {
    let criteria = actions::list(app, who.clone()).await?;
    let criterion = criteria.into_iter().find(|criterion| criterion.code == code).ok_or_else(Error::not_found)?;
    let criterion = Criterion::from(criterion);
    let form = match form {
        Some(form) if form.is_stale() => form.version(criterion.version),
        Some(form) => form,
        None => FormState::of(&criterion)?.version(criterion.version),
    };
    Ok(OneCriterion {
        slug: who.scope().slug.clone(),
        tracks: tracks(app, who).await?,
        criterion,
        form,
        refused: String::new(),
    })
}

pub async fn show_one(who: Organizer, (app, code): (Callboard, CodePath)) -> Result<Page<OneCriterion>> {
    Ok(Page::new(one(&app, &who, &code, None).await?))
}

pub async fn edit(
    who: Organizer,
    (app, code, form, version): (Callboard, CodePath, Form<EditCriterion>, IfMatch),
) -> Result<Outcome<OneCriterion>> {
    let Form { sent, input } = form;
    let edited = match input {
        Ok(input) => {
            let tracks = input.tracks.clone().map(|tracks| tracks.filter(|tracks| !tracks.is_empty()));
            let input = EditCriterion { tracks, ..input };
            actions::edit(&app, who.clone(), code.0.clone(), input, version).await
        }
        Err(errors) => Err(errors.into()),
    };
    match edited {
        Ok(_) => Ok(SeeOther::to(path(&who)).saying("The criterion is changed.").into()),
        Err(error) => sent.again(error, async |form| one(&app, &who, &code, Some(form)).await).await,
    }
}

pub async fn remove(
    who: Organizer,
    (app, code, form, version): (Callboard, CodePath, Form<ButtonForm>, IfMatch),
) -> Result<Outcome<OneCriterion>> {
    match actions::remove(&app, who.clone(), code.0.clone(), version).await {
        Ok(()) => Ok(SeeOther::to(path(&who)).saying("The criterion is removed.").into()),
        Err(error) => {
            let page = async |wrong: FormState| {
                let page = one(&app, &who, &code, None).await?;
                Ok(OneCriterion { refused: wrong.problem().to_owned(), ..page })
            };
            form.sent.again(error, page).await
        }
    }
}
