use super::{counts, outcomes, sessionize, stage};
use serde_json::json;

#[actix_web::test]
async fn sessionize_comes_whole_and_only_once() {
    let (_app, event) = stage().await;
    let file = sessionize().to_string();
    let dry = event.import("dry_run=true", &file).await;
    assert_eq!((counts(&dry), &dry["dry_run"]), ([2, 0, 0, 0, 1, 0], &json!(true)));
    assert_eq!(event.titles().await, Vec::<String>::new(), "a dry run changes nothing");
    let first = event.import("", &file).await;
    assert_eq!(counts(&first), [2, 0, 0, 0, 1, 0]);
    assert_eq!(first["speakers"]["created"], 2);
    assert_eq!((&first["source"], &first["new_tracks"]), (&json!("sessionize"), &json!(["Core"])));
    assert_eq!(first["rows"][2]["remarks"], json!(["a service session"]));
    assert_eq!(event.titles().await, ["=Formeln & Straßen", "日本語のタイトル"]);
    let list = event.exported("proposals.json").await.json();
    let workshop = list.as_array().unwrap().iter().find(|item| item["minutes"] == 90).unwrap().clone();
    assert_eq!(workshop["abstract"], "Über =Formeln & Straßen.\nمرحبا 👩‍💻");
    assert_eq!((&workshop["decision"], &workshop["published_decision"]), (&json!("accepted"), &json!(null)));
    let names: Vec<&str> =
        workshop["speakers"].as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Ada Ünïq", "李小龙"]);
    assert_eq!(workshop["speakers"][1]["bio"], "生物");
    let before = event.exported("proposals.csv").await.text();
    let again = event.import("", &file).await;
    assert_eq!(counts(&again), [0, 0, 2, 0, 1, 0]);
    assert_eq!((&again["speakers"]["unchanged"], &again["rows"][0]["code"]), (&json!(2), &first["rows"][0]["code"]));
    assert_eq!(event.exported("proposals.csv").await.text(), before);
}

#[actix_web::test]
async fn an_own_export_changes_nothing_here_and_fills_another_event() {
    let (app, event) = stage().await;
    event.import("", &sessionize().to_string()).await;
    let other = app.event("next").await;
    for (file, created) in [("proposals.json", 2), ("proposals.csv", 0)] {
        let exported = event.exported(file).await.text();
        assert_eq!(counts(&event.import("source=callboard", &exported).await), [0, 0, 2, 0, 0, 0], "{file}");
        let there = [created, 0, 2 - created, 0, 0, 0];
        assert_eq!(counts(&other.import("", &exported).await), there, "{file}");
    }
    assert_eq!(other.titles().await, event.titles().await);
    let (here, there) = (event.exported("proposals.json").await.json(), other.exported("proposals.json").await.json());
    let texts = |list: &serde_json::Value| {
        let mut texts: Vec<String> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|item| {
                let people: Vec<_> =
                    item["speakers"].as_array().unwrap().iter().map(|one| (&one["name"], &one["bio"])).collect();
                format!("{} {} {} {:?}", item["title"], item["abstract"], item["format"], people)
            })
            .collect();
        texts.sort();
        texts
    };
    assert_eq!(texts(&here), texts(&there));
}

#[actix_web::test]
async fn what_was_changed_here_is_kept_and_the_rest_is_updated() {
    let (app, event) = stage().await;
    let csv = |one: &str, two: &str| format!("code,title,abstract,speakers\nA,{one},x,Ada\nB,{two},x,Bo\n");
    let first = event.import("source=sheet", &csv("One", "Two")).await;
    assert_eq!(outcomes(&first), ["created", "created"]);
    let second = event.import("source=sheet", &csv("One more", "Two")).await;
    assert_eq!(outcomes(&second), ["updated", "unchanged"]);
    assert_eq!(event.titles().await, ["One more", "Two"]);
    let third = event.import("source=sheet", &csv("One more", "Two")).await;
    assert_eq!(outcomes(&third), ["unchanged", "unchanged"]);
    // Another source knows nothing of these.
    let other = event.import("source=other", &csv("One", "Two")).await;
    assert_eq!(outcomes(&other), ["created", "created"]);
    drop(app);
}

