//! The demo's mailbox: there in the demo, and nowhere else.

use super::now;
use crate::{events::setup_pages::texts, harness::TestApp};
use callboard::demo::load;
use std::sync::atomic::Ordering;

#[actix_web::test]
async fn only_the_demo_lets_anybody_be_anybody() {
    let app = TestApp::new().await;
    load::load(&app.board, now()).await.unwrap();
    let nobody = app.anonymous();
    let be = [("email", load::ORGANIZER)];
    nobody.page("/demo/mailbox").await.expect(404);
    nobody.form("/demo/sign-in", &be).await.expect(404);
    app.board.demo.store(true, Ordering::Relaxed);
    let page = nobody.page("/demo/mailbox").await.expect(200);
    assert_eq!(texts(&page, ".card").len(), 4);
    assert!(!texts(&page, ".mailbox li").is_empty());
    let in_there = nobody.form("/demo/sign-in", &be).await.expect(303);
    assert_eq!(in_there.header("location"), "/posette2025/organize");
    assert!(in_there.header("set-cookie").starts_with("__Host-session="));
    nobody.form("/demo/sign-in", &[("email", "reviewer.four@posette.example")]).await.expect(404);
    nobody.form("/demo/sign-in", &[]).await.expect(422);
}
