//! The page of exports: files, columns, and choices of columns that are kept.

use super::model::{Picked, Which, columns};
use crate::{
    access::{Besides, Organizer, ProposalReader},
    accounts::links::model::ButtonForm,
    app::Callboard,
    calls::categories,
    error::{Error, Result},
    exports::{
        self,
        model::{Export, Format, Table},
        presets::{
            self,
            model::{NewPreset, Preset},
        },
    },
    http::{
        input::{CodePath, FilePath, Query},
        once::{IfMatch, Once},
        pages::{
            Form, FormState, Outcome, Page, Screen, filters,
            language::t,
            several::{Returned, back},
        },
        reply::Download,
    },
    reviews::criteria,
};
use askama::Template;

#[derive(Template)]
#[template(path = "setup/export.html")]
pub struct ExportPage {
    slug: String,
    table: Table,
    columns: Vec<String>,
    presets: Vec<Preset>,
    form: FormState,
    button: FormState,
    manages: bool,
}

impl Screen for ExportPage {
    fn title(&self) -> String {
        t("Export").into_owned()
    }
}

impl ExportPage {
    /// Each table with its name and what it holds.
    const TABLES: [(Table, &'static str, &'static str); 4] = [
        (Table::Talks, "Talks", "The program: published acceptances that have not left."),
        (Table::Proposals, "Proposals", "Everything but drafts, with decisions and scores."),
        (Table::Speakers, "Speakers", "Whoever speaks in one of them, with addresses."),
        (Table::Reviews, "Reviews", "Every review with its scores and texts."),
    ];

    fn formats() -> [(Format, &'static str); 3] {
        [(Format::Csv, "CSV"), (Format::Xlsx, "XLSX"), (Format::Json, "JSON")]
    }

    fn title_of(&self) -> &'static str {
        Self::TABLES.iter().find(|(table, ..)| *table == self.table).map_or("", |(_, title, _)| title)
    }

    fn picks(&self) -> Vec<(String, String)> {
        self.columns.iter().map(|column| (column.clone(), column.clone())).collect()
    }
}

async fn page(app: &Callboard, besides: &Besides, table: Table, returned: Returned) -> Result<ExportPage> {
    let reader = besides.to_read_proposals()?;
    let categories = categories::actions::list(app, reader.clone()).await?;
    let criteria = criteria::actions::list(app, reader.clone()).await?;
    let columns = columns(table, &categories, &criteria);
    let form = returned.form("", FormState::new(app).with_all("columns", columns.clone()));
    let slug = reader.scope().slug.clone();
    let presets = presets::actions::list(app, reader).await?;
    let (button, manages) = (returned.form("presets", FormState::default()), besides.manages());
    Ok(ExportPage { slug, table, columns, presets, form, button, manages })
}

pub async fn show(
    _: ProposalReader,
    (app, Query(which), besides): (Callboard, Query<Which>, Besides),
) -> Result<Page<ExportPage>> {
    let table = which.table.unwrap_or(Table::Proposals);
    Ok(Page::new(page(&app, &besides, table, Returned::default()).await?))
}

/// The API knows no cookies, so the pages have the files too.
pub async fn download(
    who: ProposalReader,
    (app, file, Query(picked)): (Callboard, FilePath, Query<Picked>),
) -> Result<Download> {
    let export: Export = file.parse().map_err(|_| Error::not_found())?;
    let (name, content_type) = (export.file_name(&who.scope().slug), export.format.content_type());
    let file = exports::actions::export(&app, who, export, picked.ask()).await?;
    Ok(Download { name, content_type, file })
}

pub async fn keep(
    who: Organizer,
    (app, Form { sent, input }, once, besides): (Callboard, Form<NewPreset>, Once, Besides),
) -> Result<Outcome<ExportPage>> {
    let table = input.as_ref().map_or_else(|_| sent.get("table").parse().unwrap_or(Table::Proposals), |new| new.table);
    let go = back(who.scope(), "/export#presets", "The choice of columns is kept.");
    let done = async { presets::actions::add(&app, who.clone(), input?, once.then(|_| go)).await };
    match done.await {
        Ok(answer) => Ok(answer.into()),
        Err(error) => sent.again(error, async |form| page(&app, &besides, table, Returned::button(form)).await).await,
    }
}

pub async fn remove(
    who: Organizer,
    (app, code, Form { sent, .. }, version, besides): (Callboard, CodePath, Form<ButtonForm>, IfMatch, Besides),
) -> Result<Outcome<ExportPage>> {
    match presets::actions::remove(&app, who.clone(), code.0, version).await {
        Ok(()) => Ok(back(who.scope(), "/export", "The choice of columns is removed.").into()),
        Err(error) => {
            let again = async |form| page(&app, &besides, Table::Proposals, Returned::one("presets", form)).await;
            sent.again(error, again).await
        }
    }
}
