//! `callboard import`: the same as over the API, for scripts on the machine that has the database.

use super::{open, say};
use crate::{
    config::Config,
    db::Lanes,
    imports::{
        model::{Ask, Kind, Outcome, Preset},
        views::ReportView,
    },
    jobs,
    similar::model::Occasion,
};
use anyhow::{Context, anyhow, bail};
use clap::Args;
use std::{fs, path::PathBuf};
use validator::Validate;

#[derive(Args)]
pub struct ImportFile {
    /// Sessionize's All view or an export of Callboard as JSON, or a table as CSV or XLSX
    file: PathBuf,
    /// The slug of the event
    #[arg(long)]
    event: String,
    /// proposals, speakers, reviews or past_talks
    #[arg(long, default_value = "proposals")]
    of: Kind,
    /// Say what would happen, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Leave out rows that cannot be imported, instead of importing nothing
    #[arg(long)]
    skip_refused: bool,
    /// Where the records come from, to know them again
    #[arg(long)]
    source: Option<String>,
    /// Whose names the columns have: callboard, sessionize or pretalx; without it, the header tells
    #[arg(long)]
    preset: Option<Preset>,
    /// Of past talks: where and when they were given, where the file does not say it
    #[arg(long)]
    occasion: Option<String>,
    /// field=Header, for a column whose name is not known; may be given several times
    #[arg(long)]
    map: Vec<String>,
    /// The whole report as JSON
    #[arg(long)]
    json: bool,
}

impl ImportFile {
    pub async fn import(self, config: Config) -> anyhow::Result<()> {
        let file = fs::read(&self.file).with_context(|| format!("cannot read {}", self.file.display()))?;
        let ImportFile { of, dry_run, skip_refused, source, preset, occasion, map, .. } = self;
        let occasion = occasion.map(|text| Occasion::new(&text)).transpose();
        let occasion = occasion.map_err(|_| anyhow!("--occasion must be one line of 1 to 200 characters"))?;
        let ask = Ask { of, dry_run, skip_refused, source, preset, occasion, map };
        ask.validate()?;
        let app = open(config, Lanes::Few)?;
        let imported = jobs::import(&app, &self.event, ask, file).await;
        app.db.shutdown();
        let report = imported.with_context(|| format!("cannot import {}", self.file.display()))?;
        let refused = report.count(Outcome::Refused);
        let view = ReportView::of(of, dry_run, report);
        if self.json {
            say(serde_json::to_string_pretty(&view)?)?;
        } else {
            for row in view.rows.iter().filter(|row| !row.remarks.is_empty()) {
                say(format!("row {} ({}): {}: {}", row.row, row.id, row.outcome, row.remarks.join("; ")))?;
            }
            let counts = view.counts.iter().map(|(outcome, count)| format!("{count} {outcome}"));
            say(format!(
                "{}{}: {}",
                if dry_run { "dry run of " } else { "" },
                of,
                counts.collect::<Vec<_>>().join(", ")
            ))?;
        }
        if refused > 0 && dry_run && !skip_refused {
            bail!("{refused} rows cannot be imported: mend them, or leave them out with --skip-refused");
        }
        Ok(())
    }
}
