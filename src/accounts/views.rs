//! What people see of accounts.

use super::actions::Begun;
use crate::{access::SignedIn, db::types::Ts};
use serde::Serialize;
use utoipa::ToSchema;

/// The same for every address, known or not.
#[derive(Serialize, ToSchema)]
pub struct LookIntoYourMail {
    pub message: &'static str,
}

pub fn look_into_your_mail() -> LookIntoYourMail {
    LookIntoYourMail { message: "If the address can be used, a mail is on its way." }
}

/// A session just begun. The token is shown this once.
#[derive(Serialize, ToSchema)]
pub struct NewSession {
    pub token: String,
    pub expires_at: Ts,
}

impl From<Begun> for NewSession {
    fn from(begun: Begun) -> NewSession {
        NewSession { token: begun.token, expires_at: begun.expires_at }
    }
}

/// My account.
#[derive(Serialize, ToSchema)]
pub struct Me {
    pub email: String,
    pub name: String,
    pub email_verified: bool,
    pub admin: bool,
}

impl From<&SignedIn> for Me {
    fn from(who: &SignedIn) -> Me {
        Me {
            email: who.email().to_owned(),
            name: who.name().to_owned(),
            email_verified: who.is_verified(),
            admin: who.is_admin(),
        }
    }
}
