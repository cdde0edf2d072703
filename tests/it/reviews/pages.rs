//! Reviewing in a browser.

use super::{scores_of, stage};
use crate::harness::{Client, Response, seed::Event};
use scraper::{Html, Selector};
use serde_json::json;

pub(super) fn all(page: &Response, selector: &str) -> Vec<String> {
    let html = Html::parse_document(&page.text());
    let wanted = Selector::parse(selector).unwrap();
    let found = html.select(&wanted);
    found.map(|element| element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

pub(super) fn attr(page: &Response, selector: &str, name: &str) -> Option<String> {
    let html = Html::parse_document(&page.text());
    html.select(&Selector::parse(selector).unwrap()).next()?.attr(name).map(str::to_owned)
}

/// Whether the word stands anywhere on the page.
fn names(page: &Response, word: &str) -> bool {
    all(page, "body").concat().split(|letter: char| !letter.is_alphanumeric()).any(|found| found == word)
}

impl Event {
    async fn desk(&self, who: &Client, below: &str) -> Response {
        who.page(&format!("/{}/review{below}", self.slug)).await.expect(200)
    }
}

#[actix_web::test]
async fn the_desk_says_what_is_left_and_leads_to_the_next() {
    let (app, event, rita, engines) = stage().await;
    let looms = event.propose(&app.sign_in("ada").await, "Looms").await;
    let page = event.desk(&rita, "").await;
    assert_eq!(all(&page, ".progress .figure"), ["0 of 2 done"]);
    assert_eq!(all(&page, ".rows .title").len(), 2);
    let next = attr(&page, "a.big", "href").unwrap();
    assert!([&engines, &looms].iter().any(|one| next == format!("/conf/review/{}", one.reference)), "{next}");
    event.score(&rita, &engines, &[4]).await;
    let page = event.desk(&rita, "").await;
    assert_eq!(all(&page, ".progress .figure"), ["1 of 2 done"]);
    assert_eq!(all(&page, ".rows .title"), ["Looms"]);
    assert_eq!(all(&event.desk(&rita, "?mine=done").await, ".rows .title"), ["Engines"]);
    assert_eq!(all(&event.desk(&rita, "?q=engines").await, ".rows .title"), ["Engines"]);
    for nothing in ["?mine=draft", "?mine=skipped", "?mine=changed", "?q=nothing"] {
        let page = event.desk(&rita, nothing).await;
        assert_eq!((all(&page, ".rows").len(), all(&page, "section .empty").len()), (0, 1), "{nothing}");
    }
    assert_eq!(all(&page, ".histograms rect").len(), 5, "a bar for each score");
    event.abstain(&rita, &looms).await;
    let page = event.desk(&rita, "").await;
    assert_eq!(all(&page, "a.big").len(), 0);
    assert!(page.text().contains("You have read everything."));
}

#[actix_web::test]
async fn a_desk_without_proposals_says_so() {
    let app = crate::harness::TestApp::new().await;
    let event = app.event("conf").await;
    let rita = app.reviewer("rita", &event).await;
    for below in ["", "/mine", "/bids", "/conflicts"] {
        assert_eq!(all(&event.desk(&rita, below).await, ".empty").len(), 1, "{below}");
    }
}

#[actix_web::test]
async fn a_review_is_written_and_leads_to_the_next() {
    let (app, event, rita, engines) = stage().await;
    let looms = event.propose(&app.sign_in("ada").await, "Looms").await;
    let criterion = event.criteria().await.remove(0);
    let (at, field) = (format!("/conf/review/{}", engines.reference), format!("scores.{criterion}"));
    let page = rita.page(&at).await.expect(200);
    assert_eq!(all(&page, "h1"), ["Engines"]);
    assert_eq!(all(&page, &format!("input[type=radio][name=\"{field}\"]")).len(), 5);
    let wrong = rita.form(&at, &[("comment", "Kept as typed"), ("_go", "next")]).await.expect(422);
    assert_eq!(all(&wrong, "textarea[name=comment]"), ["Kept as typed"]);
    assert_eq!(all(&wrong, ".summary a").len(), 1);
    let fields = [(field.as_str(), "4"), ("comment", "Solid"), ("confidence", "high"), ("_go", "next")];
    let saved = rita.form(&at, &fields).await.expect(303);
    assert_eq!(saved.header("location"), format!("/conf/review/{}", looms.reference));
    let review = rita.get(&event.of(&engines, "/review")).await.expect(200).json();
    assert_eq!((&review["scores"][&criterion], &review["comment"]), (&json!(4), &json!("Solid")));
    let page = rita.page(&at).await.expect(200);
    assert_eq!(attr(&page, &format!("input[name=\"{field}\"][checked]"), "value").as_deref(), Some("4"));
    let version = attr(&page, "#review input[name=_version]", "value").unwrap();
    let edit = [(field.as_str(), "2"), ("_version", version.as_str()), ("_go", "stay")];
    assert_eq!(rita.form(&at, &edit).await.expect(303).header("location"), at);
    let stale = rita.form(&at, &[(field.as_str(), "5"), ("comment", "Mine"), ("_version", &version)]).await.expect(412);
    assert_eq!(all(&stale, "#as-saved").len(), 1);
    assert_eq!(all(&stale, "textarea[name=comment]"), ["Mine"], "what was typed is kept");
    let now = attr(&stale, "#review input[name=_version]", "value").unwrap();
    assert_ne!(now, version);
    rita.form(&at, &[(field.as_str(), "5"), ("_version", &now)]).await.expect(303);
    rita.form(&at, &[(field.as_str(), "1")]).await.expect(412);
    let mine = event.desk(&rita, "/mine").await;
    assert_eq!(all(&mine, "tbody td.number")[..2], ["5".to_owned(), "5.0".to_owned()]);
    let looms_at = format!("/conf/review/{}", looms.reference);
    let done = rita.form(&format!("{looms_at}/abstain"), &[("comment", "Too close"), (&field, "3")]).await.expect(303);
    assert_eq!(done.header("location"), "/conf/review", "that was the last one");
    let review = rita.get(&event.of(&looms, "/review")).await.json();
    assert_eq!((&review["state"], &review["comment"]), (&json!("abstained"), &json!("Too close")));
    rita.form(&format!("{looms_at}/take-back"), &[("_version", "1")]).await.expect(303);
    rita.get(&event.of(&looms, "/review")).await.expect(404);
}

#[actix_web::test]
async fn drafts_come_back_and_nothing_typed_is_lost() {
    let (_app, event, rita, engines) = stage().await;
    let criterion = event.criteria().await.remove(0);
    let (at, field) = (format!("/conf/review/{}", engines.reference), format!("scores.{criterion}"));
    let draft =
        rita.form(&format!("{at}/autosave"), &[("comment", "Half a thought"), ("_draft", "")]).await.expect(200);
    assert_eq!(draft.json()["version"], 1);
    rita.form(&format!("{at}/autosave"), &[("comment", "Other window")]).await.expect(428);
    rita.form(&format!("{at}/draft"), &[("comment", "Whole"), (&field, "3"), ("_draft", "1")]).await.expect(303);
    let page = rita.page(&at).await.expect(200);
    assert_eq!(all(&page, "textarea[name=comment]"), ["Whole"]);
    assert_eq!(attr(&page, &format!("input[name=\"{field}\"][checked]"), "value").as_deref(), Some("3"));
    let stale = rita.form(&format!("{at}/draft"), &[("comment", "Late"), ("_draft", "1")]).await.expect(412);
    assert_eq!(all(&stale, "textarea[name=comment]"), ["Late"]);
    let next = attr(&stale, "#review input[name=_draft]", "value");
    assert_eq!(next.as_deref(), Some("2"), "sent again, it goes through");
    assert_eq!(all(&event.desk(&rita, "?mine=draft").await, ".rows .title"), ["Engines"]);
    rita.form(&format!("{at}/skip"), &[("comment", "Later"), ("_draft", "2")]).await.expect(303);
    assert_eq!(rita.get(&event.of(&engines, "/draft")).await.json()["comment"], "Later");
    assert_eq!(all(&event.desk(&rita, "?mine=skipped").await, ".rows .title"), ["Engines"]);
    rita.form(&format!("{at}/unskip"), &[]).await.expect(303);
    rita.form(&format!("{at}/discard"), &[("_version", "3")]).await.expect(303);
    rita.get(&event.of(&engines, "/draft")).await.expect(404);
}

#[actix_web::test]
async fn what_changed_since_the_review_is_shown_word_by_word() {
    let (app, event, rita, engines) = stage().await;
    event.score(&rita, &engines, &[4]).await;
    app.advance(std::time::Duration::from_mins(1));
    let ada = app.sign_in("ada").await;
    let edit = json!({"abstract": "All about looms."});
    ada.patch(&event.mine(&format!("/{}", engines.code)), edit).await.expect(200);
    assert_eq!(all(&event.desk(&rita, "?mine=changed").await, ".rows .title"), ["Engines"]);
    let page = event.desk(&rita, &format!("/{}", engines.reference)).await;
    let changed = (all(&page, ".diff del").concat(), all(&page, ".diff ins").concat());
    assert!(changed.0.starts_with("Engines") && changed.1.starts_with("looms"), "{changed:?}");
    assert!(!names(&page, "ada"), "nor who changed it");
}

#[actix_web::test]
async fn the_committee_is_heard_after_the_own_review() {
    let (app, event, rita, engines) = stage().await;
    let rolf = app.reviewer("rolf", &event).await;
    let criteria = event.criteria().await;
    let review = json!({"scores": scores_of(&criteria, &[2]), "comment": "Rolfs words"});
    rolf.put(&event.of(&engines, "/review"), review).await.expect(200);
    let at = format!("/conf/review/{}", engines.reference);
    let page = rita.page(&at).await.expect(200);
    assert!(!page.text().contains("Rolfs words") && all(&page, "textarea[name=text]").is_empty());
    event.score(&rita, &engines, &[4]).await;
    let page = rita.page(&at).await.expect(200);
    assert!(page.text().contains("Rolfs words") && !page.text().contains("rolf"));
    let empty = rita.form(&format!("{at}/comments"), &[("text", " ")]).await.expect(422);
    assert_eq!(all(&empty, "#committee .summary").len(), 1);
    let said = rita.form(&format!("{at}/comments"), &[("text", "I disagree"), ("_key", "once")]).await.expect(303);
    assert_eq!(said.header("location"), format!("{at}#committee"));
    rita.form(&format!("{at}/comments"), &[("text", "I disagree"), ("_key", "once")]).await.expect(303);
    let page = rolf.page(&at).await.expect(200).text();
    assert_eq!(page.matches("I disagree").count(), 1);
}

#[actix_web::test]
async fn blind_pages_hold_no_author_and_open_ones_do() {
    let (app, event, rita, engines) = stage().await;
    let at = format!("/conf/review/{}", engines.reference);
    for path in [at.as_str(), "/conf/review", "/conf/review/mine", "/conf/review/bids"] {
        let page = rita.page(path).await.expect(200);
        assert!(!names(&page, "ada") && !page.text().contains(&engines.code), "{path}");
    }
    event.phase(json!({"names": true})).await;
    app.set_clock(super::phases::BEGINS);
    assert_eq!(all(&rita.page(&at).await.expect(200), ".authors strong"), ["ada"]);
}

#[actix_web::test]
async fn a_conflict_is_declared_and_taken_back() {
    let (_app, event, rita, engines) = stage().await;
    let at = format!("/conf/review/{}", engines.reference);
    let nothing = rita.form(&format!("{at}/conflict"), &[]).await.expect(422);
    assert_eq!(all(&nothing, "#conflict[open]").len(), 1);
    let declared = rita.form(&format!("{at}/conflict"), &[("kind", "close")]).await.expect(303);
    assert_eq!(declared.header("location"), "/conf/review");
    rita.page(&at).await.expect(404);
    let page = event.desk(&rita, "/conflicts").await;
    assert_eq!(all(&page, ".rows strong"), [engines.reference.as_str()]);
    assert!(!page.text().contains("Engines"), "to her it does not exist");
    rita.form(&format!("{at}/conflict/take-back"), &[]).await.expect(303);
    rita.page(&at).await.expect(200);
    let by_ref = |reference: &str| vec![("reference".to_owned(), reference.to_owned()), ("kind".into(), "own".into())];
    let send = async |fields: Vec<(String, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        rita.form("/conf/review/conflicts", &fields).await
    };
    let unknown = send(by_ref("ZZZZZZ")).await.expect(422);
    assert_eq!(attr(&unknown, "input[name=reference]", "value").as_deref(), Some("ZZZZZZ"));
    send(by_ref(&engines.reference)).await.expect(303);
    rita.page(&at).await.expect(404);
}

#[actix_web::test]
async fn bids_are_placed_in_one_go() {
    let (app, event, rita, engines) = stage().await;
    let looms = event.propose(&app.sign_in("ada").await, "Looms").await;
    let name = |what: &str, one: &super::Proposal| format!("{what}.{}", one.reference);
    let fields = [
        (name("bids", &engines), "want"),
        (name("bids", &looms), "rather_not"),
        (name("expertise", &engines), "expert"),
        (name("bids", &super::Proposal { code: String::new(), reference: "ZZZZZZ".into() }), "can"),
    ];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    rita.form("/conf/review/bids", &fields).await.expect(303);
    let page = event.desk(&rita, "/bids").await;
    let picked =
        |one: &super::Proposal| attr(&page, &format!("input[name=\"bids.{}\"][checked]", one.reference), "value");
    assert_eq!((picked(&engines).as_deref(), picked(&looms).as_deref()), (Some("want"), Some("rather_not")));
    let placed = rita.get(&event.reviewing("/bids")).await.json();
    assert_eq!(placed["items"].as_array().unwrap().len(), 2);
    rita.form("/conf/review/bids", &[(&name("bids", &engines), "gladly")]).await.expect(422);
}
