//! The walk through the whole main job, from outside.

use crate::harness::database::Database;
use callboard::demo::walkthrough;

fn walk(database: &Database) -> Result<String, String> {
    let mut out = vec![];
    let walked = walkthrough::run(Some(&database.url), &mut out);
    let out = String::from_utf8(out).unwrap();
    walked.map(|()| out.clone()).map_err(|error| format!("{error:#}\n{out}"))
}

#[test]
fn comes_to_its_end_again_and_again_on_one_database() {
    let database = Database::create();
    for _ in 0..2 {
        let out = walk(&database).unwrap();
        assert!(out.contains("steps came out as they should"), "{out}");
    }
}
