//! `callboard recompute-deadlines`: after an upgrade whose zone data is another one.

use super::{open, say};
use crate::{config::Config, db::Lanes, jobs};
use clap::Args;

#[derive(Args)]
pub struct RecomputeDeadlines {
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
}

impl RecomputeDeadlines {
    pub async fn run(self, config: Config) -> anyhow::Result<()> {
        let app = open(config, Lanes::Few)?;
        let found = jobs::recompute_deadlines(&app, self.dry_run).await;
        app.db.shutdown();
        let found = found?;
        for moved in &found {
            say(moved)?;
        }
        match (found.is_empty(), self.dry_run) {
            (true, _) => say("all deadlines are as the zone data has them")?,
            (false, true) => say("nothing is changed: this was a dry run")?,
            (false, false) => say("whoever has a draft that loses time is told by mail")?,
        }
        Ok(())
    }
}
