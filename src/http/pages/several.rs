//! Pages with several forms, of which one comes back when something is wrong with it.

use super::{form::FormState, outcome::SeeOther};
use crate::access::store::Scope;

/// The form that came back, by its scope; none when the page is just looked at.
#[derive(Clone, Debug, Default)]
pub struct Returned(Option<(String, FormState)>);

impl Returned {
    pub fn one(scope: impl Into<String>, form: FormState) -> Returned {
        Returned(Some((scope.into(), form)))
    }

    /// The form of this scope: as it came back, or as it is at first.
    pub fn form(&self, scope: &str, at_first: FormState) -> FormState {
        match &self.0 {
            Some((known, form)) if known == scope => form.clone().seen(&at_first).scoped(scope),
            _ => at_first.scoped(scope),
        }
    }

    /// Whether it is this one.
    pub fn is(&self, scope: &str) -> bool {
        self.0.as_ref().is_some_and(|(known, _)| known == scope)
    }

    /// A button that could not do what it says.
    pub fn button(form: FormState) -> Returned {
        Returned::one("", form)
    }

    pub fn of_button(&self) -> FormState {
        self.form("", FormState::default())
    }
}

/// Back to one of the organizers' pages.
pub fn back(scope: &Scope, section: &str, said: &str) -> SeeOther {
    SeeOther::to(format!("/{}/organize{section}", scope.slug)).saying(said)
}
