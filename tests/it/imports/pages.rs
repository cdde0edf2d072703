//! Imports in a browser: looked at first, and then done.

use super::{sessionize, stage};
use crate::events::setup_pages::{only_for, texts, value};

#[actix_web::test]
async fn a_file_is_looked_at_before_anything_happens() {
    let (app, event) = stage().await;
    let (path, organizer) = (event.page("/import"), &event.organizer);
    organizer.page(&path).await.expect(200);
    let file = sessionize().to_string();
    let fields = [("of", "proposals"), ("dry_run", "true"), ("source", ""), ("preset", ""), ("map", "")];
    let page = organizer.upload(&path, &fields, Some(("all.json", file.as_bytes()))).await.expect(200);
    assert!(page.text().contains("Nothing is imported yet"));
    assert_eq!(texts(&page, "form.apply button"), ["Import 2 rows"]);
    assert_eq!(texts(&page, "tbody tr").len(), 3);
    assert_eq!(event.titles().await, Vec::<String>::new());
    let kept = value(&page, &path, "_kept_file").unwrap();
    let apply = [("of", "proposals"), ("dry_run", "false"), ("_kept_file", kept.as_str()), ("_kept_name", "all.json")];
    let page = organizer.upload(&path, &apply, None).await.expect(200);
    assert!(page.text().contains("It is done"));
    assert_eq!(event.titles().await.len(), 2);
    let page = organizer.upload(&path, &apply, None).await.expect(200);
    assert_eq!(texts(&page, "dl.facts dt"), ["here already", "left out"], "once more changes nothing");
    only_for(&event, &app, "/import", 403).await;
}

#[actix_web::test]
async fn what_is_wrong_is_told() {
    let (_app, event) = stage().await;
    let (path, organizer) = (event.page("/import"), &event.organizer);
    let fields = [("of", "proposals"), ("dry_run", "true"), ("source", "mine")];
    let page = organizer.upload(&path, &fields, None).await.expect(422);
    assert!(texts(&page, ".summary").concat().contains("pick a file"));
    assert_eq!(value(&page, &path, "source").as_deref(), Some("mine"));
    let page = organizer.upload(&path, &fields, Some(("x.json", b"{\"a\": 1}"))).await.expect(422);
    assert!(!texts(&page, ".summary").is_empty());
    organizer.form(&path, &fields).await.expect(415);
    let broken = [("of", "proposals"), ("_kept_file", "no base64!")];
    organizer.upload(&path, &broken, None).await.expect(400);
    let csv = "code,title,abstract,speakers\nA,One,x,Ada\nB,,x,Bo\n";
    let page = organizer.upload(&path, &fields, Some(("t.csv", csv.as_bytes()))).await.expect(200);
    assert!(texts(&page, "form.apply").concat().contains("Leave out the rows"), "{:?}", texts(&page, "main"));
}