#[actix_web::test]
async fn nothing_is_stored_unless_all_of_it_can_be() {
    let (_app, event) = stage().await;
    let long = "x".repeat(201);
    let csv = format!(
        "ID,Proposal title,Abstract,Speaker names\n1,Good,Text,\"Ada L, Bo M\"\n2,{long},Text,Ada L\n3,,Text,\n"
    );
    let dry = event.import("dry_run=true", &csv).await;
    assert_eq!((outcomes(&dry), &dry["source"]), (vec!["created", "refused", "refused"], &json!("pretalx")));
    let refused = event.upload(&event.organizer, "", csv.as_bytes()).await;
    let fields: Vec<String> = refused.clone().problem(422, "invalid")["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["field"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(fields, ["rows[3]", "rows[4]"]);
    assert!(!refused.text().contains(&long), "a refused value is not repeated");
    assert_eq!(event.titles().await, Vec::<String>::new());
    let some = event.import("skip_refused=true", &csv).await;
    assert_eq!(outcomes(&some), ["created", "refused", "refused"]);
    assert_eq!(event.titles().await, ["Good"]);
}

#[actix_web::test]
async fn speakers_come_after_their_proposals() {
    let (_app, event) = stage().await;
    let sessions = "ID,Proposal title,Abstract,Speaker names\n1,One,Text,\"Ada L, Bo M\"\n2,Two,Text,Ada L\n";
    let people = "ID,Name,Biography,Your company,Proposal titles\nX1,Ada L,Counts.,Engines,One\nX2,Cy N,New.,,\n";
    assert_eq!(event.import("", sessions).await["speakers"]["created"], 2);
    assert_eq!(outcomes(&event.import("of=speakers", people).await), ["updated", "created"]);
    let list = event.exported("proposals.json").await.json();
    let two = list.as_array().unwrap().iter().find(|item| item["title"] == "Two").unwrap();
    assert_eq!(
        (&two["speakers"][0]["bio"], &two["speakers"][0]["affiliation"]),
        (&json!("Counts."), &json!("Engines"))
    );
    assert_eq!(counts(&event.import("", sessions).await), [0, 0, 2, 0, 0, 0]);
    assert_eq!(outcomes(&event.import("of=speakers", people).await), ["unchanged", "unchanged"]);
}

#[actix_web::test]
async fn a_workbook_is_read_like_a_table() {
    let (_app, event) = stage().await;
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in
        ["Session Id", "Title", "Description", "Speaker Id", "FirstName", "LastName"].iter().enumerate()
    {
        sheet.write_string(0, u16::try_from(column).unwrap(), *header).unwrap();
    }
    sheet.write_number(1, 0, 7.0).unwrap();
    for (column, text) in [(1, "Tabellen 表"), (2, "=SUM(A1)"), (3, "u"), (4, "Ada"), (5, "L")] {
        sheet.write_string(1, column, text).unwrap();
    }
    let file = book.save_to_buffer().unwrap();
    let report = event.upload(&event.organizer, "", &file).await.expect(200).json();
    assert_eq!((outcomes(&report), &report["rows"][0]["id"]), (vec!["created"], &json!("7")));
    let list = event.exported("proposals.json").await.json();
    assert_eq!((&list[0]["title"], &list[0]["abstract"]), (&json!("Tabellen 表"), &json!("=SUM(A1)")));
    assert_eq!(list[0]["speakers"][0]["name"], "Ada L");
}

#[actix_web::test]
async fn what_cannot_be_read_is_told() {
    let (app, event) = stage().await;
    let wrong = async |query: &str, file: &[u8]| event.upload(&event.organizer, query, file).await;
    wrong("", b"").await.field_error("file", "invalid");
    wrong("", b"{\"sessions\": 1}").await.field_error("file", "invalid");
    wrong("", b"a,b\n\xff,1\n").await.field_error("file", "invalid");
    wrong("", b"PK\x03\x04 and no workbook").await.field_error("file", "invalid");
    wrong("", b"what,ever\n1,2\n").await.field_error("map", "invalid");
    wrong("map=title=Nowhere", b"what\n1\n").await.field_error("map", "invalid");
    wrong("of=reviews", b"[]").await.field_error("file", "invalid");
    wrong("of=speakers", b"{\"name\": 1}").await.field_error("file", "invalid");
    wrong("of=nonsense", b"a\n1\n").await.expect(422);
    let request = event.organizer.request(actix_web::http::Method::POST, &event.path("/imports"));
    let request = request.insert_header(("content-type", "text/html")).set_payload("x");
    event.organizer.send(request).await.problem(415, "media_type");
    let large = vec![b'x'; 16 * 1024 * 1024 + 1];
    wrong("", &large).await.problem(413, "too_large");
    let ada = app.speaker("ada").await;
    event.upload(&ada, "", b"title\nOne\n").await.expect(403);
    let vera = app.member("vera", &event, "viewer").await;
    event.upload(&vera, "", b"title\nOne\n").await.expect(403);
}

#[actix_web::test]
async fn an_import_is_noted_without_its_texts() {
    let (_app, event) = stage().await;
    event.import("", &sessionize().to_string()).await;
    let audit = event.organizer.get(&event.path("/audit?action=imported")).await.expect(200);
    let entry = audit.json()["items"][0].clone();
    assert_eq!(
        (&entry["facts"]["created"], &entry["object"]),
        (&json!(2), &json!({"kind": "table", "code": "proposals"})),
        "{entry}"
    );
    assert!(!audit.text().contains("Formeln") && !audit.text().contains("Ünïq"));
}
