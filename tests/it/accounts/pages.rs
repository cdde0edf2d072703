//! Signing up and looking after the own account in a browser.

use crate::harness::{Client, PASSWORD, Response, TestApp};
use scraper::{Html, Selector};
use serde_json::json;

fn all(page: &Response, selector: &str) -> Vec<String> {
    let html = Html::parse_document(&page.text());
    let wanted = Selector::parse(selector).unwrap();
    html.select(&wanted).map(|element| element.text().collect::<String>().trim().to_owned()).collect()
}

fn attribute(page: &Response, selector: &str, name: &str) -> Option<String> {
    let html = Html::parse_document(&page.text());
    let found = html.select(&Selector::parse(selector).unwrap()).next();
    found.and_then(|element| element.attr(name).map(str::to_owned))
}

async fn sign_up(client: &Client, email: &str, password: &str) -> Response {
    let fields = [("name", "Ada"), ("email", email), ("password", password), ("_next", "/conf/submit?idea=A")];
    client.form("/sign-up", &fields).await
}

#[actix_web::test]
async fn whoever_signs_up_is_led_on_and_nobody_learns_who_has_an_account() {
    let app = TestApp::new().await;
    let nobody = app.anonymous();
    let page = nobody.page("/sign-up?next=%2Fconf%2Fsubmit%3Fidea%3DA").await.expect(200);
    assert_eq!(attribute(&page, "input[name=_next]", "value").as_deref(), Some("/conf/submit?idea=A"));
    assert_eq!(
        attribute(&page, "main a", "href").as_deref(),
        Some("/sign-in?next=%2Fconf%2Fsubmit%3Fidea%3DA"),
        "also on the way to signing in"
    );
    let new = sign_up(&nobody, "ada@example.org", PASSWORD).await.expect(303);
    let sent = new.header("location").to_owned();
    assert_eq!(sent, "/sign-up/sent?next=%2Fconf%2Fsubmit%3Fidea%3DA");
    let page = nobody.page(&sent).await.expect(200);
    assert!(page.text().contains("href=\"/sign-in?next=%2Fconf%2Fsubmit%3Fidea%3DA\""), "{}", page.text());
    assert_eq!(sign_up(&nobody, "ada@example.org", PASSWORD).await.expect(303).header("location"), sent);
    assert_eq!(app.mails_to("ada", "verify").await.len(), 1);
    let wrong = sign_up(&nobody, "no address", "too short").await.expect(422);
    assert_eq!(attribute(&wrong, "input[name=email]", "value").as_deref(), Some("no address"));
    assert_eq!(attribute(&wrong, "input[name=_next]", "value").as_deref(), Some("/conf/submit?idea=A"));
    assert!(!wrong.text().contains("too short"));
    assert_eq!(all(&wrong, "#errors a").len(), 1);
    let evil = nobody.page("/sign-up?next=https%3A%2F%2Fevil.example").await.expect(200);
    assert!(!evil.text().contains("evil.example"));
}

#[actix_web::test]
async fn the_page_to_sign_in_leads_to_signing_up_for_the_same() {
    let app = TestApp::new().await;
    let page = app.anonymous().page("/sign-in?next=%2Fconf%2Fsubmit").await.expect(200);
    assert!(page.text().contains("href=\"/sign-up?next=%2Fconf%2Fsubmit\""));
    let wrong = app.anonymous().form("/sign-in", &[("email", "a@example.org"), ("password", "x")]).await.expect(401);
    assert!(!wrong.text().contains("/api/v1"), "words of the API help nobody here");
}

#[actix_web::test]
async fn links_are_asked_for_and_the_answer_is_the_same_for_all() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    for (path, kind) in [("/forgot", "reset"), ("/sign-in-link", "sign_in_link")] {
        let nobody = app.anonymous();
        nobody.page(path).await.expect(200);
        for email in ["ada@example.org", "nobody@example.org"] {
            let answer = nobody.form(path, &[("email", email)]).await.expect(303);
            assert_eq!(answer.header("location"), format!("{path}/sent"));
        }
        nobody.page(&format!("{path}/sent")).await.expect(200);
        assert_eq!(app.mails().await.iter().filter(|mail| mail.kind == kind).count(), 1, "{path}");
        nobody.form(path, &[("email", "nothing")]).await.expect(422);
    }
}

