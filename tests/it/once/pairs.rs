//! Two tabs edit one version, again and again.

use crate::harness::TestApp;
use futures_util::future::join;
use serde_json::json;

const PAIRS: i64 = 500;

fn version(etag: &str) -> i64 {
    etag.trim_matches('"').parse().unwrap()
}

#[actix_web::test]
async fn of_two_edits_of_one_version_one_is_told_that_it_is_late() {
    let app = TestApp::with(&[("rate_limits", "off")]).await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = event.mine(&format!("/{}", event.draft(&ada, "Talk").await));
    let mut etag = ada.get(&talk).await.expect(200).header("etag").to_owned();
    let first = version(&etag);
    for pair in 0..PAIRS {
        let titles = ["left", "right"].map(|side| format!("{pair} {side}"));
        let [left, right] = &titles;
        let edit = |title: &String| ada.patch_from(&etag, &talk, json!({"title": title}));
        let (of_left, of_right) = join(edit(left), edit(right)).await;
        let (title, taken, late) =
            if of_left.status == 200 { (left, of_left, of_right) } else { (right, of_right, of_left) };
        assert_eq!(taken.expect(200).json()["title"], title.as_str());
        late.problem(412, "stale");
        let stored = ada.get(&talk).await.expect(200);
        assert_eq!(stored.json()["title"], title.as_str());
        stored.header("etag").clone_into(&mut etag);
    }
    assert_eq!(version(&etag), first + PAIRS, "each pair made one version");
}
