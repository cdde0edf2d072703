//! One's data and its erasure in a browser.

use crate::harness::{PASSWORD, TestApp};

#[actix_web::test]
async fn all_that_is_held_is_counted_and_can_be_taken_along() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    event.submit(&ada, "A talk").await;
    let page = ada.page("/me/data").await.expect(200).text();
    assert!(page.contains("ada@example.org") && page.contains("Mails to you"), "{page}");
    let file = ada.page("/me/data/download").await.expect(200);
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"callboard-my-data.json\"");
    assert_eq!(file.header("cache-control"), "no-store");
    assert_eq!(file.json()["proposals"][0]["title"], "A talk");
}

#[actix_web::test]
async fn whoever_goes_is_told_what_goes_and_gives_the_password() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    event.submit(&ada, "A talk").await;
    let page = ada.page("/me/data/erase").await.expect(200).text();
    assert!(page.contains("One proposal of yours goes") && page.contains("Erase ada@example.org for ever"), "{page}");
    let wrong = ada.form("/me/data/erase", &[("password", "not my password")]).await.expect(422).text();
    assert!(wrong.contains("is not the password of your account") && !wrong.contains("not my password"), "{wrong}");
    let answer = ada.form("/me/data/erase", &[("password", PASSWORD)]).await.expect(303);
    assert_eq!(answer.header("location"), "/");
    ada.get("/me").await.expect(401);
    let last = event.organizer.form("/me/data/erase", &[("password", PASSWORD)]).await.expect(409).text();
    assert!(last.contains("Make somebody else organizer first"), "{last}");
}
