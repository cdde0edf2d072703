//! Organizers choose in a browser: the overview, the list with its bulk decisions, and one proposal with everything.

use crate::harness::{
    Client, Response, TestApp,
    seed::{Event, code},
};
use callboard::jobs;
use scraper::{Html, Selector};
use serde_json::json;

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

fn titles(page: &Response) -> Vec<String> {
    all(page, "tbody th a")
}

/// An event, its two speakers, and a talk of each.
async fn world() -> (TestApp, Event, Client, [String; 2]) {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, bob) = (app.speaker("ada").await, app.speaker("bob").await);
    let bears = code(&event.submit(&ada, "Bears & <b>bees</b>").await);
    app.advance(std::time::Duration::from_secs(1));
    let cats = code(&event.submit(&bob, "Cats").await);
    (app, event, ada, [bears, cats])
}

#[actix_web::test]
async fn the_overview_says_what_to_do_next() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let page = event.organizer.page("/conf/organize").await.expect(200);
    assert!(page.text().contains("The call is open."), "{}", page.text());
    assert_eq!(all(&page, ".empty").len(), 1);
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "A talk").await);
    event.draft(&ada, "Unfinished").await;
    let page = event.organizer.page("/conf/organize").await.expect(200);
    assert!(page.text().contains("One proposal is undecided.") && page.text().contains("and one draft"));
    assert!(!page.text().contains("Unfinished"), "drafts are only counted");
    assert_eq!(attributes(&page, "svg.plot", "role"), ["img"], "one format and no track need no chart");
    event.decide(&talk, "accepted").await;
    let viewer = app.member("vera", &event, "viewer").await;
    for (client, leads) in [(&event.organizer, true), (&viewer, false)] {
        let page = client.page("/conf/organize").await.expect(200);
        assert!(page.text().contains("One proposal is decided and its speakers do not know."));
        assert_eq!(attributes(&page, ".todo a", "href").contains(&"/conf/organize/publish".to_owned()), leads);
    }
    let chair = app.member("chaim", &event, "chair").await;
    chair.page("/conf/organize").await.expect(200);
    let reviewer = app.reviewer("rita", &event).await;
    reviewer.page("/conf/organize").await.expect(403);
}

#[actix_web::test]
async fn a_list_has_pages_and_its_address_says_what_it_shows() {
    let (_app, event, ada, _) = world().await;
    event.submit(&ada, "Dogs").await;
    let page = event.organizer.page("/conf/organize/proposals?limit=2&columns=ref&columns=state").await.expect(200);
    assert_eq!(titles(&page).len(), 2);
    assert!(page.text().contains("2 of 3") && page.text().contains("Decide on all 3 at once"));
    assert_eq!(all(&page, "thead th"), ["Chosen", "Title", "Reference", "State"]);
    let next = attributes(&page, "a[rel=next]", "href").remove(0);
    assert!(next.contains("limit=2") && next.contains("columns=ref&columns=state"), "{next}");
    let page = event.organizer.page(&next).await.expect(200);
    assert_eq!(titles(&page), ["Bears & <b>bees</b>"]);
    assert!(attributes(&page, "a[rel=next]", "href").is_empty());
    let asked = "/conf/organize/proposals?q=cats&decision=undecided&track=&format=&lifecycle=&invited=";
    let page = event.organizer.page(asked).await.expect(200);
    assert_eq!(titles(&page), ["Cats"]);
    let page = event.organizer.page("/conf/organize/proposals?decision=accepted").await.expect(200);
    assert!(page.text().contains("No proposal fits."));
    event.organizer.page("/conf/organize/proposals?decision=perhaps").await.expect(422);
}

#[actix_web::test]
async fn names_are_folded_until_somebody_asks_which_is_noted() {
    let (app, event, _, [bears, _]) = world().await;
    jobs::note_reads_now(&app.board).await.unwrap();
    let one = format!("/conf/organize/proposals/{bears}");
    for path in ["/conf/organize/proposals", "/conf/organize/balance", "/conf/organize/ranking", &one] {
        let page = event.organizer.page(path).await.expect(200);
        assert!(!page.text().contains("ada"), "{path}: {}", page.text());
    }
    assert_eq!(jobs::note_reads_now(&app.board).await.unwrap(), 0, "nobody has read a name");
    for path in ["/conf/organize/proposals?names=true".to_owned(), format!("{one}?names=true")] {
        let page = event.organizer.page(&path).await.expect(200);
        assert!(page.text().contains("ada"), "{path}");
        assert_eq!(jobs::note_reads_now(&app.board).await.unwrap(), 1, "{path}");
    }
}

