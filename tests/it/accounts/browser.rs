//! Signing in and out in a browser: the cookie, where it leads, and that nothing typed is lost.

use crate::harness::{Client, Response, TestApp};
use scraper::{Html, Selector};

fn cookie(answer: &Response) -> String {
    let lines = answer.headers.get_all("set-cookie").map(|line| line.to_str().unwrap().to_owned());
    lines.into_iter().find(|line| line.starts_with("__Host-session=")).unwrap_or_default()
}

fn value(page: &Response, name: &str) -> Option<String> {
    let html = Html::parse_document(&page.text());
    let found = html.select(&Selector::parse(&format!("input[name=\"{name}\"]")).unwrap()).next();
    found.and_then(|input| input.attr("value").map(str::to_owned))
}

async fn sign_in(client: &Client, more: &[(&str, &str)]) -> Response {
    let mut fields = vec![("email", "ada@example.org"), ("password", crate::harness::PASSWORD)];
    fields.extend(more);
    client.form("/sign-in", &fields).await
}

#[actix_web::test]
async fn a_page_for_somebody_leads_to_signing_in_and_back() {
    let app = TestApp::new().await;
    app.speaker("ada").await;
    let nobody = app.anonymous();
    let page = nobody.page("/sign-in?next=%2Fme%3Fa%3Db").await.expect(200);
    assert_eq!(value(&page, "_next").as_deref(), Some("/me?a=b"));
    let answer = sign_in(&nobody, &[("_next", "/me?a=b")]).await.expect(303);
    assert_eq!(answer.header("location"), "/me?a=b");
    let set = cookie(&answer);
    assert!(set.contains("; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure"), "{set}");
    for elsewhere in ["https://evil.example/", "//evil.example", "/\\evil.example"] {
        let answer = sign_in(&nobody, &[("_next", elsewhere)]).await.expect(303);
        assert_eq!(answer.header("location"), "/me", "{elsewhere}");
    }
}

#[actix_web::test]
async fn a_wrong_password_keeps_the_address_and_never_the_password() {
    let app = TestApp::new().await;
    let nobody = app.anonymous();
    let fields = [("email", "ada@example.org"), ("password", "a wrong secret of mine")];
    let page = nobody.form("/sign-in", &fields).await.expect(401);
    assert_eq!(value(&page, "email").as_deref(), Some("ada@example.org"));
    assert!(!page.text().contains("wrong secret"));
    assert_eq!(cookie(&page), "");
}

#[actix_web::test]
async fn the_api_knows_no_cookies_and_the_pages_no_tokens() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    let with_cookie = actix_web::test::TestRequest::get()
        .uri("/api/v1/me")
        .insert_header(("cookie", format!("__Host-session={}", ada.token())));
    app.anonymous().send(with_cookie).await.expect(401);
    let with_token = actix_web::test::TestRequest::post()
        .uri("/sign-out")
        .insert_header(("sec-fetch-site", "same-origin"))
        .insert_header(("authorization", format!("Bearer {}", ada.token())));
    app.anonymous().send(with_token).await.expect(401);
}

#[actix_web::test]
async fn what_was_typed_survives_the_end_of_the_session() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    ada.delete("/sessions/current").await.expect(204);
    let page = ada.form("/sign-out", &[("title", "A \"talk\" & more"), ("_key", "k")]).await.expect(401);
    let path = value(&page, "_unsent_path").unwrap();
    let form = value(&page, "_unsent_form").unwrap();
    assert_eq!(path, "/sign-out");
    let page = sign_in(&app.anonymous(), &[("_unsent_path", &path), ("_unsent_form", &form)]).await.expect(200);
    assert_eq!(value(&page, "title").as_deref(), Some("A \"talk\" & more"));
    assert!(page.text().contains("action=\"/sign-out\""));
    assert_ne!(cookie(&page), "");
    // A form that holds a password is not carried on.
    let page = ada.form("/sign-out", &[("password", "unspeakable")]).await.expect(401);
    assert_eq!(value(&page, "_unsent_form"), None);
    assert!(!page.text().contains("unspeakable"));
}

#[actix_web::test]
async fn signing_out_ends_the_session_and_says_so_once() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    let answer = ada.form("/sign-out", &[]).await.expect(303);
    assert!(cookie(&answer).starts_with("__Host-session=;"));
    ada.get("/me").await.expect(401);
    let flash = answer.headers.get_all("set-cookie").map(|line| line.to_str().unwrap().to_owned());
    let flash = flash.into_iter().find(|line| line.starts_with("__Host-flash=")).unwrap();
    let home = actix_web::test::TestRequest::get().uri("/").insert_header(("cookie", flash.split(';').next().unwrap()));
    let home = app.anonymous().send(home).await.expect(200);
    assert!(home.text().contains("You are signed out."));
    assert!(home.headers.get_all("set-cookie").any(|line| line.to_str().unwrap().starts_with("__Host-flash=;")));
}

#[actix_web::test]
async fn a_form_of_another_site_is_refused() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    for site in ["cross-site", "same-site"] {
        let form = actix_web::test::TestRequest::post().uri("/sign-out").insert_header(("sec-fetch-site", site));
        let form = form.insert_header(("cookie", format!("__Host-session={}", ada.token())));
        app.anonymous().send(form.set_form([("a", "b")])).await.expect(403);
    }
    ada.get("/me").await.expect(200);
}
