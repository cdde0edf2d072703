//! `callboard plan-assignments`: who reviews what, from files and without a database. It makes the same plan as the
//! server does of the same task.

use crate::{
    assignment::{
        document::{Bids, Document, read_bids},
        model::Task,
        plan::{Plan, plan},
        views::PlanView,
    },
    clock::Clock,
    text_enum,
};
use anyhow::{Context, anyhow};
use clap::Args;
use std::{
    fs::File,
    io::{self, Read, Write},
    path::PathBuf,
};

text_enum! {
    pub enum Form {
        Json = "json",
        Csv = "csv",
    }
}

#[derive(Args)]
pub struct PlanAssignments {
    /// The task as JSON (docs/ASSIGNMENT.md); standard input without it
    #[arg(long, conflicts_with = "bids")]
    task: Option<PathBuf>,
    /// Bids as CSV instead: a header with reviewer, proposal and bid, one bid a row (want, can, unknown, rather_not, conflict)
    #[arg(long)]
    bids: Option<PathBuf>,
    /// How many reviews a proposal needs; with --bids
    #[arg(long, default_value_t = 3, requires = "bids")]
    per_proposal: u32,
    /// What a reviewer gets at least; with --bids
    #[arg(long, default_value_t = 0, requires = "bids")]
    at_least: u32,
    /// What a reviewer gets at most; with --bids
    #[arg(long, default_value_t = crate::assignment::model::MOST_EACH, requires = "bids")]
    at_most: u32,
    /// What each further proposal of a reviewer costs more than the one before, from 0 to 1000; with --bids
    #[arg(long, default_value_t = 0, requires = "bids")]
    balance: i64,
    /// Look at the sum alone, and not first at the worst pair; with --bids
    #[arg(long, requires = "bids")]
    unfair: bool,
    /// How ties fall; with --bids
    #[arg(long, default_value_t = 1, requires = "bids")]
    seed: u64,
    /// json for the whole plan, csv for the pairs alone
    #[arg(long, default_value = "json")]
    format: Form,
}

impl PlanAssignments {
    pub fn plan(&self) -> anyhow::Result<()> {
        let task = self.document()?.task().map_err(|wrong| anyhow!("the task is wrong\n{}", wrong.join("\n")))?;
        let clock = Clock::machine();
        let plan = plan(&task);
        let took = clock.monotonic();
        let mut err = io::stderr().lock();
        writeln!(
            err,
            "{} of {} reviews assigned in {} ms{}",
            plan.report.filled,
            plan.report.needed,
            took.as_millis(),
            if plan.proven { ", proven optimal" } else { "" },
        )?;
        for shortage in &plan.shortages {
            writeln!(err, "{}", shortage.text())?;
        }
        write_plan(&task, &plan, self.format)
    }

    fn document(&self) -> anyhow::Result<Document> {
        let Some(path) = &self.bids else { return self.json() };
        let read = || format!("cannot read {}", path.display());
        let Bids { proposals, reviewers, pairs } = read_bids(File::open(path).with_context(read)?)
            .map_err(|wrong| anyhow!("{}\n{}", read(), wrong.join("\n")))?;
        Ok(Document {
            per_proposal: self.per_proposal,
            at_least: self.at_least,
            at_most: self.at_most,
            balance: self.balance,
            keep: 0,
            fair: !self.unfair,
            seed: self.seed,
            proposals,
            reviewers,
            pairs,
        })
    }

    fn json(&self) -> anyhow::Result<Document> {
        let mut text = String::new();
        match &self.task {
            Some(path) => File::open(path)
                .and_then(|mut file| file.read_to_string(&mut text))
                .with_context(|| format!("cannot read {}", path.display()))?,
            None => io::stdin().lock().read_to_string(&mut text).context("cannot read the task")?,
        };
        let mut json = serde_json::Deserializer::from_str(&text);
        serde_path_to_error::deserialize(&mut json).context("the task is not as docs/ASSIGNMENT.md says")
    }
}

fn write_plan(task: &Task, plan: &Plan, form: Form) -> anyhow::Result<()> {
    let view = PlanView::of(task, plan);
    let mut out = io::stdout().lock();
    match form {
        Form::Json => {
            serde_json::to_writer_pretty(&mut out, &view)?;
            writeln!(out)?;
        }
        Form::Csv => {
            let mut csv = csv::Writer::from_writer(&mut out);
            csv.write_record(["proposal", "reviewer", "bid", "weight"])?;
            for pair in &view.pairs {
                let weight = pair.weight.to_string();
                csv.write_record([pair.proposal.as_str(), &pair.reviewer, pair.bid.as_str(), &weight])?;
            }
            csv.flush()?;
        }
    }
    out.flush()?;
    Ok(())
}
