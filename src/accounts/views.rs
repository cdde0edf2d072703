//! What people see of accounts.

use super::model::Account;
use crate::http::reply::HasVersion;
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

/// My account.
#[derive(Serialize, ToSchema)]
pub struct Me {
    pub email: String,
    pub name: String,
    pub email_verified: bool,
    pub admin: bool,
    pub version: i64,
}

impl HasVersion for Me {
    fn version(&self) -> i64 {
        self.version
    }
}

impl From<Account> for Me {
    fn from(account: Account) -> Me {
        let Account { email, name, email_verified_at, is_admin, version, .. } = account;
        Me { email, name, email_verified: email_verified_at.is_some(), admin: is_admin, version }
    }
}
