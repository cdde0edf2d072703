//! Documents that are made from the code equal it. `CALLBOARD_TEST_UPDATE=1` writes them anew.

use super::equals_committed as equals;
use callboard::{access, config, error::Code};
use std::fs;

#[test]
fn configuration() {
    equals("docs/CONFIGURATION.md", &config::document());
}

#[test]
fn permissions() {
    equals("docs/PERMISSIONS.md", &access::permission::document());
}

#[test]
fn the_table_of_codes_in_the_api_document() {
    const BEGIN: &str = "<!-- codes: made from the code -->\n";
    const END: &str = "<!-- end of codes -->";
    let text = fs::read_to_string("docs/API.md").unwrap();
    let (before, rest) = text.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    equals("docs/API.md", &format!("{before}{BEGIN}{}{END}{after}", Code::table()));
}
