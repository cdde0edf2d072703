//! The pages of categories: the list, and one category with its choices.

use super::{
    actions,
    model::{EditCategory, FromPreset, MOST_CHOICES, NewCategory, Preset, ShownTo},
    views::CategoryForOrganizer,
};
use crate::{
    access::{Besides, Organizer, ProposalReader},
    accounts::links::model::ButtonForm,
    app::Callboard,
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

#[derive(Template)]
#[template(path = "setup/categories.html")]
pub struct CategoriesPage {
    slug: String,
    categories: Vec<CategoryForOrganizer>,
    button: FormState,
    key: FormState,
    manages: bool,
}

impl Screen for CategoriesPage {
    fn title(&self) -> String {
        t("Categories").into_owned()
    }
}

impl CategoriesPage {
    /// Those whose name is not taken yet.
    fn presets(&self) -> Vec<(&'static str, String, String)> {
        let new = |name: &str| self.categories.iter().all(|category| !category.name.eq_ignore_ascii_case(name));
        let preset = |preset: &Preset| {
            let category = preset.category();
            let choices: Vec<String> = category.choices.iter().map(|choice| choice.name.to_string()).collect();
            (preset.as_str(), category.name.to_string(), choices.join(", "))
        };
        Preset::ALL.iter().map(preset).filter(|(_, name, _)| new(name)).collect()
    }
}

/// One category: a new one without a code.
#[derive(Template)]
#[template(path = "setup/category.html")]
pub struct CategoryPage {
    slug: String,
    now: Option<CategoryForOrganizer>,
    form: FormState,
    rows: Vec<Row>,
}

/// The fields of a choice.
struct Row {
    label: String,
    code: String,
    name: String,
    help: String,
    wanted: String,
}

impl Row {
    fn new(row: usize) -> Row {
        let at = |name: &str| format!("choices[{row}].{name}");
        let label = t("Choice {}").replacen("{}", &(row + 1).to_string(), 1);
        Row { label, code: at("code"), name: at("name"), help: at("help"), wanted: at("wanted") }
    }
}

impl Screen for CategoryPage {
    fn title(&self) -> String {
        t(if self.now.is_some() { "Category" } else { "New category" }).into_owned()
    }
}

/// Empty rows for choices to come.
const SPARE: usize = 3;

trait InWords {
    fn in_words(self) -> &'static str;
}

impl InWords for ShownTo {
    fn in_words(self) -> &'static str {
        match self {
            ShownTo::Everyone => "Everybody sees it",
            ShownTo::Reviewers => "The committee sees it",
            ShownTo::Organizers => "Only organizers see it",
        }
    }
}

async fn page(app: &Callboard, besides: &Besides, returned: Returned) -> Result<CategoriesPage> {
    let reader = besides.to_read_proposals()?;
    let slug = reader.scope().slug.clone();
    let categories = actions::list(app, reader).await?.into_iter().map(Into::into).collect();
    let (button, key, manages) = (returned.of_button(), FormState::new(app), besides.manages());
    Ok(CategoriesPage { slug, categories, button, key, manages })
}

async fn one(app: &Callboard, besides: &Besides, code: Option<&str>, returned: Returned) -> Result<CategoryPage> {
    let reader = besides.to_read_proposals()?;
    let slug = reader.scope().slug.clone();
    let mut now = None;
    let mut at_first = FormState::new(app).with("shown_to", ShownTo::Everyone.as_str());
    if let Some(code) = code {
        let found = actions::list(app, reader).await?.into_iter().find(|category| category.code == *code);
        let view = CategoryForOrganizer::from(found.ok_or_else(Error::not_found)?);
        at_first = FormState::of(&view)?.version(view.version);
        now = Some(view);
    }
    let form = returned.form("", at_first).without_blank_rows("choices", "name");
    let rows: Vec<Row> = (0..MOST_CHOICES).map(Row::new).collect();
    let filled = rows.iter().take_while(|row| !form.value(&row.name).is_empty()).count();
    Ok(CategoryPage { slug, now, form, rows: rows.into_iter().take(filled + SPARE).collect() })
}

fn go(who: &Organizer, said: &str) -> SeeOther {
    back(who.scope(), "/categories", said)
}

pub async fn show(_: ProposalReader, (app, besides): (Callboard, Besides)) -> Result<Page<CategoriesPage>> {
    Ok(Page::new(page(&app, &besides, Returned::default()).await?))
}

pub async fn show_new(_: Organizer, (app, besides): (Callboard, Besides)) -> Result<Page<CategoryPage>> {
    Ok(Page::new(one(&app, &besides, None, Returned::default()).await?))
}

pub async fn show_one(
    _: Organizer,
    (app, code, besides): (Callboard, CodePath, Besides),
) -> Result<Page<CategoryPage>> {
    Ok(Page::new(one(&app, &besides, Some(&code), Returned::default()).await?))
}

pub async fn add(
    who: Organizer,
    (app, Form { sent, input }, once, besides): (Callboard, Form<NewCategory>, Once, Besides),
) -> Result<Outcome<CategoryPage>> {
    let go = go(&who, "The category is added.");
    let done = async { actions::add(&app, who.clone(), input?, once.then(|_| go)).await };
    match done.await {
        Ok(answer) => Ok(answer.into()),
        Err(error) => sent.again(error, async |form| one(&app, &besides, None, Returned::button(form)).await).await,
    }
}

pub async fn add_preset(
    who: Organizer,
    (app, Form { sent, input }, once, besides): (Callboard, Form<FromPreset>, Once, Besides),
) -> Result<Outcome<CategoriesPage>> {
    let go = go(&who, "The category is added. Change its choices as you like.");
    let done = async { actions::add_preset(&app, who.clone(), input?, once.then(|_| go)).await };
    match done.await {
        Ok(answer) => Ok(answer.into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::button(form)).await).await,
    }
}

pub async fn edit(
    who: Organizer,
    (app, code, Form { sent, input }, version, besides): (Callboard, CodePath, Form<EditCategory>, IfMatch, Besides),
) -> Result<Outcome<CategoryPage>> {
    let done = async { actions::edit(&app, who.clone(), code.0.clone(), input?, version).await };
    match done.await {
        Ok(_) => Ok(go(&who, "The category is saved.").into()),
        Err(error) => {
            sent.again(error, async |form| one(&app, &besides, Some(&code), Returned::button(form)).await).await
        }
    }
}

pub async fn remove(
    who: Organizer,
    (app, code, Form { sent, .. }, version, besides): (Callboard, CodePath, Form<ButtonForm>, IfMatch, Besides),
) -> Result<Outcome<CategoriesPage>> {
    match actions::remove(&app, who.clone(), code.0, version).await {
        Ok(()) => Ok(go(&who, "The category is removed.").into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, Returned::button(form)).await).await,
    }
}
