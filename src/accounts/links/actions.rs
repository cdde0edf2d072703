//! Links are asked for, mailed, looked at and used up.

use super::{
    model::{Action, Change, NewAction, Purpose, Wish},
    store,
};
use crate::{
    access::Public,
    accounts::{self, letters, model::Account},
    app::Callboard,
    db::Tx,
    error::{Code, Error, Result},
    jobs::System,
    mail::{self, About, Recipient, message::Letter, unasked},
    secrets::{self, Link},
    text::Email,
};

/// Stores the request, for every address alike; what becomes of it shows in the addressee's mail only.
///
/// # Errors
/// `Busy`.
pub async fn ask(app: &Callboard, _: Public, wish: Wish, email: Email) -> Result<()> {
    app.db.write(move |tx| store::insert_request(tx, wish, &email.key())).await
}

/// Mails what was asked for, where there is an account to mail it to; answers how many requests there were.
///
/// # Errors
/// When the database does not answer.
pub async fn answer_requests(app: &Callboard, _: System) -> Result<usize> {
    let mut answered = 0;
    loop {
        let board = app.clone();
        let answer_one = move |tx: &mut Tx<'_>| {
            let Some(request) = store::take_request(tx)? else { return Ok(false) };
            let account = mailable(tx, &request.email_key)?;
            if let Some(account) = account
                && unasked::is_welcome(tx, &board, &account.email)?
            {
                mail_wish(tx, &board, request.wish, &account)?;
            }
            Ok(true)
        };
        if !app.db.write(answer_one).await? {
            return Ok(answered);
        }
        answered += 1;
    }
}

/// Mails a link to set a new password to whoever has the account, if somebody has; for the command line.
///
/// # Errors
/// `Busy`.
pub async fn mail_reset_link(app: &Callboard, email: &str) -> Result<()> {
    let (board, key) = (app.clone(), email.to_lowercase());
    let mail = move |tx: &mut Tx<'_>| match mailable(tx, &key)? {
        Some(account) => mail_wish(tx, &board, Wish::Reset, &account),
        None => Ok(()),
    };
    app.db.write(mail).await
}

/// The account with this address, locked: one link at a time, so that only the newest lives.
fn mailable(tx: &mut Tx<'_>, email_key: &str) -> Result<Option<Account>> {
    let Some(known) = store::find_mailable(tx.conn(), email_key)? else { return Ok(None) };
    let account = accounts::store::lock(tx, known)?;
    let still = account.disabled_at.is_none() && account.email.to_lowercase() == email_key;
    Ok(Some(account).filter(|_| still))
}

fn mail_wish(tx: &mut Tx<'_>, app: &Callboard, wish: Wish, account: &Account) -> Result<()> {
    let base_url = &app.config.base_url;
    match wish {
        Wish::Reset => mail_reset(tx, app, account, |link| letters::Reset { link }.letter(base_url)),
        Wish::SignIn => {
            let link = new_link(tx, app, account, Purpose::SignIn)?;
            let letter = letters::SignInLink { link: &link }.letter(base_url);
            mail::queue(tx, app, &account.recipient(), &About::default(), &letter)
        }
    }
}

/// Sends the mail that proves the address.
///
/// # Errors
/// When the database refuses it.
pub fn mail_verification(tx: &mut Tx<'_>, app: &Callboard, account: &Account) -> Result<()> {
    let link = new_link(tx, app, account, Purpose::Verify)?;
    let letter = letters::Verify { link: &link }.letter(&app.config.base_url);
    mail::queue(tx, app, &account.recipient(), &About::default(), &letter)
}

/// A letter with a link to set a new password. The account is locked by the caller.
///
/// # Errors
/// When the database refuses it.
pub fn mail_reset(
    tx: &mut Tx<'_>,
    app: &Callboard,
    account: &Account,
    letter: impl FnOnce(&Link) -> Letter,
) -> Result<()> {
    let link = new_link(tx, app, account, Purpose::Reset)?;
    mail::queue(tx, app, &account.recipient(), &About::default(), &letter(&link))
}

/// A link that moves the account to another address. The account is locked by the caller.
///
/// # Errors
/// When the database refuses it.
pub fn new_change_link(tx: &mut Tx<'_>, app: &Callboard, account: &Account, change: Change) -> Result<Link> {
    insert(tx, app, account, Purpose::ChangeEmail, Some(change))
}

fn new_link(tx: &mut Tx<'_>, app: &Callboard, account: &Account, purpose: Purpose) -> Result<Link> {
    insert(tx, app, account, purpose, None)
}

fn insert(
    tx: &mut Tx<'_>,
    app: &Callboard,
    account: &Account,
    purpose: Purpose,
    change: Option<Change>,
) -> Result<Link> {
    let now = tx.now()?;
    let link = Link::new(purpose.link(), tx.random());
    let new = NewAction { account: account.id, purpose, link: link.clone(), change };
    store::insert(tx, &new, &secrets::hash(&app.keys.link_secret(&link)), now)?;
    Ok(link)
}

impl Account {
    pub fn recipient(&self) -> Recipient {
        // Nobody's words go to an address that is not known to be theirs.
        let name = if self.email_verified_at.is_some() { self.name.clone() } else { String::new() };
        Recipient { account: Some(self.id), address: self.email.clone(), name }
    }
}

fn dead_link() -> Error {
    Error::new(Code::LinkDead, "It was used already, has expired, or was replaced by a newer one. Ask for a new one.")
}

/// What a link is for, without using it up.
///
/// # Errors
/// `LinkDead`.
pub async fn look_at(app: &Callboard, _: &Public, purpose: Purpose, token: &str) -> Result<Action> {
    let (hash, now) = (secrets::hash(token), app.clock.now());
    app.db.read(move |conn| store::find(conn, purpose, &hash, now)?.ok_or_else(dead_link)).await
}

/// Uses a link up; its account is locked from then on.
///
/// # Errors
/// `LinkDead`.
pub fn use_up(tx: &mut Tx<'_>, purpose: Purpose, token: &str) -> Result<Action> {
    let now = tx.now()?;
    store::use_up(tx, purpose, &secrets::hash(token), now)?.ok_or_else(dead_link)
}
