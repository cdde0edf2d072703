//! What people do with accounts. Answers are the same for known and unknown addresses; so is the work of signing in.

use super::{
    model::{Account, LinkToken, NewAction, NewAdmin, PersonName, Purpose, SetPassword, SignIn, SignUp},
    store,
};
use crate::{
    access::{Public, SignedIn},
    app::Callboard,
    db::{Conn, Turn, Tx, types::Ts},
    error::{Code, Error, Result},
    mail::{self, About, Recipient, message},
    secrets::{self, Link},
    text::Email,
};
use secrecy::SecretString;
use std::time::Duration;

pub const SESSION_LASTS: Duration = Duration::from_hours(30 * 24);

/// A session just begun, with the token that is shown this once.
pub struct Begun {
    pub token: String,
    pub expires_at: Ts,
}

/// # Errors
/// `Busy`. An address that has an account already is told so by mail only.
pub async fn sign_up(app: &Callboard, _: Public, input: SignUp) -> Result<()> {
    let phc = app.hashing.hash(input.password.0.clone()).await?;
    let board = app.clone();
    app.db
        .write(move |tx| {
            if let Some(known) = store::find_by_key(tx.conn(), &input.email.key())? {
                return mail_reset(tx, &board, &known, |link| {
                    message::AccountExists { link }.letter(&board.config.base_url)
                });
            }
            let account = create(tx, NewPerson { email: input.email.to_string(), name: input.name, phc })?;
            mail_verification(tx, &board, &account)
        })
        .await
}

/// Somebody whose password is hashed already.
pub struct NewPerson {
    pub email: String,
    pub name: PersonName,
    pub phc: String,
}

/// Makes the account; its address is not verified.
///
/// # Errors
/// `Busy` when somebody else made one with this address in this moment.
pub fn create(tx: &mut Tx<'_>, person: NewPerson) -> Result<Account> {
    let new = store::NewAccount {
        code: tx.random().code(10),
        email_key: person.email.to_lowercase(),
        email: person.email,
        email_verified_at: None,
        password_phc: Some(person.phc),
        name: person.name.into_string(),
        is_admin: false,
        version: 1,
        created_at: tx.now()?,
    };
    match store::insert(tx, &new) {
        Err(error) if error.code() == Code::Taken => Err(Error::busy()),
        id => store::find(tx.conn(), id?),
    }
}

/// Sends the mail that proves the address.
///
/// # Errors
/// When the database refuses it.
pub fn mail_verification(tx: &mut Tx<'_>, app: &Callboard, account: &Account) -> Result<()> {
    let link = new_link(tx, app, account, Purpose::Verify)?;
    let letter = message::Verify { link: &link }.letter(&app.config.base_url);
    mail::queue(tx, app, &account.recipient(), &About::default(), &letter)
}

fn mail_reset(
    tx: &mut Tx<'_>,
    app: &Callboard,
    account: &Account,
    letter: impl FnOnce(&Link) -> message::Letter,
) -> Result<()> {
    // One at a time, so that only the newest link lives.
    store::lock(tx, account.id)?;
    let link = new_link(tx, app, account, Purpose::Reset)?;
    mail::queue(tx, app, &account.recipient(), &About::default(), &letter(&link))
}

