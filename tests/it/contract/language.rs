//! Every text of the pages goes through the one function that can speak another language, and what people wrote stands
//! isolated: read in a made-up language, no page has a word of plain English left.

use crate::{
    access::sweep::Sweep,
    harness::{Client, TestApp, seed::code},
};
use actix_web::http::Method;
use scraper::{ElementRef, Html, Selector};
use std::collections::BTreeSet;

/// What people or programs wrote, and what has its own language.
const OTHERS: &str = "bdi, time, code, kbd, pre, script, style, title, option, textarea, text.name, desc, .text, [dir=auto], [lang]:not(html)";
/// Names, and what is the same everywhere.
const NAMES: &[&str] = &["Callboard", "CSV", "XLSX", "JSON", "UTC", "API", "ID", "Sessionize", "pretalx", "min"];

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
    for name in ["aria-label", "placeholder", "alt", "data-confirm"] {
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

#[actix_web::test]
async fn every_page_can_speak_another_language() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, rita) = (app.speaker("ada").await, app.reviewer("rita", &event).await);
    let made = event.submit(&ada, "A talk").await;
    let reference = event.seen(&code(&made)).await["ref"].as_str().unwrap().to_owned();
    let sweep = Sweep::new(&event, vec![code(&made)], vec![reference]).await;
    let anonymous = app.anonymous();
    let (mut pages, mut wrong) = (0, BTreeSet::new());
    for (who, client) in [("nobody", &anonymous), ("ada", &ada), ("rita", &rita), ("organizer", &event.organizer)] {
        for route in app.board.routes.iter().filter(|route| route.method == Method::GET && !route.is_api()) {
            for path in sweep.paths(&route.path) {
                let html = page(client, &path).await;
                pages += usize::from(!html.is_empty());
                wrong.extend(english(&html).into_iter().map(|text| format!("{} as {who}: {text}", route.path)));
            }
        }
    }
    assert!(pages > 150, "{pages}");
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}

async fn page(client: &Client, path: &str) -> String {
    let request = client.request(Method::GET, "").uri(path).insert_header(("accept-language", "qps-ploc"));
    let answer = client.send(request).await;
    // What went wrong is told in English yet, as by the API.
    let is_page = answer.status.is_success() && answer.header("content-type").starts_with("text/html");
    if is_page { answer.text() } else { String::new() }
}
