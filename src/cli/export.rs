//! `callboard export`: the same files as over the API, for scripts on the machine that has the database.

use super::open;
use crate::{
    config::Config,
    db::Lanes,
    exports::model::{Choice, Export, Format, Table, names},
    jobs,
};
use anyhow::Context;
use clap::Args;
use std::{
    fs::File,
    io::{self, Write},
    path::PathBuf,
};

#[derive(Args)]
pub struct ExportTable {
    /// talks, proposals, speakers or reviews
    table: Table,
    /// The slug of the event
    #[arg(long)]
    event: String,
    /// csv, xlsx or json
    #[arg(long, default_value = "csv")]
    format: Format,
    /// The columns wanted, with commas between them; all without it
    #[arg(long)]
    columns: Option<String>,
    /// The file to write; standard output without it
    #[arg(long)]
    output: Option<PathBuf>,
}

impl ExportTable {
    pub async fn export(self, config: Config) -> anyhow::Result<()> {
        let app = open(config, Lanes::Few)?;
        let columns = self.columns.as_deref().map_or(Choice::All, |columns| Choice::Exactly(names(columns)));
        let export = Export { table: self.table, format: self.format, columns };
        let exported = jobs::export(&app, &self.event, export).await;
        app.db.shutdown();
        let mut exported = exported.with_context(|| format!("cannot export the event {}", self.event))?;
        if let Some(path) = self.output {
            let cannot = || format!("cannot write {}", path.display());
            let mut file = File::create(&path).with_context(cannot)?;
            io::copy(&mut exported, &mut file).with_context(cannot)?;
            file.sync_all().with_context(cannot)?;
        } else {
            let mut out = io::stdout().lock();
            io::copy(&mut exported, &mut out)?;
            out.flush()?;
        }
        Ok(())
    }
}
