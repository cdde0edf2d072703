//! The program in a browser.

use super::talks::stage;
use serde_json::json;

#[actix_web::test]
async fn the_program_is_a_list_and_a_page_for_each_talk() {
    let stage = stage().await;
    let nobody = stage.app.anonymous();
    let empty = nobody.page("/conf/talks").await.expect(200).text();
    assert!(empty.contains("No talk is announced yet"), "{empty}");
    let stays = stage.decided("<Stays> & *stays*", "accepted").await;
    let other = stage.decided("Another", "accepted").await;
    let rejected = stage.decided("Rejected", "rejected").await;
    nobody.page(&format!("/conf/talks/{stays}")).await.expect(404);
    stage.publish().await;
    let slides = json!({"url": "https://example.org/slides"});
    stage.ada.put(&stage.event.mine(&format!("/{stays}/slides")), slides).await.expect(200);

    let list = nobody.page("/conf/talks").await.expect(200).text();
    let place = |text: &str| list.find(text).unwrap_or_else(|| panic!("no {text} in {list}"));
    assert!(place("&#60;Stays&#62; &#38; *stays*") < place("Another"), "by title");
    assert!(list.contains("Ada 千代") && list.contains("2 talks") && !list.contains("Rejected"));
    assert!(!list.contains("example.org/slides") && !list.contains("ada@example.org"));
    let found = nobody.page("/conf/talks?q=another&track=&format=").await.expect(200).text();
    assert!(found.contains(&format!("/conf/talks/{other}")) && !found.contains(&stays), "{found}");
    let none = nobody.page("/conf/talks?format=Workshop").await.expect(200).text();
    assert!(none.contains("No talk fits"), "{none}");
    nobody.page("/conf/talks?page=9").await.expect(200);

    let talk = nobody.page(&format!("/conf/talks/{stays}")).await.expect(200).text();
    for part in ["&#60;Stays&#62; &#38; *stays*", "Ada 千代", "Ünïq", "<p>One.</p>", "https://example.org/slides"] {
        assert!(talk.contains(part), "{part} is missing in {talk}");
    }
    assert!(talk.contains("<meta name=\"description\" content=\"All about"), "{talk}");
    for code in [&rejected, "ZZZZZZ"] {
        nobody.page(&format!("/conf/talks/{code}")).await.expect(404);
    }
    stage.event.organizer.patch("/events/conf/settings", json!({"visibility": "draft"})).await.expect(200);
    nobody.page("/conf/talks").await.expect(404);
    nobody.page(&format!("/conf/talks/{stays}")).await.expect(404);
}
