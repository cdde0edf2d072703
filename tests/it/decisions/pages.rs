//! Publishing in a browser: the rehearsal, the deed, the minute to stop it, and the balance.

use super::DELAY;
use crate::harness::{Response, TestApp, seed::code};
use callboard::jobs;
use scraper::{Html, Selector};

const PUBLISH: &str = "/conf/organize/publish";

fn all(page: &Response, selector: &str) -> Vec<String> {
    let html = Html::parse_document(&page.text());
    let selector = Selector::parse(selector).unwrap();
    let found = html.select(&selector).map(|element| element.text().collect::<String>());
    found.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn value(page: &Response, selector: &str, name: &str) -> String {
    let html = Html::parse_document(&page.text());
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector).find_map(|element| element.attr(name)).unwrap_or_default().to_owned()
}

#[actix_web::test]
async fn the_rehearsal_shows_every_mail_as_in_a_mailbox() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let page = event.organizer.page(PUBLISH).await.expect(200);
    assert!(page.text().contains("Everybody knows all decisions that were made."));
    for name in ["ada", "bob", "cem"] {
        let speaker = app.speaker(name).await;
        let talk = code(&event.submit(&speaker, &format!("Talk of {name}")).await);
        event.decide(&talk, if name == "bob" { "rejected" } else { "accepted" }).await;
    }
    let page = event.organizer.page(&format!("{PUBLISH}?limit=2")).await.expect(200);
    assert_eq!(all(&page, ".mailbox .list li").len(), 2);
    assert_eq!(all(&page, "#told tbody tr").len(), 2);
    let rest = event.organizer.page(&format!("{PUBLISH}?limit=2&told=2")).await.expect(200);
    assert_eq!(all(&rest, "#told tbody tr").len(), 1);
    let later = value(&page, ".mailbox .pager a", "href");
    let page = event.organizer.page(later.split('#').next().unwrap()).await.expect(200);
    assert_eq!(all(&page, ".mailbox .list li").len(), 1);
    let preview = event.preview().await;
    for (nth, mail) in preview["mails"].as_array().unwrap().iter().enumerate() {
        let page = event.organizer.page(&format!("{PUBLISH}?mail={}", nth + 1)).await.expect(200);
        let html = Html::parse_document(&page.text());
        let letter = html.select(&Selector::parse("pre.letter").unwrap()).next().unwrap();
        assert_eq!(letter.text().collect::<String>(), mail["text"].as_str().unwrap());
        assert!(all(&page, ".envelope")[0].contains(mail["to"].as_str().unwrap()));
    }
    let viewer = app.member("vera", &event, "viewer").await;
    let page = viewer.page(PUBLISH).await.expect(200);
    assert!(all(&page, ".launch").is_empty(), "who only reads cannot publish");
    viewer.form(PUBLISH, &[("version", "x")]).await.expect(403);
}

#[actix_web::test]
async fn what_changed_since_the_rehearsal_is_shown_and_nothing_goes() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let first = code(&event.submit(&ada, "First").await);
    let second = code(&event.submit(&ada, "Second").await);
    event.decide(&first, "accepted").await;
    let page = event.organizer.page(PUBLISH).await.expect(200);
    let version = value(&page, "input[name=version]", "value");
    event.decide(&second, "rejected").await;
    let page = event.organizer.form(PUBLISH, &[("version", &version)]).await.expect(409);
    assert_eq!(all(&page, "#differences + ul li"), ["New: Second", "Other words, decision or people: First"][..1]);
    assert!(app.decision_mails("ada").await.is_empty());
    let version = value(&page, "input[name=version]", "value");
    event.organizer.form(PUBLISH, &[("version", &version)]).await.expect(303);
    event.organizer.form(PUBLISH, &[("version", "nonsense")]).await.expect(422);
}

#[actix_web::test]
async fn it_can_be_stopped_for_a_minute_and_a_reload_forgets_nothing() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "A talk").await);
    event.decide(&talk, "accepted").await;
    let publish = async || {
        let page = event.organizer.page(PUBLISH).await.expect(200);
        let version = value(&page, "input[name=version]", "value");
        event.organizer.form(PUBLISH, &[("version", &version)]).await.expect(303).header("location").to_owned()
    };
    let there = publish().await;
    app.advance(std::time::Duration::from_secs(20));
    let page = event.organizer.page(&there).await.expect(200);
    assert_eq!(value(&page, "[data-seconds]", "data-seconds"), "40");
    let rehearsal = event.organizer.page(PUBLISH).await.expect(200);
    assert!(rehearsal.text().contains("A publication is on its way already."));
    assert!(event.organizer.page("/conf/organize").await.expect(200).text().contains(&there));
    let answer = event.organizer.form(&format!("{there}/stop"), &[]).await.expect(303);
    assert_eq!(answer.header("location"), there);
    assert!(event.organizer.page(&there).await.expect(200).text().contains("Nobody was told"));
    event.organizer.form(&format!("{there}/stop"), &[]).await.expect(409);

    let there = publish().await;
    app.advance(DELAY);
    assert_eq!(jobs::release_due(&app.board).await.unwrap(), 1);
    let page = event.organizer.page(&there).await.expect(200);
    assert!(page.text().contains("0 of 1 mails are sent"), "{}", page.text());
    assert_eq!(all(&event.organizer.page(PUBLISH).await.expect(200), "#earlier + ul > li").len(), 2);
}

#[actix_web::test]
async fn the_balance_counts_and_names_only_who_is_asked_for() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    assert!(event.organizer.page("/conf/organize/balance").await.expect(200).text().contains("As soon as something"));
    let track = event.track("Systems").await;
    let ada = app.speaker("ada").await;
    for title in ["One", "Two", "Three"] {
        let talk = code(&event.submit_to(&track, &ada, title).await);
        if title != "Three" {
            event.decide(&talk, "accepted").await;
        }
    }
    let page = event.organizer.page("/conf/organize/balance").await.expect(200);
    assert!(page.text().contains("2 accepted of 3 submitted"));
    let rows = all(&page, "figure tbody tr");
    assert!(rows.contains(&"Systems32".to_owned()) || rows.contains(&"Systems 3 2".to_owned()), "{rows:?}");
    assert!(!page.text().contains(">ada<"));
    let page = event.organizer.page("/conf/organize/balance?names=true").await.expect(200);
    assert!(page.text().contains("<bdi>ada</bdi>"));
}
