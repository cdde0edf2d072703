//! The outbox in a browser.

use super::{
    api::{event, queue},
    deliver, letter,
};
use crate::harness::{Act, SmtpServer, Stage};
use scraper::{Html, Selector};

const MAILS: &str = "/ducks/organize/mails";

fn links(page: &crate::harness::Response, selector: &str) -> Vec<String> {
    let html = Html::parse_document(&page.text());
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector).filter_map(|element| element.attr("href").map(str::to_owned)).collect()
}

#[actix_web::test]
async fn every_mail_stands_there_with_its_fate() {
    let server = SmtpServer::start().await;
    let app = super::app_with(&server).await;
    let (organizer, id) = event(&app, "ducks").await;
    assert!(organizer.page(MAILS).await.expect(200).text().contains("Every mail that the event sends"));
    for _ in 0..3 {
        queue(&app, id, letter()).await;
    }
    let page = organizer.page(&format!("{MAILS}?limit=2&state=&kind=")).await.expect(200);
    assert_eq!(links(&page, "tbody th a").len(), 2);
    let next = links(&page, "a[rel=next]").remove(0);
    assert_eq!(links(&organizer.page(&next).await.expect(200), "tbody th a").len(), 1);

    let one = links(&page, "tbody th a").remove(0);
    let shown = organizer.page(&one).await.expect(200);
    assert!(shown.text().contains("A subject") && shown.text().contains("Hold it back"));
    let answer = organizer.form(&format!("{one}/hold"), &[]).await.expect(303);
    assert_eq!(answer.header("location"), one);
    assert!(organizer.page(&one).await.expect(200).text().contains("An organizer holds it back."));
    let held = organizer.page(&format!("{MAILS}?state=held")).await.expect(200);
    assert_eq!(links(&held, "tbody th a"), std::slice::from_ref(&one));
    organizer.form(&format!("{one}/release"), &[]).await.expect(303);
    organizer.form(&format!("{one}/release"), &[]).await.expect(409);
    organizer.form(&format!("{one}/again"), &[]).await.expect(409);
}

#[actix_web::test]
async fn a_failed_one_goes_again() {
    let server = SmtpServer::start().await;
    let app = super::app_with(&server).await;
    let (organizer, id) = event(&app, "ducks").await;
    deliver(&app).await;
    queue(&app, id, letter()).await;
    server.once(Stage::Rcpt, Act::Say("550 5.1.1 No such mailbox"));
    deliver(&app).await;
    let page = organizer.page(&format!("{MAILS}?state=failed")).await.expect(200);
    let one = links(&page, "tbody th a").remove(0);
    let shown = organizer.page(&one).await.expect(200);
    assert!(shown.text().contains("No such mailbox") && shown.text().contains("Send it again"));
    assert!(organizer.page("/ducks/organize").await.expect(200).text().contains("One mail could not be delivered."));
    organizer.form(&format!("{one}/again"), &[]).await.expect(303);
    deliver(&app).await;
    assert!(organizer.page(&one).await.expect(200).text().contains(">Sent<"));
    let viewer = app.speaker("vera").await;
    viewer.page(&one).await.expect(403);
}
