//! Admins, made by whoever runs the server.

use crate::harness::{PASSWORD, TestApp, address};
use callboard::{
    accounts::{
        actions,
        model::{NewAdmin, NewPassword, PersonName},
    },
    error::Code,
    text::Email,
};
use serde_json::json;

fn admin(name: &str, password: Option<&str>) -> NewAdmin {
    NewAdmin {
        email: Email::new(&address(name)).unwrap(),
        name: PersonName::new("Root").unwrap(),
        password: password.map(|text| NewPassword::new(text).unwrap()),
    }
}

#[actix_web::test]
async fn an_account_that_nobody_verified_is_taken_over() {
    let app = TestApp::new().await;
    let squatter = app.unverified("root").await;
    let refused = actions::make_admin(&app.board, &address("root")).await;
    assert_eq!(refused.unwrap_err().code(), Code::NotFound, "anybody may have signed up with it");
    let stale = app.link_mailed_to("root", "verify").await;
    actions::create_admin(&app.board, admin("root", Some("the real password"))).await.unwrap();
    squatter.get("/me").await.problem(401, "sign_in_required");
    let old = json!({"email": address("root"), "password": PASSWORD});
    app.anonymous().post("/sessions", old).await.problem(401, "wrong_credentials");
    app.anonymous().post("/accounts/verify", json!({"token": stale})).await.problem(422, "link_dead");
    let new = json!({"email": address("root"), "password": "the real password"});
    let session = app.anonymous().post("/sessions", new).await.expect(201).json();
    let me = app.with_token(session["token"].as_str().unwrap()).get("/me").await.expect(200).json();
    assert_eq!((&me["name"], &me["admin"]), (&json!("Root"), &json!(true)));
}

#[actix_web::test]
async fn an_account_in_use_becomes_admin_and_keeps_its_password() {
    let app = TestApp::new().await;
    let ada = app.speaker("ada").await;
    let refused = actions::create_admin(&app.board, admin("ada", Some("another password"))).await;
    assert_eq!(refused.unwrap_err().code(), Code::Taken);
    actions::make_admin(&app.board, &address("ada").to_uppercase()).await.unwrap();
    assert_eq!(ada.get("/me").await.json()["admin"], true);
    app.sign_in("ada").await;
}

#[actix_web::test]
async fn without_a_password_only_the_mailed_link_opens_the_account() {
    let app = TestApp::new().await;
    actions::create_admin(&app.board, admin("root", None)).await.unwrap();
    for password in ["", PASSWORD] {
        let sign_in = json!({"email": address("root"), "password": password});
        app.anonymous().post("/sessions", sign_in).await.problem(401, "wrong_credentials");
    }
    let token = app.link_mailed_to("root", "reset").await;
    let reset = json!({"token": token, "password": PASSWORD});
    app.anonymous().post("/password-resets/confirm", reset).await.expect(204);
    app.sign_in("root").await;
}
