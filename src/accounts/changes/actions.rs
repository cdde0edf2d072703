//! Password and address change.

use super::model::{AskEmail, ChangePassword};
use crate::{
    access::{Public, SignedIn},
    accounts::{
        actions::{confirm, still_confirmed},
        letters,
        links::{
            self,
            model::{Change, LinkToken, Purpose},
        },
        sessions, store,
    },
    app::Callboard,
    db::Turn,
    error::{Error, FieldErrors, Result},
    mail::{self, About, Recipient, unasked},
};

/// What a new password makes worthless: whoever asked for these may have been somebody else.
const ENDED_BY_PASSWORD: &[Purpose] = &[Purpose::Reset, Purpose::SignIn, Purpose::ChangeEmail];

/// All other sessions end, and links that were mailed die. Its owner is told.
///
/// # Errors
/// A field error for a wrong current password.
pub async fn change_password(app: &Callboard, who: SignedIn, input: ChangePassword) -> Result<()> {
    const FIELD: &str = "current_password";
    let account = confirm(app, &who, input.current_password, FIELD).await?;
    let phc = app.hashing.hash(input.new_password.0).await?;
    let board = app.clone();
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            still_confirmed(tx, &account, FIELD)?;
            store::set_password(tx, account.id, Some(&phc))?;
            let current = sessions::store::code_of_current(tx.conn(), who)?;
            sessions::store::delete_others(tx, account.id, &current)?;
            links::store::delete_open(tx, account.id, ENDED_BY_PASSWORD)?;
            mail::queue(tx, &board, &account.recipient(), &About::default(), &letters::PasswordChanged.letter())
        })
        .await
}

/// Mails a link to the new address and a warning to the old one. An address that is somebody else's gets another letter
/// instead, and nobody else can tell: what is stored and answered is the same.
///
/// # Errors
/// Field errors for a wrong password and for the address that one has; `TooMany`.
pub async fn ask_email(app: &Callboard, who: SignedIn, input: AskEmail) -> Result<()> {
    const FIELD: &str = "password";
    let account = confirm(app, &who, input.password, FIELD).await?;
    let (board, email) = (app.clone(), input.email);
    app.db
        .write_as(who, Turn::Plain, move |tx, who| {
            still_confirmed(tx, &account, FIELD)?;
            if email.as_str() == account.email {
                return Err(FieldErrors::of("email", "same", "is your address already").into());
            }
            unasked::check(tx, &board, &email)?;
            let session_code = sessions::store::code_of_current(tx.conn(), who)?;
            let change = Change { email: email.to_string(), session_code };
            let link = links::actions::new_change_link(tx, &board, &account, change)?;
            let base_url = &board.config.base_url;
            let other = store::find_by_key(tx.conn(), &email.key())?.filter(|other| other.id != account.id);
            let letter = match &other {
                None => letters::ChangeEmail { link: &link }.letter(base_url),
                Some(_) => letters::AddressInUse.letter(),
            };
            // Not the asking account's mail: its owner would see from what became of it whose address that is.
            let to =
                Recipient { account: other.map(|other| other.id), address: email.into_string(), name: String::new() };
            let about = About { names: Some(account.id), ..About::default() };
            mail::queue(tx, &board, &to, &about, &letter)?;
            let warning = letters::EmailChangeAsked.letter();
            mail::queue(tx, &board, &account.recipient(), &About::default(), &warning)
        })
        .await
}

/// The account gets the address that the link went to. Sessions end but for the one that asked, all links mailed to the
/// old address die, and the old address is told.
///
/// # Errors
/// `LinkDead`; `Taken` when somebody made an account with the address meanwhile.
pub async fn change_email(app: &Callboard, _: Public, input: LinkToken) -> Result<()> {
    let board = app.clone();
    app.db
        .write(move |tx| {
            let action = links::actions::use_up(tx, Purpose::ChangeEmail, &input.token)?;
            let old = action.account;
            let change = action.change.ok_or_else(|| Error::internal("a change of address without an address"))?;
            store::set_email(tx, old.id, &change.email)?;
            sessions::store::delete_others(tx, old.id, &change.session_code)?;
            links::store::delete_open(tx, old.id, Purpose::ALL)?;
            mail::queue(tx, &board, &old.recipient(), &About::default(), &letters::EmailChanged.letter())
        })
        .await
}
