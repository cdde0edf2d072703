//! Markdown of people as HTML that can do no harm: what is HTML in it is text, links lead to the web or a mail address,
//! pictures are links to them.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// CommonMark (<https://spec.commonmark.org/0.31.2/>) with tables and strikethrough. Headings begin two levels down, below
/// those of the page.
pub fn html(text: &str) -> String {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let mut out = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut out, parser.map(harmless));
    out
}

/// The first words of a text, without its marks, as one line for those who have not opened the page.
pub fn gist(text: &str) -> String {
    let mut words = String::new();
    for event in Parser::new(text) {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(&text),
            Event::End(_) | Event::SoftBreak | Event::HardBreak => words.push(' '),
            _ => {}
        }
        if words.len() > 4 * GIST {
            break;
        }
    }
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ").replace(" .", ".").replace(" ,", ",");
    match line.char_indices().nth(GIST) {
        None => line,
        Some((end, _)) => {
            let cut = line.get(..end).unwrap_or_default();
            format!("{}…", cut.rsplit_once(' ').map_or(cut, |(whole_words, _)| whole_words))
        }
    }
}

/// In characters.
const GIST: usize = 200;

fn harmless(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Link { link_type, dest_url, title, id } | Tag::Image { link_type, dest_url, title, id }) => {
            Event::Start(Tag::Link { link_type, dest_url: address(dest_url), title, id })
        }
        Event::End(TagEnd::Image) => Event::End(TagEnd::Link),
        Event::Start(Tag::Heading { level, id: _, classes: _, attrs: _ }) => {
            Event::Start(Tag::Heading { level: lower(level), id: None, classes: vec![], attrs: vec![] })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        other => other,
    }
}

fn lower(level: pulldown_cmark::HeadingLevel) -> pulldown_cmark::HeadingLevel {
    use pulldown_cmark::HeadingLevel::{H1, H2, H3, H4, H5, H6};
    match level {
        H1 => H3,
        H2 => H4,
        H3 => H5,
        H4 | H5 | H6 => H6,
    }
}

/// An address that leads nowhere bad.
fn address(url: CowStr<'_>) -> CowStr<'_> {
    let scheme = url::Url::parse(&url).ok().map(|url| url.scheme().to_owned());
    match scheme.as_deref() {
        Some("http" | "https" | "mailto") => url,
        _ => CowStr::Borrowed("#"),
    }
}

#[cfg(test)]
mod tests {
    use super::{GIST, gist, html};

    #[test]
    fn the_gist_is_one_line_without_marks() {
        assert_eq!(
            gist("# Title\n\nSome **bold** words,\nand [a link](https://example.org)."),
            "Title Some bold words, and a link."
        );
        let long = gist(&"words ".repeat(100));
        assert!(long.chars().count() <= GIST + 1 && long.ends_with("words…"), "{long}");
    }

    #[test]
    fn html_is_text() {
        assert_eq!(html("<script>alert(1)</script>").trim(), "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>");
        assert!(html("a <b onclick=x>b</b>").contains("&lt;b onclick=x&gt;"));
    }

    #[test]
    fn links_lead_to_the_web() {
        assert!(html("[a](https://example.org)").contains("href=\"https://example.org\""));
        for bad in ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "//evil.example"] {
            assert!(html(&format!("[a]({bad})")).contains("href=\"#\""), "{bad}");
            assert!(html(&format!("![a]({bad})")).contains("href=\"#\""), "{bad}");
        }
        assert!(!html("![a](https://example.org/a.png)").contains("<img"));
    }

    #[test]
    fn headings_stand_below_those_of_the_page() {
        assert_eq!(html("# Outline").trim(), "<h3>Outline</h3>");
    }
}
