//! The ranking in a browser: figures side by side, the line, and what is done with it.

use super::world;
use crate::harness::{Response, TestApp};
use scraper::{Html, Selector};
use serde_json::json;

const RANKING: &str = "/conf/organize/ranking";

fn all(page: &Response, selector: &str) -> Vec<String> {
    let html = Html::parse_document(&page.text());
    let selector = Selector::parse(selector).unwrap();
    let found = html.select(&selector).map(|element| element.text().collect::<String>());
    found.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn attributes(page: &Response, selector: &str, name: &str) -> Vec<String> {
    let html = Html::parse_document(&page.text());
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector).filter_map(|element| element.attr(name).map(str::to_owned)).collect()
}

#[actix_web::test]
async fn nothing_is_ranked_before_it_is_reviewed() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let page = event.organizer.page(RANKING).await.expect(200);
    assert_eq!(all(&page, ".empty").len(), 1);
}

#[actix_web::test]
async fn the_order_is_that_of_the_ranking_and_has_pages() {
    let world = world().await;
    let ranking = world.ranking("?cut=3").await;
    let order: Vec<String> = super::items(&ranking).iter().map(|item| item["title"].as_str().unwrap().into()).collect();
    let organizer = &world.event.organizer;
    let page = organizer.page(&format!("{RANKING}?line=3&track=")).await.expect(200);
    assert_eq!(all(&page, "tbody th a"), order);
    assert_eq!(all(&page, "svg.interval").len(), 8);
    assert_eq!(all(&page, "tr.cutline"), ["3 have room above this line"]);
    let close = super::items(&ranking).iter().filter(|item| item["too_close"] == true).count();
    assert_eq!(all(&page, "tr.close").len(), close);
    let page = organizer.page(&format!("{RANKING}?line=5&limit=3")).await.expect(200);
    assert_eq!(all(&page, "tbody th a"), order[..3]);
    assert!(all(&page, "tr.cutline").is_empty(), "the line is on another page");
    let next = attributes(&page, "a[rel=next]", "href").remove(0);
    let page = organizer.page(&next).await.expect(200);
    assert_eq!(all(&page, "tbody th a"), order[3..6]);
    assert_eq!(all(&page, "tr.cutline").len(), 1);
    organizer.page(&format!("{RANKING}?line=0")).await.expect(422);
    organizer.page(&format!("{RANKING}?line=3&from=900")).await.expect(200);
}

#[actix_web::test]
async fn a_ranking_is_kept_and_shown_again() {
    let world = world().await;
    let organizer = &world.event.organizer;
    let page = organizer.page(&format!("{RANKING}?line=2")).await.expect(200);
    assert_eq!(attributes(&page, "form[action$=keep] input[name=cut]", "value"), ["2"]);
    let keep = format!("{RANKING}/keep");
    let page = organizer.form(&keep, &[("name", ""), ("cut", "2")]).await.expect(422);
    assert_eq!(attributes(&page, "form[action$=keep] input[name=cut]", "value"), ["2"], "the line is not lost");
    organizer.form(&keep, &[("name", "Первая"), ("cut", "2")]).await.expect(303);
    let order = all(&organizer.page(RANKING).await.expect(200), "tbody th a");
    super::review(&world.event, &world.reviewers[3], &world.codes[1], 1).await;
    let page = organizer.page(RANKING).await.expect(200);
    assert_ne!(all(&page, "tbody th a"), order);
    let kept = attributes(&page, "details a[href*=kept]", "href").remove(0);
    let page = organizer.page(&kept).await.expect(200);
    assert_eq!(all(&page, "tbody th a"), order);
    assert!(page.text().contains("Первая"));
    assert_eq!(all(&page, "tr.cutline").len(), 1, "with the line it was kept with");
    assert!(all(&page, "form[action$=decide]").is_empty(), "nothing is decided by what was true then");
    organizer.page(&format!("{RANKING}?kept=ZZZZZZZZZZ")).await.expect(404);
}

#[actix_web::test]
async fn what_is_above_the_line_is_accepted_after_a_look() {
    let world = world().await;
    let ranking = world.ranking("").await;
    let best: Vec<&str> = super::items(&ranking).iter().take(2).map(|item| item["code"].as_str().unwrap()).collect();
    let organizer = &world.event.organizer;
    let page = organizer.page(&format!("{RANKING}?line=2")).await.expect(200);
    let codes = attributes(&page, "input[name=codes]", "value");
    assert_eq!(codes[0].lines().collect::<Vec<_>>(), best);
    assert_eq!(codes[1].lines().count(), 6);
    let fields = [("codes", &*codes[0]), ("decision", "accepted"), ("dry_run", "true")];
    let page = organizer.form("/conf/organize/decide", &fields).await.expect(200);
    assert_eq!(all(&page, "h1"), ["2 proposals would change"]);
    let fields = [("codes", &*codes[0]), ("decision", "accepted"), ("dry_run", "false")];
    organizer.form("/conf/organize/decide", &fields).await.expect(303);
    assert_eq!(world.event.seen(best[1]).await["decision"], "accepted");
    let viewer = world.app.member("vera", &world.event, "viewer").await;
    let page = viewer.page(&format!("{RANKING}?line=2")).await.expect(200);
    assert!(attributes(&page, "main input[name=codes]", "value").is_empty());
}

#[actix_web::test]
async fn nothing_is_decided_in_other_phases() {
    let world = world().await;
    let (app, organizer) = (&world.app, &world.event.organizer);
    let proposal = format!("/conf/organize/proposals/{}", world.codes[0]);
    for (deciding, buttons) in [(true, true), (false, false)] {
        app.advance(std::time::Duration::from_mins(1));
        let phase = json!({"name": "P", "starts_at": app.board.clock.now().to_string(), "deciding": deciding});
        organizer.post(&world.event.path("/phases"), phase).await.expect(201);
        for path in [&format!("{RANKING}?line=2"), "/conf/organize/proposals", &*proposal] {
            let page = organizer.page(path).await.expect(200);
            assert_eq!(!all(&page, "button[name=decision]").is_empty(), buttons, "{path}");
        }
        let comment = organizer.page(&proposal).await.expect(200);
        assert_eq!(all(&comment, "form[action$=comment]").len(), 1, "the committee talks in all phases");
    }
}
