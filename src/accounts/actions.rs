//! What people do with accounts. Answers are the same for known and unknown addresses; so is the work of signing in.

use super::{
    letters,
    links::{
        self,
        actions::{mail_reset, mail_verification, use_up},
        model::{LinkToken, Purpose},
    },
    model::{Account, EditMe, NewAdmin, PersonName, SetPassword, SignUp},
    sessions, store,
};
use crate::{
    access::{Public, SignedIn},
    app::Callboard,
    db::{Turn, Tx, types::Ts},
    error::{Code, Error, FieldErrors, Result},
    http::{limits::Limit, once::IfMatch},
    mail::unasked,
    once::model::Render,
    tokens,
};
use secrecy::SecretString;

/// # Errors
/// `Busy`. An address that has an account already is told so by mail only.
pub async fn sign_up(app: &Callboard, _: Public, input: SignUp) -> Result<()> {
    let phc = app.hashing.hash(input.password.0.clone()).await?;
    let board = app.clone();
    app.db
        .write(move |tx| {
            if let Some(known) = store::find_by_key(tx.conn(), &input.email.key())? {
                store::lock(tx, known.id)?;
                if !unasked::is_welcome(tx, &board, &known.email)? {
                    return Ok(());
                }
                let letter = |link: &_| letters::AccountExists { link }.letter(&board.config.base_url);
                return mail_reset(tx, &board, &known, letter);
            }
            let account = create(tx, NewPerson { email: input.email.to_string(), name: input.name, phc })?;
            if unasked::is_welcome(tx, &board, &account.email)? {
                mail_verification(tx, &board, &account)
            } else {
                Ok(())
            }
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

/// # Errors
/// `LinkDead`.
pub async fn verify(app: &Callboard, _: Public, input: LinkToken) -> Result<()> {
    app.db
        .write(move |tx| {
            let account = use_up(tx, Purpose::Verify, &input.token)?.account;
            let now = tx.now()?;
            store::verify_email(tx, account.id, now)
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

/// As [`proven`], for somebody signed in; a wrong password is the error of a field.
///
/// # Errors
/// A field error; `TooMany`.
pub async fn confirm(app: &Callboard, who: &SignedIn, password: SecretString, field: &'static str) -> Result<Account> {
    let id = who.account();
    app.limits.spend(Limit::SignInAs, who.email().to_lowercase())?;
    let account = app.db.read(move |conn| store::find(conn, id)).await?;
    proven(app, Some(account), password).await.map_err(|error| in_field(error, field))
}

/// As [`still_proven`], for [`confirm`].
///
/// # Errors
/// A field error.
pub fn still_confirmed(tx: &mut Tx<'_>, account: &Account, field: &'static str) -> Result<()> {
    still_proven(tx, account).map_err(|error| in_field(error, field))
}

/// A form shows what is wrong beside its field.
pub fn in_field(error: Error, field: &'static str) -> Error {
    if error.code() == Code::WrongCredentials {
        FieldErrors::of(field, "wrong", "is not the password of your account").into()
    } else {
        error
    }
}

/// Sets the password, ends all sessions, links and own tokens, and takes the address as verified: the link was mailed to it.
///
/// # Errors
/// `LinkDead`.
pub async fn reset(app: &Callboard, public: Public, input: SetPassword) -> Result<()> {
    links::actions::look_at(app, &public, Purpose::Reset, &input.token).await?;
    let phc = app.hashing.hash(input.password.0.clone()).await?;
    app.db
        .write(move |tx| {
            let account = use_up(tx, Purpose::Reset, &input.token)?.account;
            let now = tx.now()?;
            store::set_password(tx, account.id, Some(&phc))?;
            store::verify_email(tx, account.id, now)?;
            links::store::delete_open(tx, account.id, Purpose::ALL)?;
            tokens::store::delete_all_of(tx, account.id)?;
            sessions::store::delete_all(tx, account.id)
        })
        .await
}

/// # Errors
/// `Busy`.
pub async fn me(app: &Callboard, who: SignedIn) -> Result<Account> {
    app.db.read(move |conn| store::find(conn, who.account())).await
}

/// # Errors
/// `Busy`.
pub async fn edit(app: &Callboard, who: SignedIn, edit: EditMe, version: IfMatch) -> Result<Account> {
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            let account = store::lock_mine(tx, who)?;
            version.check(account.version)?;
            let name = edit.name.map_or_else(|| account.name.clone(), PersonName::into_string);
            if name == account.name {
                return Ok(account);
            }
            store::update_name(tx, account.id, &name)?;
            store::find(tx.conn(), account.id)
        })
        .await
}

/// The links sent before die.
///
/// # Errors
/// `WrongState` when the address is verified already; `TooMany`.
pub async fn send_verification<R: Render<()>>(app: &Callboard, who: SignedIn, render: R) -> Result<R::Out> {
    let board = app.clone();
    app.db
        .write_once(who, Turn::Plain, render, move |tx, who| {
            let account = store::lock_mine(tx, who)?;
            if account.email_verified_at.is_some() {
                return Err(Error::wrong_state("Your address is verified already."));
            }
            unasked::check(tx, &board, &account.email)?;
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
                    links::store::delete_open(tx, known.id, Purpose::ALL)?;
                    sessions::store::delete_all(tx, known.id)?;
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
            mail_reset(tx, &board, &account, |link| letters::Reset { link }.letter(&board.config.base_url))
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
