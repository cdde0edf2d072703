//! The plain page behind a mailed link: some sentences and at most one form.

use super::{Page, Screen, filters, language::t};
use crate::error::FieldErrors;
use actix_web::http::StatusCode;
use askama::Template;

#[derive(Clone, Debug, Template)]
#[template(path = "link.html")]
pub struct LinkPage {
    title: String,
    paragraphs: Vec<String>,
    /// Label and text, from people.
    facts: Vec<(&'static str, String)>,
    fields: Vec<Field>,
    /// Name, value and label of each button; no buttons, no form.
    buttons: Vec<Button>,
    errors: Vec<(String, String)>,
    /// Where to go on, label and path; the first is what most people want.
    next: Vec<(&'static str, String)>,
    /// For few people: a question, what to do then, and something to copy.
    otherwise: Option<(&'static str, &'static str, String)>,
}

#[derive(Clone, Debug)]
pub struct Button {
    name: &'static str,
    value: &'static str,
    label: &'static str,
    /// Shown so that nobody presses it without looking.
    quiet: bool,
}

/// An input of the form.
#[derive(Clone, Debug)]
pub struct Field {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    hint: &'static str,
    value: String,
}

impl Field {
    pub fn new_password() -> Field {
        Field {
            name: "password",
            label: "New password",
            kind: "password",
            autocomplete: "new-password",
            hint: "At least 10 characters. A few words that only you put together are best.",
            value: String::new(),
        }
    }

    pub fn password() -> Field {
        Field {
            name: "password",
            label: "Your password",
            kind: "password",
            autocomplete: "current-password",
            hint: "",
            value: String::new(),
        }
    }

    pub fn name(value: &str) -> Field {
        Field {
            name: "name",
            label: "Your name",
            kind: "text",
            autocomplete: "name",
            hint: "As others shall see it.",
            value: value.to_owned(),
        }
    }
}

impl Screen for LinkPage {
    fn title(&self) -> String {
        t(&self.title).into_owned()
    }
}

impl LinkPage {
    pub fn new(title: impl Into<String>) -> LinkPage {
        LinkPage {
            title: title.into(),
            paragraphs: vec![],
            facts: vec![],
            fields: vec![],
            buttons: vec![],
            errors: vec![],
            next: vec![],
            otherwise: None,
        }
    }

    /// What stands below all else, folded: it is for few people.
    #[must_use]
    pub fn otherwise(mut self, question: &'static str, text: &'static str, copied: impl Into<String>) -> LinkPage {
        self.otherwise = Some((question, text, copied.into()));
        self
    }

    /// Where to go from here.
    #[must_use]
    pub fn next(mut self, label: &'static str, path: impl Into<String>) -> LinkPage {
        self.next.push((label, path.into()));
        self
    }

    #[must_use]
    pub fn paragraph(mut self, text: impl Into<String>) -> LinkPage {
        self.paragraphs.push(text.into());
        self
    }

    #[must_use]
    pub fn fact(mut self, label: &'static str, text: impl Into<String>) -> LinkPage {
        self.facts.push((label, text.into()));
        self
    }

    #[must_use]
    pub fn field(mut self, field: Field) -> LinkPage {
        self.fields.push(field);
        self
    }

    /// The rest of a page behind a mailed invitation: where it came from and went to, and the form that accepts it, for
    /// whoever is `known` by an account with that address and for others.
    #[must_use]
    pub fn invitation(self, inviter: &str, email: &str, known: bool, name: &str) -> LinkPage {
        // Whoever erased their account has no name any more.
        let page = if inviter.is_empty() { self } else { self.fact("Invited by", inviter) };
        let page = page.fact("For the address", email);
        if known {
            page.paragraph("You have an account with this address.")
                .field(Field::password())
                .button("Sign in and accept")
        } else {
            page.paragraph("You get an account with this address.")
                .field(Field::name(name))
                .field(Field::new_password())
                .button("Create the account and accept")
        }
    }

    #[must_use]
    pub fn button(self, label: &'static str) -> LinkPage {
        self.choice("", "", label)
    }

    /// One of several buttons, told apart by what they send.
    #[must_use]
    pub fn choice(mut self, name: &'static str, value: &'static str, label: &'static str) -> LinkPage {
        self.buttons.push(Button { name, value, label, quiet: false });
        self
    }

    /// The button that says no.
    #[must_use]
    pub fn refusal(mut self, name: &'static str, value: &'static str, label: &'static str) -> LinkPage {
        self.buttons.push(Button { name, value, label, quiet: true });
        self
    }

    /// The form once more with what is wrong, as 422.
    pub fn again(mut self, errors: &FieldErrors) -> Page<LinkPage> {
        self.errors = errors.0.iter().map(|error| (error.field.clone(), error.message.clone())).collect();
        Page { status: StatusCode::UNPROCESSABLE_ENTITY, template: self }
    }

    fn label_of(&self, field: &str) -> &str {
        self.fields.iter().find(|known| known.name == field).map_or("", |known| known.label)
    }

    fn error_of(&self, field: &str) -> Option<&str> {
        self.errors.iter().find(|(name, _)| name == field).map(|(_, message)| message.as_str())
    }
}