#[actix_web::test]
async fn many_are_decided_after_a_look_at_what_would_change() {
    let (_app, event, ada, [bears, cats]) = world().await;
    let dogs = code(&event.submit(&ada, "Dogs").await);
    event.decide(&cats, "accepted").await;
    event.organizer.act(&event.path(&format!("/proposals/{dogs}/cancel"))).await.expect(200);
    let back = "/conf/organize/proposals?decision=undecided";
    let fields = [("codes", &*bears), ("codes", &*cats), ("codes", &*dogs), ("decision", "accepted"), ("_back", back)];
    let rehearsal = [&fields[..], &[("dry_run", "true")]].concat();
    let page = event.organizer.form("/conf/organize/decide", &rehearsal).await.expect(200);
    assert_eq!(all(&page, "h1"), ["One proposal would change"]);
    assert!(page.text().contains("One proposal is that already") && page.text().contains("is not submitted"));
    assert_eq!(event.seen(&bears).await["decision"], "undecided");
    assert_eq!(attributes(&page, "input[name=codes]", "value"), std::slice::from_ref(&bears));

    let key = attributes(&page, "form[action='/conf/organize/decide'] input[name=_key]", "value").remove(0);
    let deed = [("codes", &*bears), ("decision", "accepted"), ("dry_run", "false"), ("_back", back), ("_key", &*key)];
    for _ in 0..2 {
        let answer = event.organizer.form("/conf/organize/decide", &deed).await.expect(303);
        assert_eq!(answer.header("location"), back);
    }
    assert_eq!(event.seen(&bears).await["decision"], "accepted");

    let nothing = [("decision", "accepted"), ("dry_run", "true"), ("_back", "https://evil.example/")];
    let answer = event.organizer.form("/conf/organize/decide", &nothing).await.expect(303);
    assert_eq!(answer.header("location"), "/conf/organize/proposals");
    let stuck = [("codes", &*dogs), ("decision", "accepted"), ("dry_run", "false")];
    event.organizer.form("/conf/organize/decide", &stuck).await.expect(422);
}

#[actix_web::test]
async fn one_proposal_is_decided_unless_somebody_was_faster() {
    let (_app, event, _, [bears, _]) = world().await;
    let here = format!("/conf/organize/proposals/{bears}");
    let page = event.organizer.page(&here).await.expect(200);
    assert!(page.text().contains("All about Bears &amp; "), "{}", page.text());
    let version = attributes(&page, ".verdict input[name=_version]", "value").remove(0);
    let accept = [("decision", "accepted"), ("_version", &*version)];
    let decide = format!("{here}/decide");
    let answer = event.organizer.form(&decide, &accept).await.expect(303);
    assert_eq!(answer.header("location"), here);
    assert_eq!(event.seen(&bears).await["decision"], "accepted");
    let reject = [("decision", "rejected"), ("_version", &*version)];
    let page = event.organizer.form(&decide, &reject).await.expect(412);
    assert!(page.text().contains("Meanwhile somebody decided otherwise."));
    assert_eq!(event.seen(&bears).await["decision"], "accepted");
    let version = attributes(&page, ".verdict input[name=_version]", "value").remove(0);
    event.organizer.form(&decide, &[("decision", "rejected"), ("_version", &*version)]).await.expect(303);
    assert_eq!(event.seen(&bears).await["decision"], "rejected");
}

#[actix_web::test]
async fn organizers_cancel_reinstate_and_invite() {
    let (_app, event, _, [bears, _]) = world().await;
    let here = format!("/conf/organize/proposals/{bears}");
    for (deed, field, value) in [
        ("cancel", "lifecycle", json!("canceled")),
        ("reinstate", "lifecycle", json!("submitted")),
        ("invited", "invited", json!(true)),
        ("reviewed", "invited", json!(false)),
    ] {
        let answer = event.organizer.form(&format!("{here}/{deed}"), &[]).await.expect(303);
        assert_eq!(answer.header("location"), here);
        assert_eq!(event.seen(&bears).await[field], value, "{deed}");
        event.organizer.page(&here).await.expect(200);
    }
    event.organizer.form(&format!("{here}/reinstate"), &[]).await.expect(409);
}

#[actix_web::test]
async fn the_committee_talks_and_keeps_what_it_typed() {
    let (app, event, ada, [bears, _]) = world().await;
    let here = format!("/conf/organize/proposals/{bears}");
    let comment = format!("{here}/comment");
    event.organizer.form(&comment, &[("text", "Worth a *keynote*?")]).await.expect(303);
    let page = event.organizer.page(&here).await.expect(200);
    assert!(page.text().contains("<em>keynote</em>"));
    let long = "x".repeat(5001);
    let page = event.organizer.form(&comment, &[("text", &long)]).await.expect(422);
    assert!(page.text().contains(&long), "what was typed is there still");
    let viewer = app.member("vera", &event, "viewer").await;
    let page = viewer.page(&here).await.expect(200);
    assert!(attributes(&page, "main form", "action").is_empty(), "who only reads has nothing to press");
    viewer.form(&comment, &[("text", "No")]).await.expect(403);
    ada.page(&here).await.expect(403);
}

#[actix_web::test]
async fn a_chair_sees_the_own_tracks_alone() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (here, there) = (event.track("Here").await, event.track("There").await);
    let ada = app.speaker("ada").await;
    let mine = code(&event.submit_to(&here, &ada, "Mine").await);
    let other = code(&event.submit_to(&there, &ada, "Other").await);
    let chair = app.member_of("chaim", &event, "chair", &[&here]).await;
    let page = chair.page("/conf/organize/proposals").await.expect(200);
    assert_eq!(titles(&page), ["Mine"]);
    chair.page(&format!("/conf/organize/proposals/{mine}")).await.expect(200);
    chair.page(&format!("/conf/organize/proposals/{other}")).await.expect(404);
    let fields = [("codes", &*other), ("decision", "rejected"), ("dry_run", "true")];
    let page = chair.form("/conf/organize/decide", &fields).await.expect(200);
    assert!(page.text().contains("is no proposal of this event") && !page.text().contains("Other"));
}
