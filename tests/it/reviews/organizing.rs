//! Setting up the reviewing in a browser: criteria, phases, conflicts of interest and assignments.

use super::{
    pages::{all, attr},
    stage,
};
use crate::harness::seed::code;
use serde_json::json;

#[actix_web::test]
async fn criteria_are_added_changed_and_removed() {
    let (_app, event, rita, engines) = stage().await;
    let (olga, at) = (&event.organizer, "/conf/organize/reviewing");
    let page = olga.page(at).await.expect(200);
    assert_eq!(all(&page, "#criteria ~ .rows > li").len(), 1);
    rita.page(at).await.expect(403);
    let add = format!("{at}/criteria");
    let wrong = olga.form(&add, &[("name", "Fit"), ("lowest", "5"), ("highest", "1")]).await.expect(422);
    assert_eq!(attr(&wrong, "input[name=name]", "value").as_deref(), Some("Fit"));
    let fields = [
        ("name", "Fit"),
        ("lowest", "1"),
        ("highest", "3"),
        ("labels", "No\nMaybe\nYes"),
        ("tracks", ""),
        ("weight", "0.5"),
        ("required", "false"),
    ];
    assert_eq!(olga.form(&add, &fields).await.expect(303).header("location"), at);
    let list = olga.get(&event.path("/criteria")).await.json();
    let fit = list["items"].as_array().unwrap().iter().find(|one| one["name"] == "Fit").unwrap().clone();
    assert_eq!(
        (&fit["labels"], &fit["tracks"], &fit["weight"]),
        (&json!(["No", "Maybe", "Yes"]), &json!(null), &json!(0.5))
    );
    let one = format!("{add}/{}", code(&fit));
    let page = olga.page(&one).await.expect(200);
    assert_eq!(all(&page, "textarea[name=labels]"), ["No Maybe Yes"]);
    let edit = [("name", "Fitting"), ("_version", "1")];
    olga.form(&one, &edit).await.expect(303);
    let stale = olga.form(&one, &edit).await.expect(412);
    assert_eq!(attr(&stale, "input[name=_version]", "value").as_deref(), Some("2"));
    let screen = rita.page(&format!("/conf/review/{}", engines.reference)).await.expect(200);
    assert!(screen.text().contains("Maybe") && screen.text().contains("No score"));
    olga.form(&format!("{one}/remove"), &[("_version", "2")]).await.expect(303);
    let last = event.criteria().await.remove(0);
    let refused = olga.form(&format!("{add}/{last}/remove"), &[]).await.expect(409);
    assert_eq!(all(&refused, "[role=alert]").len(), 1);
}

#[actix_web::test]
async fn phases_start_at_a_local_time_of_the_event() {
    let (_app, event, ..) = stage().await;
    let (olga, at) = (&event.organizer, "/conf/organize/reviewing/phases");
    let fields = |local: &'static str| {
        [
            ("name", "Talking"),
            ("starts.local", local),
            ("scoring", "false"),
            ("sees", "assigned"),
            ("names", "true"),
            ("reviews", "always"),
            ("deciding", "true"),
        ]
    };
    let wrong = olga.form(at, &fields("soon")).await.expect(422);
    assert_eq!(attr(&wrong, "form[action$=phases] input[name=name]", "value").as_deref(), Some("Talking"));
    olga.form(at, &fields("2025-02-20T09:00")).await.expect(303);
    let phase = olga.get(&event.path("/phases")).await.json()["items"][0].clone();
    assert_eq!(phase["starts_at"], "2025-02-20T17:00:00Z");
    assert_eq!((&phase["scoring"], &phase["sees"], &phase["names"]), (&json!(false), &json!("assigned"), &json!(true)));
    let one = format!("{at}/{}", code(&phase));
    let page = olga.page(&one).await.expect(200);
    assert_eq!(attr(&page, "input[name=\"starts.local\"]", "value").as_deref(), Some("2025-02-20T09:00"));
    let mut later = fields("2025-02-21T09:00").to_vec();
    later.push(("_version", "1"));
    olga.form(&one, &later).await.expect(303);
    assert_eq!(all(&olga.form(&one, &later).await.expect(412), ".note.warn").len(), 1);
    assert_eq!(all(&olga.page("/conf/organize/reviewing").await.expect(200), "ol.rows > li").len(), 1);
    olga.form(&format!("{one}/remove"), &[("_version", "2")]).await.expect(303);
    assert!(event.codes("/phases").await.is_empty());
}

#[actix_web::test]
async fn conflicts_are_pinned_and_removed() {
    let (_app, event, rita, engines) = stage().await;
    let (olga, at) = (&event.organizer, "/conf/organize/conflicts");
    assert!(olga.page(at).await.expect(200).text().contains("None are known."));
    let member = event.member_path("rita").await.rsplit('/').next().unwrap().to_owned();
    let wrong = olga.form(at, &[("member", &member), ("proposal", "ZZZZZZ"), ("kind", "close")]).await.expect(422);
    assert_eq!(attr(&wrong, "input[name=proposal]", "value").as_deref(), Some("ZZZZZZ"));
    olga.form(at, &[("member", &member), ("proposal", &engines.code), ("kind", "close")]).await.expect(303);
    rita.page(&format!("/conf/review/{}", engines.reference)).await.expect(404);
    let id = event.codes("/conflicts").await.remove(0);
    olga.form(&format!("{at}/{id}/remove"), &[]).await.expect(303);
    rita.page(&format!("/conf/review/{}", engines.reference)).await.expect(200);
}

