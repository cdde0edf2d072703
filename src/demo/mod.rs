//! Callboard to look at: an example event with invented people on a server of its own, and a walk through the whole
//! main job.

pub mod actions;
mod call;
mod committee;
pub mod load;
pub mod pages;
mod store;
pub mod walkthrough;
pub mod words;

use crate::{
    access::Role,
    accounts,
    app::Callboard,
    cli::{Server, open_with, until_told_to_stop},
    clock::{Clock, Random},
    config::Config,
    db::Lanes,
    http::routes::Routes,
};
use actix_web::rt;
use anyhow::{Context, anyhow, bail};
use clap::Args;
use std::{
    fs,
    io::{self, Write},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

/// Decides what stands in the example event.
const SEED: u64 = 2025;
/// Where the server listens unless that is taken.
const USUAL: &str = "127.0.0.1:8080";
const ANY_FREE: &str = "127.0.0.1:0";

pub fn routes() -> Routes {
    Routes::pages("demo").get("/demo/mailbox", "The demo's mails and people; nothing elsewhere", pages::mailbox).post(
        "/demo/sign-in",
        "Be one of the demo's people",
        pages::be,
    )
}

#[derive(Args)]
pub struct Demo {
    /// Where the database and the mails are kept; what is there from the last time is used again
    #[arg(long, default_value = "demo-data")]
    folder: PathBuf,
    /// The address of the server; 127.0.0.1:8080, or another port if that is taken
    #[arg(long)]
    listen: Option<SocketAddr>,
    /// Instead, drive the whole main job over HTTP and SMTP, print each step, and end
    #[arg(long, conflicts_with_all = ["folder", "listen"])]
    walkthrough: bool,
    /// Walk on this database, one for trying out, as in postgres://user@host/database
    #[arg(long, requires = "walkthrough")]
    database: Option<String>,
}

impl Demo {
    /// # Errors
    /// When the server cannot start; at the first step of the walkthrough that is not as it should be.
    pub fn run(self) -> anyhow::Result<()> {
        if self.walkthrough {
            return walkthrough::run(self.database.as_deref(), &mut io::stdout().lock());
        }
        if !self.folder.join(DATABASE).exists() {
            prepare(&self.folder)?;
        }
        let listen = self.listen.map_or_else(usual_address, |address| address.to_string());
        let mail = format!("file:{}", self.folder.join("mail").display());
        let config = config(&self.folder, &[("LISTEN", &listen), ("SMTP_URL", &mail)])?;
        rt::System::new().block_on(async {
            let stop = until_told_to_stop()?;
            let server = Server::prepare(config)?;
            server.app.demo.store(true, Ordering::Relaxed);
            let text = welcome(&server, &self.folder).await?;
            let mut out = io::stdout();
            out.write_all(text.as_bytes())?;
            out.flush()?;
            server.run(stop).await
        })
    }
}

const DATABASE: &str = "callboard.db";

fn config(folder: &Path, more: &[(&str, &str)]) -> anyhow::Result<Config> {
    let database = format!("sqlite:{}", folder.join(DATABASE).display());
    let settings = [("DATABASE_URL", database.as_str()), ("MAIL_FROM", "callboard@posette.example")];
    let settings = settings.iter().chain(more).map(|(name, value)| (format!("CALLBOARD_{name}"), (*value).to_owned()));
    Config::from_sources("", settings).map_err(|problems| anyhow!(problems))
}

/// Makes the example event beside the folder and moves it there when it is whole.
fn prepare(folder: &Path) -> anyhow::Result<()> {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        bail!("{} holds other things: name another folder with --folder", folder.display());
    }
    let mut making = folder.as_os_str().to_owned();
    making.push(".making");
    let making = PathBuf::from(making);
    if making.exists() {
        fs::remove_dir_all(&making).with_context(|| format!("cannot remove {}", making.display()))?;
    }
    fs::create_dir_all(&making).with_context(|| format!("cannot make {}", making.display()))?;
    let now = Clock::machine().now();
    let config = config(&making, &[("BASE_URL", "http://demo.example"), ("SMTP_URL", "memory:")])?;
    let app = open_with(config, Clock::manual(now.timestamp()), Random::seeded(SEED), Lanes::Few)?;
    let loaded = rt::System::new().block_on(load::load(&app, now));
    app.db.shutdown();
    loaded?;
    drop(app);
    fs::rename(&making, folder).with_context(|| format!("cannot make {}", folder.display()))
}

fn usual_address() -> String {
    if TcpListener::bind(USUAL).is_ok() { USUAL.to_owned() } else { ANY_FREE.to_owned() }
}

/// What to look at and who to be.
async fn welcome(server: &Server, folder: &Path) -> anyhow::Result<String> {
    let (base, password, slug) = (format!("http://{}", server.address), load::PASSWORD, load::SLUG);
    let organizer = token(&server.app, load::ORGANIZER).await?;
    let reviewer = token(&server.app, load::REVIEWER).await?;
    let mail = folder.join("mail");
    let (mail, role) = (mail.display(), Role::Reviewer);
    Ok(format!(
        "Callboard with an example event: an open call, 184 proposals, reviews under way. Stop it with Ctrl-C.\n\n  \
         Address   {base}\n  \
         Look in   {base}/demo/mailbox, to be anybody with one press and to read their mails\n  \
         API       {base}/api/docs/\n  \
         Mails     {mail}, a file each\n  \
         Sign in   {:32} organizer, and admin of the instance\n            \
         {:32} {role}, who does not learn who wrote what\n            \
         {:32} speaker with three proposals\n  \
         Password  {password}\n\n\
         Sign in:\n  curl -s {base}/api/v1/sessions -H 'content-type: application/json' \\\n    \
         -d '{{\"email\": \"{}\", \"password\": \"{password}\"}}'\n\
         The proposals, as the organizer:\n  curl -s '{base}/api/v1/events/{slug}/proposals?limit=3' \\\n    \
         -H 'authorization: Bearer {organizer}'\n\
         The next proposal to review, as the reviewer:\n  curl -s {base}/api/v1/events/{slug}/reviewing/next \\\n    \
         -H 'authorization: Bearer {reviewer}'\n\n",
        load::ORGANIZER,
        load::REVIEWER,
        load::SPEAKER,
        load::SPEAKER,
    ))
}

/// The token of a new session, to be tried out at once.
async fn token(app: &Callboard, email: &'static str) -> anyhow::Result<String> {
    let begin = |tx: &mut crate::db::Tx<'_>| {
        let account = accounts::store::find_by_key(tx.conn(), email)?;
        let account = account.ok_or_else(crate::error::Error::not_found)?;
        Ok(accounts::sessions::actions::begin(tx, &account, "demo")?.token)
    };
    app.db.write(begin).await.context("this demo's database is another one; remove its folder")
}
