//! Every text of the pages goes through the one function that can speak another language, and what people wrote stands
//! isolated: read in a made-up language, no page has a word of plain English left.

use crate::{
    access::sweep::Sweep,
    harness::{
        Client, PASSWORD, TestApp, address,
        seed::{Event, code},
    },
};
use actix_web::http::Method;
use callboard::http::routes::Route;
use scraper::{ElementRef, Html, Selector};
use serde_json::json;
use std::collections::BTreeSet;

/// What people or programs wrote, and what has its own language.
const OTHERS: &str = "bdi, time, code, kbd, pre, script, style, title, option, textarea, text.name, desc, .text, [dir=auto], [lang]:not(html)";
/// Names, and what is the same everywhere.
const NAMES: &[&str] = &["Callboard", "CSV", "XLSX", "JSON", "UTC", "API", "ID", "Sessionize", "pretalx", "min"];

/// What is no page, and what only the demo has.
const UNREAD: &[&str] = &[
    "/assets/{asset}",
    "/demo/mailbox",
    "/healthz",
    "/me/data/download",
    "/readyz",
    "/{event}/mine/profile/headshot",
    "/{event}/organize/export/{file}",
];

fn is_english(text: &str) -> bool {
    let mut rest = String::new();
    let mut depth = 0_i32;
    for letter in text.chars() {
        match letter {
            '⟦' => depth += 1,
            '⟧' => depth -= 1,
            _ if depth == 0 => rest.push(letter),
            _ => {}
        }
    }
    let words = rest.split(|letter: char| !letter.is_alphabetic()).filter(|word| word.chars().count() > 1);
    words.into_iter().any(|word| !NAMES.contains(&word))
}

/// The plain English of a page.
fn english(html: &str) -> BTreeSet<String> {
    let page = Html::parse_document(html);
    let others = Selector::parse(OTHERS).unwrap();
    let mut found = BTreeSet::new();
    for node in page.root_element().descendants() {
        let Some(text) = node.value().as_text() else { continue };
        let of_others = node.ancestors().filter_map(ElementRef::wrap).any(|element| others.matches(&element));
        if !of_others && is_english(text) {
            found.insert(text.trim().to_owned());
        }
    }
    for name in ["aria-label", "placeholder", "alt", "data-confirm", "data-working"] {
        for element in page.select(&Selector::parse(&format!("[{name}]")).unwrap()) {
            let text = element.attr(name).unwrap_or_default();
            if is_english(text) {
                found.insert(format!("{name}={text}"));
            }
        }
    }
    found
}

#[test]
fn what_is_not_spoken_is_found() {
    let page = "<p>Hello <bdi>Ada</bdi> ⟦wórld⟧</p><input placeholder='Name'><time>Sun</time><b>⟦é⟧ 7 UTC</b>";
    let found: Vec<String> = english(page).into_iter().collect();
    assert_eq!(found, ["Hello", "placeholder=Name"]);
}

/// An event in which every page of it has something to show.
async fn full(app: &TestApp) -> (Event, Sweep, [Client; 2]) {
    let event = app.event("conf").await;
    let (ada, rita) = (app.speaker("ada").await, app.reviewer("rita", &event).await);
    let made = event.submit(&ada, "A talk").await;
    let mut codes = vec![code(&made)];
    for (list, body) in [
        ("/categories", json!({"name": "Level", "choices": [{"name": "Deep"}]})),
        ("/title-ideas", json!({"title": "What VACUUM does"})),
        ("/phases", json!({"name": "First look", "starts_at": "2026-06-01T00:00:00Z", "sees": "all"})),
    ] {
        codes.push(code(&event.organizer.post(&event.path(list), body).await.expect(201).json()));
    }
    event.decide(&codes[0], "accepted").await;
    event.tell(app).await;
    let reference = event.seen(&codes[0]).await["ref"].as_str().unwrap().to_owned();
    let sweep = Sweep::new(&event, codes, vec![reference]).await;
    (event, sweep, [ada, rita])
}

/// The pages that mailed and copied links lead to.
async fn linked(app: &TestApp, event: &Event, ada: &Client) -> Vec<(&'static str, String)> {
    let (talk, anonymous) = (event.draft(ada, "With others").await, app.anonymous());
    app.unverified("new").await;
    anonymous.post("/password-resets", json!({"email": address("ada")})).await.expect(202);
    anonymous.post("/sign-in-links", json!({"email": address("ada")})).await.expect(202);
    ada.put("/me/email", json!({"email": address("other"), "password": PASSWORD})).await.expect(202);
    event.ask(ada, &talk, "bob").await;
    let invitation = json!({"email": address("cyd"), "role": "reviewer"});
    event.organizer.post(&event.path("/invitations"), invitation).await.expect(201);
    let mut pages = vec![];
    for (way, name, kind) in [
        ("/change-address/", "other", "change_email"),
        ("/confirm/", "ada", "acceptance"),
        ("/invitation/", "cyd", "invitation"),
        ("/reset/", "ada", "reset"),
        ("/sign-in/", "ada", "sign_in_link"),
        ("/speak/", "bob", "speaker_invitation"),
        ("/verify/", "new", "verify"),
    ] {
        pages.push((way, format!("{way}{}", app.link_mailed_to(name, kind).await)));
    }
    let preview = ada.post(&event.mine(&format!("/{talk}/preview-links")), json!({"days": 1})).await.expect(201).json();
    let secret = preview["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    pages.push(("/previews/", format!("/previews/{secret}")));
    pages
}

#[actix_web::test]
async fn every_page_can_speak_another_language() {
    let app = TestApp::new().await;
    let (event, sweep, [ada, rita]) = full(&app).await;
    let anonymous = app.anonymous();
    let is_page = |route: &&Route| route.method == Method::GET && !route.is_api();
    let routes: Vec<&str> = app.board.routes.iter().filter(is_page).map(|route| route.path.as_str()).collect();
    let (mut unread, mut wrong): (BTreeSet<&str>, BTreeSet<String>) =
        (routes.iter().copied().collect(), BTreeSet::new());
    for (who, client) in [("nobody", &anonymous), ("ada", &ada), ("rita", &rita), ("organizer", &event.organizer)] {
        for route in &routes {
            for path in sweep.paths(route) {
                let html = page(client, &path).await;
                if !html.is_empty() {
                    unread.remove(route);
                }
                wrong.extend(english(&html).into_iter().map(|text| format!("{route} as {who}: {text}")));
            }
        }
    }
    for (way, path) in linked(&app, &event, &ada).await {
        let html = page(&anonymous, &path).await;
        assert!(!html.is_empty(), "{way}");
        unread.remove(format!("{way}{{token}}").as_str());
        wrong.extend(english(&html).into_iter().map(|text| format!("{way}: {text}")));
    }
    assert_eq!(unread.into_iter().collect::<Vec<_>>(), UNREAD);
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

async fn page(client: &Client, path: &str) -> String {
    let request = client.request(Method::GET, "").uri(path).insert_header(("accept-language", "qps-ploc"));
    let answer = client.send(request).await;
    // What went wrong is told in English yet, as by the API.
    let is_page = answer.status.is_success() && answer.header("content-type").starts_with("text/html");
    if is_page { answer.text() } else { String::new() }
}