#[actix_web::test]
async fn assignments_by_hand_and_from_rows() {
    let (app, event, rita, engines) = stage().await;
    let looms = event.propose(&app.sign_in("ada").await, "Looms").await;
    let (olga, at) = (&event.organizer, "/conf/organize/assignments");
    let page = olga.page(at).await.expect(200);
    assert_eq!((all(&page, ".load tbody tr").len(), all(&page, ".empty").len()), (1, 1));
    let member = event.member_path("rita").await.rsplit('/').next().unwrap().to_owned();
    olga.form(at, &[("proposal", &engines.code), ("reviewers", "")]).await.expect(422);
    olga.form(at, &[("proposal", &engines.code), ("reviewers", &member)]).await.expect(303);
    let rows = format!("ref,email\n{},rita@example.org\n{},nobody@example.org\n", looms.reference, looms.reference);
    let csv = format!("{at}/csv");
    let checked = olga.upload(&csv, &[("csv", &rows), ("dry_run", "true")], None).await.expect(200);
    assert_eq!((all(&checked, ".badge.good").len(), all(&checked, ".badge.wrong").len()), (1, 1));
    let refused = olga.upload(&csv, &[("csv", &rows), ("dry_run", "false")], None).await.expect(422);
    assert!(all(&refused, "textarea[name=csv]")[0].contains("nobody@example.org"));
    let rows = format!("ref,email\n{},rita@example.org\n", looms.reference);
    // A file stands for what could be pasted, and comes back as that.
    let file = Some(("rows.csv", rows.as_bytes()));
    let checked = olga.upload(&csv, &[("csv", "typed"), ("dry_run", "true")], file).await.expect(200);
    assert!(all(&checked, "textarea[name=csv]")[0].contains("rita@example.org"));
    let picture = Some(("rows.csv", &[0x89_u8, b'P', b'N', b'G', 0xff][..]));
    let refused = olga.upload(&csv, &[("csv", "typed"), ("dry_run", "false")], picture).await.expect(422);
    assert!(all(&refused, "textarea[name=csv]")[0].contains("typed"), "nothing typed is lost");
    olga.upload(&csv, &[("csv", ""), ("dry_run", "false")], file).await.expect(303);
    event.score(&rita, &engines, &[4]).await;
    let page = olga.page(at).await.expect(200);
    assert_eq!(all(&page, ".load td.number"), ["2", "1", "1"]);
    assert_eq!(all(&page, ".rows .title").len(), 2);
    let id = event.codes("/assignments").await.remove(0);
    olga.form(&format!("{at}/{id}/remove"), &[]).await.expect(303);
    assert_eq!(event.codes("/assignments").await.len(), 1);
    rita.page(at).await.expect(403);
}

#[actix_web::test]
async fn a_plan_is_looked_at_applied_and_released() {
    let (app, event, rita, engines) = stage().await;
    let (olga, at) = (&event.organizer, "/conf/organize/assignments/plan");
    assert!(!all(&olga.page(at).await.expect(200), "button").is_empty());
    olga.form(at, &[("per_proposal", "0")]).await.expect(422);
    let short = olga.form(at, &[("per_proposal", "2"), ("at_most", ""), ("seed", "1")]).await.expect(200);
    assert_eq!(all(&short, ".note.warn li").len(), 1, "one reviewer cannot review twice");
    let look = olga.form(at, &[("per_proposal", "1"), ("at_most", ""), ("seed", "1")]).await.expect(200);
    let version = attr(&look, "input[name=version]", "value").unwrap();
    assert!(event.codes("/assignments").await.is_empty(), "nothing changes by looking");
    let apply = format!("{at}/apply");
    let fields = [("per_proposal", "1"), ("at_most", ""), ("seed", "1"), ("version", version.as_str())];
    let looms = event.propose(&app.sign_in("ada").await, "Looms").await;
    let changed = olga.form(&apply, &fields).await.expect(409);
    let version = attr(&changed, "input[name=version]", "value").unwrap();
    let fields = [("per_proposal", "1"), ("at_most", ""), ("seed", "1"), ("version", version.as_str())];
    olga.form(&apply, &fields).await.expect(303);
    let page = olga.page("/conf/organize/assignments").await.expect(200);
    assert!(page.text().contains("2 assignments are planned"));
    olga.form("/conf/organize/assignments/release", &[]).await.expect(303);
    let desk = rita.page("/conf/review").await.expect(200).text();
    assert!(desk.contains("Assigned to you: 0 of 2 done"), "{desk}");
    assert_ne!(engines.code, looms.code);
}
