//! What becomes of an invitation to speak: whoever is invited accepts or declines, signed in or by the page behind the
//! mailed link.

pub mod actions;
pub mod api;
pub mod pages;

use crate::{
    error::Code,
    http::{limits::Limit, routes::Routes},
};

pub fn routes() -> Routes {
    Routes::of("speakers")
        .post("/speaker-invitations/accept", "Accept to speak with the mail's token", api::accept)
        .fails(&[Code::LinkDead, Code::OtherAddress, Code::AddressNotVerified])
        .post("/speaker-invitations/decline", "Decline to speak with the mail's token", api::decline)
        .fails(&[Code::LinkDead])
        .and(
            Routes::pages("speakers")
                .get("/speak/{token}", "The page to accept an invitation to speak", pages::show)
                .post("/speak/{token}", "Accept the invitation to speak", pages::accept)
                .limited(&[Limit::SignIn, Limit::SignInAs]),
        )
}
