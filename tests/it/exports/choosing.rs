//! Exports in a browser.

use crate::{
    events::setup_pages::{only_for, texts, value},
    harness::TestApp,
};

#[actix_web::test]
async fn files_come_with_the_session_and_with_chosen_columns() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    event.submit(&app.speaker("ada").await, "A talk").await;
    let (path, organizer) = (event.page("/export"), &event.organizer);
    let page = organizer.page(&path).await.expect(200);
    assert_eq!(texts(&page, ".card h2"), ["Talks", "Proposals", "Speakers", "Reviews"]);
    let page = organizer.page(&format!("{path}?table=speakers")).await.expect(200);
    assert!(texts(&page, ".option").contains(&"email".to_owned()), "{:?}", texts(&page, ".option"));
    for file in ["talks.csv", "proposals.json", "speakers.xlsx", "reviews.csv"] {
        let file = organizer.page(&format!("{path}/{file}")).await.expect(200);
        assert!(file.header("content-disposition").starts_with("attachment"));
    }
    let chosen = organizer.page(&format!("{path}/proposals.csv?_key=k&fax=&columns=&columns=title&columns=code")).await;
    assert!(chosen.expect(200).text().starts_with("title,code\r\nA talk,"));
    organizer.page(&format!("{path}/proposals.csv?columns=nothing")).await.expect(422);
    only_for(&event, &app, "/export", 200).await;
}

#[actix_web::test]
async fn a_choice_of_columns_is_kept_used_and_removed() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    event.submit(&app.speaker("ada").await, "A talk").await;
    let (path, organizer) = (event.page("/export"), &event.organizer);
    let keep = format!("{path}/presets");
    let fields = [("table", "proposals"), ("name", "Short"), ("columns", ""), ("columns", "title")];
    organizer.form(&keep, &fields).await.expect(303);
    let page = organizer.form(&keep, &[("table", "speakers"), ("name", ""), ("columns", "")]).await.expect(422);
    assert!(texts(&page, "h2").contains(&"Columns: Speakers".to_owned()));
    let code = event.codes("/export-presets").await.remove(0);
    let file = organizer.page(&format!("{path}/proposals.csv?preset={code}")).await.expect(200);
    assert_eq!(file.text(), "title\r\nA talk\r\n");
    let page = organizer.page(&path).await.expect(200);
    let remove = format!("{keep}/{code}/remove");
    let version = value(&page, &remove, "_version").unwrap();
    organizer.form(&remove, &[("_version", "99")]).await.expect(412);
    organizer.form(&remove, &[("_version", &version)]).await.expect(303);
    assert!(event.codes("/export-presets").await.is_empty());
}
