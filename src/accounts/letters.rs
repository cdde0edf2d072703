//! What the mails about an account say. Those that go to an address that nobody has verified carry no name: whoever
//! signed up chose its words.

use crate::{
    mail::message::{Letter, address},
    secrets::Link,
};

pub struct Verify<'a> {
    pub link: &'a Link,
}

impl Verify<'_> {
    pub fn letter(&self, base_url: &str) -> Letter {
        Letter::new("verify", "Verify your mail address")
            .paragraph("Hello,")
            .paragraph("please confirm that this address is yours. Until then reviewers do not see what you submit.")
            .link("Verify the address", address(base_url, self.link))
            .paragraph("The link works for 48 hours. If you did not sign up, ignore this mail.")
    }
}

/// Somebody signed up with an address that has an account.
pub struct AccountExists<'a> {
    pub link: &'a Link,
}

impl AccountExists<'_> {
    pub fn letter(&self, base_url: &str) -> Letter {
        Letter::new("account_exists", "You already have an account")
            .paragraph("Hello,")
            .paragraph("somebody, probably you, signed up with this address, which has an account already. Sign in with its password; if you do not know it any more, set a new one.")
            .link("Set a new password", address(base_url, self.link))
            .paragraph("The link works once, for 30 minutes. If it was not you, ignore this mail; nothing has changed.")
    }
}

pub struct Reset<'a> {
    pub link: &'a Link,
}

impl Reset<'_> {
    pub fn letter(&self, base_url: &str) -> Letter {
        Letter::new("reset", "Set a new password")
            .paragraph("Hello,")
            .paragraph("with this link you can set a new password for your account.")
            .link("Set a new password", address(base_url, self.link))
            .paragraph(
                "It works once, for 30 minutes. If you did not ask for it, ignore this mail; nothing has changed.",
            )
    }
}

pub struct SignInLink<'a> {
    pub link: &'a Link,
}

impl SignInLink<'_> {
    pub fn letter(&self, base_url: &str) -> Letter {
        Letter::new("sign_in_link", "Sign in")
            .paragraph("Hello,")
            .paragraph("with this link you sign in without a password.")
            .link("Sign in", address(base_url, self.link))
            .paragraph("It works once, for 15 minutes. Whoever has it can use your account: do not forward this mail. If you did not ask for it, ignore it; nothing has changed.")
    }
}

/// To the new address.
pub struct ChangeEmail<'a> {
    pub link: &'a Link,
}

impl ChangeEmail<'_> {
    pub fn letter(&self, base_url: &str) -> Letter {
        Letter::new("change_email", "Confirm your new address")
            .paragraph("Hello,")
            .paragraph("somebody, probably you, wants to use this address for an account.")
            .link("Use this address", address(base_url, self.link))
            .paragraph("The link works once, for 24 hours. If it was not you, ignore this mail; nothing changes.")
    }
}

/// To an address that another account shall get, but that has one already.
pub struct AddressInUse;

impl AddressInUse {
    pub fn letter(&self) -> Letter {
        Letter::new("address_in_use", "This address has an account already")
            .paragraph("Hello,")
            .paragraph("somebody, probably you, wanted to use this address for another account. It has one already, so nothing was changed.")
            .paragraph("If it was you, sign in with this address instead, or erase the account that has it first. If it was not you, ignore this mail.")
    }
}

/// To the old address, at once.
pub struct EmailChangeAsked;

impl EmailChangeAsked {
    pub fn letter(&self) -> Letter {
        Letter::new("email_change_asked", "Your account shall get another address")
            .paragraph("Hello,")
            .paragraph("somebody who knows your password asked to move your account to another address. It moves when the link that was mailed there is used, within 24 hours.")
            .paragraph("If it was you, there is nothing to do. If it was not you, set a new password now: that stops the change and ends all sessions.")
    }
}

/// To the old address.
pub struct EmailChanged;

impl EmailChanged {
    pub fn letter(&self) -> Letter {
        Letter::new("email_changed", "Your account has another address now")
            .paragraph("Hello,")
            .paragraph("your account was moved to another address, as was asked for. You sign in with that address now, and this one gets no more mails about it.")
            .paragraph("If it was not you, write to the people who run this server at once.")
    }
}

pub struct PasswordChanged;

impl PasswordChanged {
    pub fn letter(&self) -> Letter {
        Letter::new("password_changed", "Your password was changed")
            .paragraph("Hello,")
            .paragraph("the password of your account was changed, and all other sessions were ended.")
            .paragraph("If it was not you, ask for a link to set a new password at once.")
    }
}
