//! Whoever accepts an invitation with the link alone: it was mailed to the address, so holding it verifies the address. Who
//! has an account there proves it by its password; others get one.

use super::team_model::InvitationForm;
use crate::{
    accounts::{
        actions::{self, NewPerson, in_field},
        model::Account,
        store,
    },
    app::Callboard,
    db::Tx,
    error::Result,
    http::limits::Limit,
};

/// Proven by the form, before the transaction in which the invitation counts: hashing takes its time.
pub enum Guest {
    Known(Account),
    New(NewPerson),
}

impl Guest {
    /// `account` is the one of the invited address, whose key is the other text.
    ///
    /// # Errors
    /// Field errors of the form; `TooMany` tries.
    pub async fn prove(
        app: &Callboard,
        account: Option<Account>,
        (email, key): (String, &str),
        form: InvitationForm,
    ) -> Result<Guest> {
        if let Some(account) = account {
            app.limits.spend(Limit::SignInAs, key)?;
            let proven = actions::proven(app, Some(account), form.password).await;
            return Ok(Guest::Known(proven.map_err(|error| in_field(error, "password"))?));
        }
        let (name, password) = form.new_account()?;
        Ok(Guest::New(NewPerson { email, name, phc: app.hashing.hash(password.0).await? }))
    }

    /// The account, verified by the link.
    ///
    /// # Errors
    /// A field error if its password was changed meanwhile; `Taken` if somebody made an account for the address.
    pub fn enter(self, tx: &mut Tx<'_>) -> Result<Account> {
        let account = match self {
            Guest::Known(account) => {
                actions::still_confirmed(tx, &account, "password")?;
                account
            }
            Guest::New(person) => actions::create(tx, person)?,
        };
        let now = tx.now()?;
        store::verify_email(tx, account.id, now)?;
        Ok(account)
    }
}
