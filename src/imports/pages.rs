//! The page of imports: a file is looked at first, and what would become of each row is shown before anything does.

use super::{
    actions,
    model::{Ask, Kind, Outcome as Fate, Preset},
    views::{ReportView, RowView},
};
use crate::{
    access::Organizer,
    app::Callboard,
    error::{FieldErrors, Result},
    http::pages::{
        FormState, Outcome, Page, Screen, filters,
        language::t,
        upload::{self, File, Upload},
    },
    once::model::AsIs,
};
use askama::Template;

/// How many rows the page shows; the first are those that somebody has to look at.
const MOST_SHOWN: usize = 500;
/// What is larger is picked again, instead of going to the browser and back.
const LARGEST_KEPT: usize = 4 * 1024 * 1024;

/// What became of the rows, or would.
struct Told {
    report: ReportView,
    hidden: usize,
    /// The file, as the form carries it from looking to importing: nobody else's server state, and the bytes are checked
    /// again as if they had just been picked. None where it is too large for that.
    file: Option<(String, String)>,
}

impl Told {
    fn new(mut report: ReportView, file: &File) -> Told {
        report.rows.sort_by_key(|row| (rank(row), row.row));
        let hidden = report.rows.len().saturating_sub(MOST_SHOWN);
        report.rows.truncate(MOST_SHOWN);
        let kept = report.dry_run && file.bytes.len() <= LARGEST_KEPT;
        Told { report, hidden, file: kept.then(|| (file.name.clone(), upload::kept(file))) }
    }

    fn count(&self, fate: &str) -> usize {
        self.report.counts.get(fate).copied().unwrap_or_default()
    }

    fn counted(&self) -> Vec<(&'static str, usize)> {
        let counts = Fate::ALL.iter().map(|fate| (in_words(*fate), self.count(fate.as_str())));
        counts.filter(|(_, count)| *count > 0).collect()
    }

    /// How many rows an import would change anything for.
    fn changes(&self) -> usize {
        self.count("created") + self.count("updated")
    }
}

fn rank(row: &RowView) -> u8 {
    match row.outcome {
        Fate::Refused => 0,
        _ if !row.remarks.is_empty() => 1,
        Fate::Created | Fate::Updated | Fate::Kept => 2,
        Fate::Unchanged | Fate::Skipped => 3,
    }
}

const fn in_words(fate: Fate) -> &'static str {
    match fate {
        Fate::Created => "new",
        Fate::Updated => "changed",
        Fate::Unchanged => "here already",
        Fate::Kept => "changed here since, kept",
        Fate::Skipped => "left out",
        Fate::Refused => "cannot be imported",
    }
}

impl RowView {
    fn fate(&self) -> &'static str {
        in_words(self.outcome)
    }

    fn badge(&self) -> &'static str {
        match self.outcome {
            Fate::Created => "badge good",
            Fate::Updated => "badge info",
            Fate::Refused => "badge wrong",
            Fate::Kept => "badge warn",
            Fate::Unchanged | Fate::Skipped => "badge",
        }
    }
}

#[derive(Template)]
#[template(path = "setup/import.html")]
pub struct ImportPage {
    slug: String,
    form: FormState,
    told: Option<Told>,
}

impl Screen for ImportPage {
    fn title(&self) -> String {
        t("Import").into_owned()
    }
}

impl ImportPage {
    fn hidden(&self) -> Vec<(&'static str, String)> {
        let one = |name: &'static str| (name, self.form.value(name).to_owned());
        let fields = ["of", "source", "preset", "occasion"].map(one).into_iter();
        fields.chain([("map", self.form.lines("map"))]).filter(|(_, text)| !text.is_empty()).collect()
    }
}

fn empty(app: &Callboard) -> FormState {
    FormState::new(app).with("of", Kind::Proposals.as_str())
}

pub async fn show(who: Organizer, (app,): (Callboard,)) -> Result<Page<ImportPage>> {
    Ok(Page::new(ImportPage { slug: who.scope().slug.clone(), form: empty(&app), told: None }))
}

/// The answer is the page itself: it tells of every row. Sent again, it changes nothing.
pub async fn import(
    who: Organizer,
    (app, Upload { sent, input, file }): (Callboard, Upload<Ask>),
) -> Result<Outcome<ImportPage>> {
    let slug = who.scope().slug.clone();
    let done = async {
        let ask = input?;
        let missing = || FieldErrors::of("file", "missing", "is missing: pick a file");
        let file = file.ok_or_else(missing)?;
        let (of, dry_run) = (ask.of, ask.dry_run);
        let report = actions::import(&app, who, ask, file.bytes.to_vec(), AsIs).await?;
        Ok(Told::new(ReportView::of(of, dry_run, report), &file))
    };
    match done.await {
        Ok(told) => {
            let form = FormState::of_sent(&sent);
            Ok(Outcome::Page(Page::new(ImportPage { slug, form, told: Some(told) })))
        }
        Err(error) => sent.again(error, async |form| Ok(ImportPage { slug, form, told: None })).await,
    }
}

impl Preset {
    /// For the menu.
    const fn in_words(self) -> &'static str {
        match self {
            Preset::Callboard => "Callboard",
            Preset::Sessionize => "Sessionize",
            Preset::Pretalx => "pretalx",
        }
    }
}

impl ImportPage {
    fn presets() -> Vec<(&'static str, &'static str)> {
        Preset::ALL.iter().map(|preset| (preset.as_str(), preset.in_words())).collect()
    }
}
