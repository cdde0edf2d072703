//! Signing up, the own name, and the pages behind mailed links: looking at one changes nothing, sending its form does.

use super::{
    actions,
    links::{
        self,
        model::{ButtonForm, LinkToken, Purpose},
    },
    model::{EditMe, PasswordForm, SetPassword, SignUp},
    views::Me,
};
use crate::{
    access::{Public, SignedIn},
    app::Callboard,
    error::{FieldErrors, Result},
    http::{
        input::{Query, TokenPath},
        once::IfMatch,
        pages::{
            Field, Form, FormState, LinkPage, Outcome, Page, Screen, SeeOther, filters,
            language::t,
            resume::{NEXT, Next, leading_to, own_path},
        },
    },
    proposals,
};
use askama::Template;

#[derive(Template)]
#[template(path = "accounts/sign_up.html")]
pub struct SignUpPage {
    form: FormState,
    /// Where to go on after it.
    next: String,
}

impl Screen for SignUpPage {
    fn title(&self) -> String {
        t("Sign up").into_owned()
    }
}

impl SignUpPage {
    fn sign_in(&self) -> String {
        leading_to("/sign-in", &self.next)
    }
}

fn path_of(next: &Next) -> String {
    next.next.as_deref().and_then(own_path).unwrap_or_default().to_owned()
}

pub async fn show_sign_up(_: Public, (Query(next),): (Query<Next>,)) -> Result<Page<SignUpPage>> {
    Ok(Page::new(SignUpPage { form: FormState::default(), next: path_of(&next) }))
}

/// Where it leads is the same for an address that has an account and one that has none.
pub async fn sign_up(who: Public, (app, form): (Callboard, Form<SignUp>)) -> Result<Outcome<SignUpPage>> {
    let Form { sent, input } = form;
    let next = own_path(sent.get(NEXT)).unwrap_or_default().to_owned();
    let done = match input {
        Ok(input) => actions::sign_up(&app, who, input).await,
        Err(errors) => Err(errors.into()),
    };
    match done {
        Ok(()) => Ok(SeeOther::to(leading_to("/sign-up/sent", &next)).into()),
        Err(error) => sent.again(error, async |form| Ok(SignUpPage { form, next })).await,
    }
}

pub async fn signed_up(_: Public, (Query(next),): (Query<Next>,)) -> Result<Page<LinkPage>> {
    let page = LinkPage::new("Look into your mail")
        .paragraph("We have sent you a mail with a link that verifies your address. It may take a minute; look among the unwanted mails too.")
        .paragraph("You need not wait for it: sign in and begin to write. What you submit counts as soon as the address is verified.")
        .next("Sign in", leading_to("/sign-in", &path_of(&next)));
    Ok(Page::new(page))
}

#[derive(Template)]
#[template(path = "accounts/profile.html")]
pub struct ProfilePage {
    form: FormState,
    me: Me,
    /// Address and name of each event in which I have a profile.
    events: Vec<(String, String)>,
}

impl Screen for ProfilePage {
    fn title(&self) -> String {
        t("Profile").into_owned()
    }
}

async fn profile_page(app: &Callboard, who: &SignedIn, form: Option<FormState>) -> Result<ProfilePage> {
    let me: Me = actions::me(app, who.clone()).await?.into();
    let mine = proposals::actions::mine_everywhere(app, who.clone()).await?;
    let mut events: Vec<(String, String)> =
        mine.into_iter().map(|mine| (mine.proposal.event.slug, mine.proposal.event.name)).collect();
    events.sort_unstable();
    events.dedup();
    // What was typed stays; sent again, it replaces what is there now.
    let form = form.map_or_else(|| FormState::of(&me), Ok)?.version(me.version);
    Ok(ProfilePage { form, me, events })
}

pub async fn show_profile(who: SignedIn, (app,): (Callboard,)) -> Result<Page<ProfilePage>> {
    Ok(Page::new(profile_page(&app, &who, None).await?))
}

pub async fn edit_profile(
    who: SignedIn,
    (app, form, version): (Callboard, Form<EditMe>, IfMatch),
) -> Result<Outcome<ProfilePage>> {
    let Form { sent, input } = form;
    // Over the API a name that is not sent stays; in the form it was emptied.
    let emptied = sent.get("name").trim().is_empty();
    let done = match input {
        Ok(_) if emptied => Err(FieldErrors::of("name", "too_short", "must not be empty").into()),
        Ok(input) => actions::edit(&app, who.clone(), input, version).await,
        Err(errors) => Err(errors.into()),
    };
    match done {
        Ok(_) => Ok(SeeOther::to("/me/profile").saying("Your name is saved.").into()),
        Err(error) => sent.again(error, async |form| profile_page(&app, &who, Some(form)).await).await,
    }
}

fn verify_page(email: &str) -> LinkPage {
    LinkPage::new("Is this your mail address?").fact("Address", email).button("Yes, verify it")
}

pub async fn show_verify(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<LinkPage>> {
    let account = links::actions::look_at(&app, &who, Purpose::Verify, &token).await?.account;
    Ok(Page::new(verify_page(&account.email)))
}

pub async fn verify(who: Public, (app, token, _): (Callboard, TokenPath, Form<ButtonForm>)) -> Result<Page<LinkPage>> {
    actions::verify(&app, who, LinkToken { token: token.0 }).await?;
    let done = LinkPage::new("Your address is verified").paragraph("Thank you. What you submitted is complete now.");
    Ok(Page::new(done.next("To my proposals", "/me").next("To the open calls", "/")))
}

fn reset_page() -> LinkPage {
    LinkPage::new("Set a new password")
        .paragraph("All sessions and tokens of your account end with it.")
        .field(Field::new_password())
        .button("Set the password")
}

pub async fn show_reset(who: Public, (app, token): (Callboard, TokenPath)) -> Result<Page<LinkPage>> {
    links::actions::look_at(&app, &who, Purpose::Reset, &token).await?;
    Ok(Page::new(reset_page()))
}

pub async fn reset(
    who: Public,
    (app, token, Form { input: form, .. }): (Callboard, TokenPath, Form<PasswordForm>),
) -> Result<Page<LinkPage>> {
    let form = match form {
        Ok(form) => form,
        Err(errors) => return Ok(reset_page().again(&errors)),
    };
    actions::reset(&app, who, SetPassword { token: token.0, password: form.password }).await?;
    let done = LinkPage::new("Your new password is set").paragraph("Sign in with it from now on.");
    Ok(Page::new(done.next("Sign in", "/sign-in")))
}
