//! Documents that are made from the code equal it. `CALLBOARD_TEST_UPDATE=1` writes them anew.

use super::equals_committed as equals;
use crate::harness::documented;
use callboard::{access, config, error::Code, http::limits::Limit};
use std::fs;

#[test]
fn configuration() {
    equals("docs/CONFIGURATION.md", &config::document());
}

#[test]
fn permissions() {
    equals("docs/PERMISSIONS.md", &access::permission::document(&callboard::routes().unwrap()));
}

#[test]
fn the_openapi_document() {
    let document = serde_json::to_string_pretty(documented::document()).unwrap();
    equals("docs/openapi.json", &format!("{document}\n"));
}

/// A document of which only what stands between two marks is made from the code.
fn holds(path: &str, what: &str, made: &str) {
    let (begin, end) = (format!("<!-- {what}: made from the code -->\n"), format!("<!-- end of {what} -->"));
    let text = fs::read_to_string(path).unwrap();
    let (before, rest) = text.split_once(&begin).unwrap();
    let (_, after) = rest.split_once(&end).unwrap();
    equals(path, &format!("{before}{begin}{made}{end}{after}"));
}

#[test]
fn the_table_of_codes_in_the_api_document() {
    holds("docs/API.md", "codes", &Code::table());
}

#[test]
fn the_table_of_limits_in_the_api_document() {
    holds("docs/API.md", "limits", &Limit::table(&callboard::routes().unwrap()));
}

#[test]
fn routes_say_of_themselves_what_is_so() {
    assert_eq!(callboard::routes().unwrap().check(), Ok(()));
}
