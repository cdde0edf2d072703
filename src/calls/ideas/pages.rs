//! The page of title ideas, wanted numbers and milestones, and the one of a single idea.

use super::{
    actions,
    model::{EditIdea, NewIdea},
    views::IdeaForOrganizer,
};
use crate::{
    access::{Besides, Organizer, ProposalReader},
    accounts::links::model::ButtonForm,
    app::Callboard,
    calls::{
        self, categories,
        gaps::{self, views::GapsView},
        milestones::{
            self,
            model::{EditMilestone, NewMilestone},
            views::MilestoneForOrganizer,
        },
        model::EditCall,
        parts,
    },
    error::{Error, Result},
    http::{
        input::CodePath,
        once::{IfMatch, Once},
        pages::{
            Form, FormState, Outcome, Page, Screen, SeeOther, filters,
            language::t,
            several::{Returned, back},
        },
    },
};
use askama::Template;

struct MilestoneRow {
    milestone: MilestoneForOrganizer,
    form: FormState,
    open: bool,
}

#[derive(Template)]
#[template(path = "setup/ideas.html")]
pub struct IdeasPage {
    slug: String,
    gaps: GapsView,
    /// Whether everybody sees the numbers; none where whoever looks does not see the call's settings.
    gaps_public: Option<bool>,
    switch: FormState,
    milestones: Vec<MilestoneRow>,
    new_milestone: FormState,
    button: FormState,
    manages: bool,
}

impl Screen for IdeasPage {
    fn title(&self) -> String {
        t("Ideas and dates").into_owned()
    }
}

impl IdeasPage {
    /// The categories of which somebody wants a number.
    fn wanted(&self) -> Vec<&gaps::views::CategoryGaps> {
        let asks = |of: &&gaps::views::CategoryGaps| of.choices.iter().any(|choice| choice.wanted.is_some());
        self.gaps.categories.iter().filter(asks).collect()
    }
}

/// One idea: a new one without a code.
#[derive(Template)]
#[template(path = "setup/idea.html")]
pub struct IdeaPage {
    slug: String,
    now: Option<IdeaForOrganizer>,
    form: FormState,
    formats: Vec<(String, String)>,
    tracks: Vec<(String, String)>,
    choices: Vec<(String, String)>,
}

impl Screen for IdeaPage {
    fn title(&self) -> String {
        t(if self.now.is_some() { "Title idea" } else { "New title idea" }).into_owned()
    }
}

const NEW_MILESTONE: &str = "milestone";

fn row(milestone: MilestoneForOrganizer, returned: &Returned) -> Result<MilestoneRow> {
    let form = returned.form(&milestone.code, FormState::of(&milestone)?.version(milestone.version));
    let open = returned.is(&milestone.code);
    Ok(MilestoneRow { milestone, form, open })
}

async fn page(app: &Callboard, besides: &Besides, returned: Returned) -> Result<IdeasPage> {
    let reader = besides.to_read_proposals()?;
    let slug = reader.scope().slug.clone();
    let (mut gaps_public, mut switch) = (None, FormState::default());
    if let Some(reader) = besides.event_reader.clone() {
        let call = calls::actions::show_settings(app, reader).await?;
        gaps_public = Some(call.gaps_public);
        switch = FormState::default().version(call.version);
    }
    let list = milestones::actions::list(app, reader.clone()).await?.into_iter();
    Ok(IdeasPage {
        slug,
        gaps: gaps::actions::show_all(app, reader).await?.into(),
        gaps_public,
        switch,
        milestones: list.map(|milestone| row(milestone.into(), &returned)).collect::<Result<_>>()?,
        new_milestone: returned.form(NEW_MILESTONE, FormState::new(app)),
        button: returned.of_button(),
        manages: besides.manages(),
    })
}

async fn one(app: &Callboard, besides: &Besides, code: Option<&str>, returned: Returned) -> Result<IdeaPage> {
    let reader = besides.to_read_proposals()?;
    let slug = reader.scope().slug.clone();
    let formats = parts::actions::list_formats(app, reader.clone()).await?;
    let tracks = parts::actions::list_tracks(app, reader.clone()).await?;
    let categories = categories::actions::list(app, reader.clone()).await?;
    let (mut now, mut at_first) = (None, FormState::new(app));
    if let Some(code) = code {
        let found = actions::list(app, reader).await?.into_iter().find(|idea| idea.code == *code);
        let view = IdeaForOrganizer::from(found.ok_or_else(Error::not_found)?);
        at_first = FormState::of(&view)?.version(view.version);
        now = Some(view);
    }
    let named = |category: &categories::model::Category| {
        let name = category.name.clone();
        let choices = category.choices.iter();
        choices.map(|choice| (choice.code.clone(), format!("{name}: {}", choice.name))).collect::<Vec<_>>()
    };
    Ok(IdeaPage {
        slug,
        now,
        form: returned.form("", at_first),
        formats: formats.into_iter().map(|format| (format.code, format.name)).collect(),
        tracks: tracks.into_iter().map(|track| (track.code, track.name)).collect(),
        choices: categories.iter().flat_map(named).collect(),
    })
}

