//! The command line. What a command does stands in its own file, what it needs of the others here.

mod admin;
mod backup;
mod check_mail;
mod export;
mod find_duplicates;
mod import;
mod plan_assignments;
mod recompute;
mod serve;

use crate::{
    accounts::password::{COST, HashLane},
    app::Callboard,
    clock::{Clock, Random},
    config::{Config, LogFormat, secret_key},
    db::{Lanes, migrate::migrate},
    demo::Demo,
};
use anyhow::{Context, anyhow};
use clap::{Parser, Subcommand};
pub use serve::{Server, until_told_to_stop};
use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
    process::ExitCode,
};
use tracing_subscriber::EnvFilter;

/// A call-for-proposals service for conferences.
///
/// Settings come from callboard.toml in the current folder and from CALLBOARD_* in the environment.
#[derive(Parser)]
#[command(version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server; brings the database up to date first
    Serve,
    /// Bring the database up to date
    Migrate,
    /// Make the first account, or make an account an admin
    CreateAdmin(admin::CreateAdmin),
    /// Say what is wrong with the settings, or what they are
    CheckConfig,
    /// Say whether mails can leave with these settings, and what to change if not
    CheckMail(check_mail::CheckMail),
    /// Print the OpenAPI document
    Openapi,
    /// Write the talks, proposals, speakers or reviews of an event as a file
    Export(export::ExportTable),
    /// Bring proposals, speakers or reviews into an event, from a file
    Import(import::ImportFile),
    /// Say who shall review what, from a file and without a database
    PlanAssignments(plan_assignments::PlanAssignments),
    /// Compute all deadlines anew, after the zone data has changed
    RecomputeDeadlines(recompute::RecomputeDeadlines),
    /// Say which talks in a file share much
    FindDuplicates(find_duplicates::FindDuplicates),
    /// Write a backup of the SQLite database, also while the server runs
    Backup(backup::Backup),
    /// Put a backup in the place of the SQLite database
    Restore(backup::Restore),
    /// Run a server with an example event, for looking around
    Demo(Demo),
}

/// What `main` does.
pub fn main() -> ExitCode {
    CommandLine::parse().command.run().unwrap_or_else(|error| {
        // Nothing is left to be done when even this cannot be written.
        drop(writeln!(io::stderr(), "callboard: {error:#}"));
        ExitCode::FAILURE
    })
}

impl Command {
    fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Command::Serve => serve::serve(logged_config()?)?,
            Command::Migrate => {
                let run = migrate(&logged_config()?.database)?;
                for name in &run {
                    say(format!("ran {name}"))?;
                }
                if run.is_empty() {
                    say("the database is up to date")?;
                }
            }
            Command::CreateAdmin(who) => actix_web::rt::System::new().block_on(who.create(logged_config()?))?,
            Command::CheckConfig => return check_config(),
            Command::CheckMail(what) => return actix_web::rt::System::new().block_on(what.check(logged_config()?)),
            Command::Openapi => {
                let routes = crate::routes().map_err(|error| anyhow!(error))?;
                say(serde_json::to_string_pretty(&routes.document())?)?;
            }
            Command::Export(what) => actix_web::rt::System::new().block_on(what.export(logged_config()?))?,
            Command::Import(what) => actix_web::rt::System::new().block_on(what.import(logged_config()?))?,
            Command::PlanAssignments(what) => what.plan()?,
            Command::RecomputeDeadlines(what) => {
                actix_web::rt::System::new().block_on(what.run(logged_config()?))?;
            }
            Command::FindDuplicates(what) => what.find()?,
            Command::Backup(what) => what.make(&logged_config()?)?,
            Command::Restore(what) => actix_web::rt::System::new().block_on(what.restore(logged_config()?))?,
            Command::Demo(demo) => {
                begin_log("warn", LogFormat::Text);
                demo.run()?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Prints a line for whoever ran the command; what a server does meanwhile goes to the log.
fn say(line: impl Display) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// The settings, with the log begun as they want it.
fn logged_config() -> anyhow::Result<Config> {
    let config = Config::load().map_err(|problems| anyhow!("the settings are wrong\n{problems}"))?;
    begin_log(&config.log, config.log_format);
    Ok(config)
}

fn begin_log(filter: &str, format: LogFormat) {
    let log = tracing_subscriber::fmt().with_env_filter(EnvFilter::new(filter)).with_writer(io::stderr);
    match format {
        LogFormat::Text => log.with_ansi(io::stderr().is_terminal()).init(),
        LogFormat::Json => log.json().init(),
    }
}

/// Everything that a command works with, on a database that is up to date.
fn open(config: Config, lanes: Lanes) -> anyhow::Result<Callboard> {
    open_with(config, Clock::machine(), Random::from_system()?, lanes)
}

/// [`open`] with time and chance of the caller's choice; secrets come from the system all the same.
pub(crate) fn open_with(config: Config, clock: Clock, random: Random, lanes: Lanes) -> anyhow::Result<Callboard> {
    for name in migrate(&config.database).context("the database cannot be brought up to date")? {
        tracing::info!(name, "Ran migration {name}");
    }
    let secrets = Random::from_system()?;
    let key = secret_key(&config, &secrets)?;
    let hashing = HashLane::start(COST, secrets)?;
    Callboard::new(config, &key, clock, random, lanes, hashing)
}

fn check_config() -> anyhow::Result<ExitCode> {
    let mut config = match Config::load() {
        Ok(config) => config,
        Err(problems) => {
            say(problems)?;
            return Ok(ExitCode::FAILURE);
        }
    };
    config.listens_on(config.listen);
    for (name, value) in config.effective() {
        say(format!("{name} = {value}"))?;
    }
    for warning in config.warnings() {
        say(format!("warning: {warning}"))?;
    }
    Ok(ExitCode::SUCCESS)
}
