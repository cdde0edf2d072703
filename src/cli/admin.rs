//! `callboard create-admin`: the password comes from a prompt, from standard input or over a mailed link, never from an
//! argument, which everybody on the machine can see.

use super::{open, say};
use crate::{
    accounts::{
        actions, links,
        model::{NewAdmin, NewPassword, PersonName},
    },
    app::Callboard,
    config::Config,
    db::Lanes,
    error::Code,
    text::{CODE_END, Email},
};
use anyhow::{anyhow, bail};
use clap::Args;
use std::io::{self, BufRead, IsTerminal};

#[derive(Args)]
pub struct CreateAdmin {
    /// The mail address; taken as verified
    email: String,
    /// As others see it; for a new account
    #[arg(long, default_value = "Admin")]
    name: String,
    /// Mail a link to set the password instead of asking for it
    #[arg(long)]
    mail_link: bool,
}

impl CreateAdmin {
    pub async fn create(self, mut config: Config) -> anyhow::Result<()> {
        if self.mail_link && config.base_url.is_empty() && config.listen.port() == 0 {
            bail!("CALLBOARD_BASE_URL: set it, the link in the mail starts with it");
        }
        config.listens_on(config.listen);
        let email = Email::new(&self.email).map_err(|why| plain("the address", &why))?;
        let name = PersonName::new(&self.name).map_err(|why| plain("the name", &why))?;
        let app = open(config, Lanes::Few)?;
        let done = make(&app, email, name, self.mail_link).await;
        app.db.shutdown();
        done
    }
}

async fn make(app: &Callboard, email: Email, name: PersonName, mail_link: bool) -> anyhow::Result<()> {
    match actions::make_admin(app, &email).await {
        Ok(()) if mail_link => {
            links::actions::mail_reset_link(app, &email).await?;
            say("This account is an admin now; a link to set a new password is on its way.")?;
        }
        Ok(()) => say("This account is an admin now; its password is what it was.")?,
        Err(error) if error.code() == Code::NotFound => {
            let password = if mail_link { None } else { Some(password()?) };
            actions::create_admin(app, NewAdmin { email, name, password }).await?;
            say(if mail_link { "The admin is made; the link is on its way." } else { "The admin is made." })?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

fn password() -> anyhow::Result<NewPassword> {
    let text = if io::stdin().is_terminal() {
        let text = rpassword::prompt_password("Password: ")?;
        if rpassword::prompt_password("Once more: ")? != text {
            bail!("these were two different passwords");
        }
        text
    } else {
        let mut line = String::new();
        io::stdin().lock().read_line(&mut line)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    };
    NewPassword::new(&text).map_err(|why| plain("the password", &why))
}

/// The message without the code for programs.
fn plain(what: &str, why: &str) -> anyhow::Error {
    anyhow!("{what} {}", why.rsplit(CODE_END).next().unwrap_or_default())
}
