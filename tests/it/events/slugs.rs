use callboard::{events::model::RESERVED, http::input::is_slug};
use std::collections::BTreeSet;

/// `/{event}` shall be the page of an event: no other page may start like one.
#[test]
fn every_first_segment_of_a_route_is_reserved() {
    let table = callboard::routes().unwrap();
    let firsts: BTreeSet<&str> = table.iter().filter_map(|route| route.path.split('/').nth(1)).collect();
    assert!(firsts.contains("verify") && firsts.contains("api"), "{firsts:?}");
    let free: Vec<_> = firsts.into_iter().filter(|first| is_slug(first) && !RESERVED.contains(first)).collect();
    assert!(free.is_empty(), "an event could be called {free:?}");
}
