//! The machinery of the HTML pages: the layout around each, forms that keep what was typed, the session's cookie, texts.
//! What a page shows and does stands in the `pages.rs` of its feature.

pub mod address;
pub mod assets;
pub mod badge;
pub mod charts;
pub mod cookies;
pub mod filters;
pub mod form;
pub mod fragment;
pub mod input;
pub mod language;
pub mod layout;
mod link;
pub mod markdown;
pub mod outcome;
pub mod preview;
pub mod resume;
pub mod several;
mod typed;
pub mod upload;

pub use address::address;
pub use form::{Form, FormState, Sent};
pub use fragment::Fragment;
pub use layout::{Page, Screen};
pub use link::{Field, LinkPage};
pub use outcome::{Outcome, SeeOther};

/// The field of every form that people do not see and leave empty. Programs that fill in everything give themselves away.
pub const TRAP: &str = "fax";

/// What such a program gets to see, which has to believe that it was taken.
pub fn trapped() -> Page<LinkPage> {
    Page::new(LinkPage::new("Thank you").paragraph("We have got your form."))
}