fn new_link(tx: &mut Tx<'_>, app: &Callboard, account: &Account, purpose: Purpose) -> Result<Link> {
    let now = tx.now()?;
    let link = Link::new(purpose.link(), tx.random());
    let new = NewAction { account: account.id, purpose, link: link.clone() };
    store::insert_action(tx, &new, &secrets::hash(&app.keys.link_secret(&link)), now)?;
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

/// # Errors
/// `LinkDead`.
pub async fn verify(app: &Callboard, _: Public, input: LinkToken) -> Result<()> {
    app.db
        .write(move |tx| {
            let now = tx.now()?;
            let account =
                store::use_action(tx, Purpose::Verify, &secrets::hash(&input.token), now)?.ok_or_else(dead_link)?;
            store::verify_email(tx, account.id, now)
        })
        .await
}

/// Whose link it is, without using it up.
///
/// # Errors
/// `LinkDead`.
pub async fn look_at_link(app: &Callboard, _: &Public, purpose: Purpose, token: &str) -> Result<Account> {
    let (hash, now) = (secrets::hash(token), app.clock.now());
    app.db.read(move |conn| store::find_action(conn, purpose, &hash, now)?.ok_or_else(dead_link)).await
}

/// # Errors
/// `WrongCredentials`, after the same work for unknown addresses.
pub async fn sign_in(app: &Callboard, _: Public, input: SignIn, user_agent: String) -> Result<Begun> {
    let key = Email::new(&input.email).map(|email| email.key()).ok();
    let look = move |conn: &mut Conn| key.map_or(Ok(None), |key: String| store::find_by_key(conn, &key));
    let known = app.db.read(look).await?;
    let account = proven(app, known, input.password).await?;
    app.db
        .write(move |tx| {
            still_proven(tx, &account)?;
            begin_session(tx, &account, &user_agent)
        })
        .await
}

/// The account, if the password is its own. In the transaction that relies on it comes [`still_proven`].
///
/// # Errors
/// `WrongCredentials`, after the same work when there is no account.
pub async fn proven(app: &Callboard, known: Option<Account>, password: SecretString) -> Result<Account> {
    let phc = known.as_ref().and_then(|account| account.password_phc.clone());
    let right = app.hashing.verify(password, phc).await?;
    known.filter(|account| right && account.disabled_at.is_none()).ok_or_else(wrong_credentials)
}

/// Locks the account, whose password may have been changed since it was checked.
///
/// # Errors
/// `WrongCredentials`.
pub fn still_proven(tx: &mut Tx<'_>, account: &Account) -> Result<()> {
    let now = store::lock(tx, account.id)?;
    let stands = now.disabled_at.is_none() && now.password_phc == account.password_phc;
    if stands { Ok(()) } else { Err(wrong_credentials()) }
}

fn wrong_credentials() -> Error {
    Error::new(Code::WrongCredentials, "If you forgot the password, ask for a link with POST /api/v1/password-resets.")
}

/// # Errors
/// When the database refuses it.
pub fn begin_session(tx: &mut Tx<'_>, account: &Account, user_agent: &str) -> Result<Begun> {
    let now = tx.now()?;
    let token = secrets::session_token(tx.random());
    let expires_at = now.plus(SESSION_LASTS);
    let user_agent: String = user_agent.chars().take(200).collect();
    let hash = secrets::hash(&token);
    let new = store::NewSession { account: account.id, token_sha256: &hash, user_agent: &user_agent, now, expires_at };
    store::insert_session(tx, &new)?;
    Ok(Begun { token, expires_at })
}

/// # Errors
/// When the database refuses it.
pub async fn sign_out(app: &Callboard, who: SignedIn) -> Result<()> {
    app.db.write_as(who, Turn::Plain, store::delete_session).await
}

/// # Errors
/// `Busy`. Unknown addresses get the same answer and no mail.
pub async fn ask_reset(app: &Callboard, _: Public, email: String) -> Result<()> {
    mail_reset_link(app, &email).await
}

/// Mails a link to set a new password to whoever has the account, if somebody has.
///
/// # Errors
/// `Busy`.
pub async fn mail_reset_link(app: &Callboard, email: &str) -> Result<()> {
    let key = email.to_lowercase();
    let board = app.clone();
    app.db
        .write(move |tx| match store::find_by_key(tx.conn(), &key)? {
            Some(account) if account.disabled_at.is_none() => {
                mail_reset(tx, &board, &account, |link| message::Reset { link }.letter(&board.config.base_url))
            }
            _ => Ok(()),
        })
        .await
}

/// Sets the password, ends all sessions, and takes the address as verified: the link was mailed to it.
///
/// # Errors
/// `LinkDead`.
pub async fn reset(app: &Callboard, public: Public, input: SetPassword) -> Result<()> {
    look_at_link(app, &public, Purpose::Reset, &input.token).await?;
    let phc = app.hashing.hash(input.password.0.clone()).await?;
    app.db
        .write(move |tx| {
            let now = tx.now()?;
            let account =
                store::use_action(tx, Purpose::Reset, &secrets::hash(&input.token), now)?.ok_or_else(dead_link)?;
            store::set_password(tx, account.id, &phc)?;
            store::verify_email(tx, account.id, now)?;
            store::delete_sessions_of(tx, account.id)
        })
        .await
}

/// # Errors
/// `WrongState` when the address is verified already.
pub async fn send_verification(app: &Callboard, who: SignedIn) -> Result<()> {
    let board = app.clone();
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let account = store::lock(tx, who.account())?;
            if account.email_verified_at.is_some() {
                return Err(Error::wrong_state("Your address is verified already."));
            }
            mail_verification(tx, &board, &account)
        })
        .await
}

/// Makes an account with a verified address an admin of this instance; for the command line, whose user has the
/// database anyway.
///
/// # Errors
/// `NotFound`, also for an address that is not verified: anybody may have signed up with it.
pub async fn make_admin(app: &Callboard, email: &str) -> Result<()> {
    let key = email.to_lowercase();
    app.db
        .write(move |tx| {
            let known = store::find_by_key(tx.conn(), &key)?.filter(|account| account.email_verified_at.is_some());
            store::make_admin(tx, known.ok_or_else(Error::not_found)?.id)
        })
        .await
}

/// Makes an admin. An account that somebody opened with the address and did not verify is taken over: its name,
/// password and sessions go.
///
/// # Errors
/// `Taken` when the address has a verified account: [`make_admin`] is for that.
pub async fn create_admin(app: &Callboard, input: NewAdmin) -> Result<()> {
    let phc = match input.password.clone() {
        Some(password) => Some(app.hashing.hash(password.0).await?),
        None => None,
    };
    let board = app.clone();
    app.db
        .write(move |tx| {
            let now = tx.now()?;
            let id = match store::find_by_key(tx.conn(), &input.email.key())? {
                Some(known) if known.email_verified_at.is_some() => {
                    return Err(Error::new(Code::Taken, "This address has an account."));
                }
                Some(known) => {
                    store::take_over(tx, known.id, &input.name, phc.as_deref())?;
                    store::delete_sessions_of(tx, known.id)?;
                    store::verify_email(tx, known.id, now)?;
                    known.id
                }
                None => store::insert(tx, &new_account(tx.random().code(10), &input, phc, now))?,
            };
            store::make_admin(tx, id)?;
            let account = store::find(tx.conn(), id)?;
            if account.password_phc.is_some() {
                return Ok(());
            }
            mail_reset(tx, &board, &account, |link| message::Reset { link }.letter(&board.config.base_url))
        })
        .await
}

fn new_account(code: String, input: &NewAdmin, password_phc: Option<String>, now: Ts) -> store::NewAccount {
    store::NewAccount {
        code,
        email: input.email.to_string(),
        email_key: input.email.key(),
        email_verified_at: Some(now),
        password_phc,
        name: input.name.to_string(),
        is_admin: true,
        version: 1,
        created_at: now,
    }
}