#[actix_web::test]
async fn the_name_is_changed_and_a_stale_change_is_shown_beside_what_is_there() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    let page = ada.page("/me/profile").await.expect(200);
    let version = attribute(&page, "input[name=_version]", "value").unwrap();
    assert!(page.text().contains("See the open calls"), "no event yet");
    let change = |name| [("name", name), ("_version", version.as_str())];
    ada.form("/me/profile", &change("Ada L.")).await.expect(303);
    let stale = ada.form("/me/profile", &change("Ada Lovelace")).await.expect(412);
    assert_eq!(attribute(&stale, "input[name=name]", "value").as_deref(), Some("Ada Lovelace"));
    assert!(stale.text().contains("<bdi>Ada L.</bdi>"), "{}", stale.text());
    let version = attribute(&stale, "input[name=_version]", "value").unwrap();
    ada.form("/me/profile", &[("name", "Ada Lovelace"), ("_version", &version)]).await.expect(303);
    let empty = ada.form("/me/profile", &[("name", ""), ("_version", "9")]).await.expect(422);
    assert_eq!(all(&empty, "#errors a").len(), 1);
    let event = app.event("conf").await;
    event.submit(&ada, "A talk").await;
    let page = ada.page("/me/profile").await.expect(200);
    assert!(page.text().contains("href=\"/conf/mine/profile\""));
}

#[actix_web::test]
async fn address_and_password_are_changed_with_the_password() {
    let app = TestApp::new().await;
    let ada = app.unverified("ada").await;
    let page = ada.page("/me/security").await.expect(200);
    assert!(page.text().contains("Not verified yet"));
    ada.form("/me/security/verification", &[]).await.expect(303);
    app.verify("ada").await;
    assert!(!ada.page("/me/security").await.expect(200).text().contains("Not verified yet"));
    let wrong = [("email", "new@example.org"), ("password", "not my password")];
    let page = ada.form("/me/security/address", &wrong).await.expect(422);
    assert_eq!(attribute(&page, "input[name=email]", "value").as_deref(), Some("new@example.org"));
    assert!(!page.text().contains("not my password"));
    ada.form("/me/security/address", &[("email", "new@example.org"), ("password", PASSWORD)]).await.expect(303);
    assert_eq!(app.mails_to("new", "change_email").await.len(), 1);
    let other = app.sign_in("ada").await;
    let change = |current| [("current_password", current), ("new_password", "another long password")];
    ada.form("/me/security/password", &change("wrong")).await.expect(422);
    ada.form("/me/security/password", &change(PASSWORD)).await.expect(303);
    other.get("/me").await.expect(401);
    ada.get("/me").await.expect(200);
}

#[actix_web::test]
async fn sessions_end_one_by_one_or_all() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    let other = app.sign_in("ada").await;
    let page = ada.page("/me/security").await.expect(200);
    let path = attribute(&page, "form[action$=\"/end\"]", "action").unwrap();
    ada.form(&path, &[]).await.expect(303);
    other.get("/me").await.expect(401);
    ada.form(&path, &[]).await.expect(404);
    let answer = ada.form("/me/security/sessions/end-all", &[]).await.expect(303);
    assert_eq!(answer.header("location"), "/sign-in");
    ada.get("/me").await.expect(401);
}

#[actix_web::test]
async fn a_token_is_shown_once_and_revoked() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    let fields = [("name", "My script"), ("scopes", ""), ("scopes", "me:read"), ("expires_in_days", "30")];
    let page = ada.form("/me/security/tokens", &fields).await.expect(200);
    let token = all(&page, ".secret").remove(0);
    assert!(token.starts_with("cbp_"), "{token}");
    app.with_token(&token).get("/me").await.expect(200);
    let again = ada.page("/me/security").await.expect(200);
    assert!(!again.text().contains(&token) && again.text().contains("My script"));
    let none = ada.form("/me/security/tokens", &[("name", "Other"), ("scopes", ""), ("expires_in_days", "7")]).await;
    let none = none.expect(422);
    assert_eq!(attribute(&none, "input[name=name]", "value").as_deref(), Some("Other"));
    assert_eq!(attribute(&none, "input[name=expires_in_days]", "value").as_deref(), Some("7"));
    let path = attribute(&again, "form[action$=\"/revoke\"]", "action").unwrap();
    ada.form(&path, &[]).await.expect(303);
    app.with_token(&token).get("/me").await.expect(401);
}

#[actix_web::test]
async fn links_that_were_used_lead_on() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let invitation = json!({"email": "rita@example.org", "role": "reviewer"});
    event.organizer.post(&event.path("/invitations"), invitation).await.expect(201);
    let page = format!("/invitation/{}", app.link_mailed_to("rita", "invitation").await);
    app.anonymous().page(&page).await.expect(200);
    let fields = [("name", "Rita"), ("password", PASSWORD)];
    let answer = app.anonymous().form(&page, &fields).await.expect(303);
    assert_eq!(answer.header("location"), "/conf/review");
    let cookies = answer.headers.get_all("set-cookie").map(|line| line.to_str().unwrap().to_owned());
    let session = cookies.into_iter().find(|line| line.starts_with("__Host-session=")).unwrap();
    let token = session.split(['=', ';']).nth(1).unwrap();
    app.with_token(token).get(&event.path("/reviewing")).await.expect(200);
}