fn go(who: &Organizer, said: &str) -> SeeOther {
    back(who.scope(), "/ideas", said)
}

pub async fn show(_: ProposalReader, (app, besides): (Callboard, Besides)) -> Result<Page<IdeasPage>> {
    Ok(Page::new(page(&app, &besides, Returned::default()).await?))
}

pub async fn show_new(_: Organizer, (app, besides): (Callboard, Besides)) -> Result<Page<IdeaPage>> {
    Ok(Page::new(one(&app, &besides, None, Returned::default()).await?))
}

pub async fn show_one(_: Organizer, (app, code, besides): (Callboard, CodePath, Besides)) -> Result<Page<IdeaPage>> {
    Ok(Page::new(one(&app, &besides, Some(&code), Returned::default()).await?))
}

pub async fn add(
    who: Organizer,
    (app, Form { sent, input }, once, besides): (Callboard, Form<NewIdea>, Once, Besides),
) -> Result<Outcome<IdeaPage>> {
    let go = go(&who, "The idea is added.");
    let done = async { actions::add(&app, who.clone(), input?, once.then(|_| go)).await };
    match done.await {
        Ok(answer) => Ok(answer.into()),
        Err(error) => sent.again(error, async |form| one(&app, &besides, None, Returned::button(form)).await).await,
    }
}

pub async fn edit(
    who: Organizer,
    (app, code, Form { sent, input }, version, besides): (Callboard, CodePath, Form<EditIdea>, IfMatch, Besides),
) -> Result<Outcome<IdeaPage>> {
    let done = async { actions::edit(&app, who.clone(), code.0.clone(), input?, version).await };
    match done.await {
        Ok(_) => Ok(go(&who, "The idea is saved.").into()),
        Err(error) => {
            sent.again(error, async |form| one(&app, &besides, Some(&code), Returned::button(form)).await).await
        }
    }
}

pub async fn remove(
    who: Organizer,
    (app, code, Form { sent, .. }, version, besides): (Callboard, CodePath, Form<ButtonForm>, IfMatch, Besides),
) -> Result<Outcome<IdeasPage>> {
    match actions::remove(&app, who.clone(), code.0, version).await {
        Ok(()) => Ok(go(&who, "The idea is removed. Drafts that began with it stay.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::button(form)).await).await,
    }
}

/// Shows the numbers to everybody, or to the committee only.
pub async fn switch(
    who: Organizer,
    (app, Form { sent, input }, version, besides): (Callboard, Form<EditCall>, IfMatch, Besides),
) -> Result<Outcome<IdeasPage>> {
    let done = async { calls::actions::edit_call(&app, who.clone(), input?, version).await };
    match done.await {
        Ok(call) if call.gaps_public => Ok(go(&who, "Everybody sees the numbers now.").into()),
        Ok(_) => Ok(go(&who, "Only the committee sees the numbers now.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::button(form)).await).await,
    }
}

pub async fn add_milestone(
    who: Organizer,
    (app, Form { sent, input }, once, besides): (Callboard, Form<NewMilestone>, Once, Besides),
) -> Result<Outcome<IdeasPage>> {
    let go = go(&who, "The date is added.");
    let done = async { milestones::actions::add(&app, who.clone(), input?, once.then(|_| go)).await };
    match done.await {
        Ok(answer) => Ok(answer.into()),
        Err(error) => {
            sent.again(error, async |form| page(&app, &besides, Returned::one(NEW_MILESTONE, form)).await).await
        }
    }
}

pub async fn edit_milestone(
    who: Organizer,
    (app, code, Form { sent, input }, version, besides): (Callboard, CodePath, Form<EditMilestone>, IfMatch, Besides),
) -> Result<Outcome<IdeasPage>> {
    let done = async { milestones::actions::edit(&app, who.clone(), code.0.clone(), input?, version).await };
    match done.await {
        Ok(_) => Ok(go(&who, "The date is saved.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::one(code.0, form)).await).await,
    }
}

pub async fn remove_milestone(
    who: Organizer,
    (app, code, Form { sent, .. }, version, besides): (Callboard, CodePath, Form<ButtonForm>, IfMatch, Besides),
) -> Result<Outcome<IdeasPage>> {
    match milestones::actions::remove(&app, who.clone(), code.0, version).await {
        Ok(()) => Ok(go(&who, "The date is removed.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::button(form)).await).await,
    }
}
