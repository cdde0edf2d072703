//! `ETag` and `If-Match`.

use crate::harness::{
    Client, TestApp,
    seed::{Event, code},
};
use actix_web::http::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};

/// Something that can be edited: where it is read, where it is edited, and two edits.
struct Edited<'a> {
    who: &'a Client,
    method: Method,
    read: String,
    write: String,
    edits: [Value; 3],
}

async fn send(edited: &Edited<'_>, header: Option<(&str, &str)>, edit: &Value) -> crate::harness::Response {
    let mut request = edited.who.request(edited.method.clone(), &edited.write).set_json(edit);
    if let Some(header) = header {
        request = request.insert_header(header);
    }
    edited.who.send(request).await
}

/// The ETag, from the thing itself or made of the version in the list that holds it.
async fn etag(edited: &Edited<'_>) -> String {
    let read = edited.who.get(&edited.read).await.expect(200);
    if !read.header("etag").is_empty() {
        assert_eq!(read.header("etag"), format!("\"{}\"", read.json()["version"]));
        return read.header("etag").to_owned();
    }
    let items = read.json();
    let name = edited.write.rsplit('/').next().unwrap().to_owned();
    let item = items["items"].as_array().unwrap().iter().find(|item| item["code"] == name.as_str()).unwrap();
    format!("\"{}\"", item["version"])
}

async fn is_guarded(edited: Edited<'_>) {
    let [one, two, three] = &edited.edits;
    let what = &edited.write;
    let first = etag(&edited).await;
    send(&edited, None, one).await.problem(428, "version_required");
    send(&edited, Some(("if-match", "\"999\"")), one).await.problem(412, "stale");
    send(&edited, Some(("if-match", &format!("W/{first}"))), one).await.problem(412, "stale");
    assert_eq!(etag(&edited).await, first, "{what}: what is refused changes nothing");
    let done = send(&edited, Some(("if-match", &first)), one).await.expect(200);
    let second = done.header("etag").to_owned();
    assert_ne!(second, first, "{what}");
    assert_eq!(etag(&edited).await, second, "{what}");
    send(&edited, Some(("if-match", &first)), two).await.problem(412, "stale");
    send(&edited, Some(("if-none-match", "*")), two).await.problem(412, "stale");
    send(&edited, Some(("if-match", &format!("\"999\", {second}"))), two).await.expect(200);
    send(&edited, Some(("if-match", "*")), three).await.expect(200);
}

fn edits(field: &str, values: [&str; 3]) -> [Value; 3] {
    values.map(|value| json!({field: value}))
}

#[actix_web::test]
async fn whatever_people_edit_is_guarded() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (ada, rita) = (app.speaker("ada").await, app.reviewer("rita", &event).await);
    let talk = event.submit(&ada, "Talk").await;
    let talk_code = code(&talk);
    let reference = event.seen(&talk_code).await["ref"].as_str().unwrap().to_owned();
    let review = event.path(&format!("/reviewing/proposals/{reference}/review"));
    event.organizer.post(&event.path("/tracks"), json!({"name": "Track"})).await.expect(201);
    let criterion = event.codes("/criteria").await.remove(0);
    let score = |score: i64| json!({"scores": {&criterion: score}, "comment": "Fine."});
    rita.put(&review, score(1)).await.expect(200);
    let draft = event.path(&format!("/reviewing/proposals/{reference}/draft"));
    rita.put(&draft, json!({"comment": "Begun"})).await.expect(200);
    ada.put(&event.path("/my/profile"), json!({"name": "Ada"})).await.expect(200);
    let organizer = &event.organizer;
    let decision = event.path(&format!("/proposals/{talk_code}/decision"));
    let part = |list: &str, code: String| (event.path(list), event.path(&format!("{list}/{code}")));
    let names = || edits("name", ["One", "Two", "Three"]);
    let mut all = vec![
        Edited {
            who: &ada,
            method: Method::PATCH,
            read: event.mine(&format!("/{talk_code}")),
            write: event.mine(&format!("/{talk_code}")),
            edits: edits("title", ["One", "Two", "Three"]),
        },
        Edited {
            who: &ada,
            method: Method::PUT,
            read: event.path("/my/profile"),
            write: event.path("/my/profile"),
            edits: names(),
        },
        // Before the review, which takes its place.
        Edited {
            who: &rita,
            method: Method::PUT,
            read: draft.clone(),
            write: draft,
            edits: edits("comment", ["One", "Two", "Three"]),
        },
        Edited {
            who: &rita,
            method: Method::PUT,
            read: review.clone(),
            write: review.clone(),
            edits: [score(2), score(3), score(4)],
        },
        Edited {
            who: organizer,
            method: Method::PATCH,
            read: event.path("/settings"),
            write: event.path("/settings"),
            edits: names(),
        },
        Edited {
            who: organizer,
            method: Method::PATCH,
            read: event.path("/call/settings"),
            write: event.path("/call"),
            edits: edits("text", ["One", "Two", "Three"]),
        },
        Edited {
            who: organizer,
            method: Method::PUT,
            read: decision.clone(),
            write: decision,
            edits: edits("decision", ["accepted", "rejected", "waitlisted"]),
        },
    ];
    let deadline = |day: &str| json!({"deadline": {"local": format!("2025-03-{day}T12:00"), "zone": "Etc/UTC"}});
    let mut extension = deadline("01");
    extension["email"] = json!("late@example.org");
    for (list, new, edits) in [
        ("/formats", None, names()),
        ("/tracks", None, names()),
        ("/criteria", None, names()),
        ("/categories", Some(json!({"name": "Level", "choices": [{"name": "Deep"}]})), names()),
        ("/milestones", Some(json!({"name": "Program", "on": "2025-03-01"})), names()),
        ("/title-ideas", Some(json!({"title": "Idea"})), edits("title", ["One", "Two", "Three"])),
        ("/phases", Some(json!({"name": "Open", "starts_at": "2025-01-01T00:00:00Z"})), names()),
        ("/export-presets", Some(json!({"name": "Saved", "table": "talks", "columns": ["title"]})), names()),
        ("/extensions", Some(extension), ["02", "03", "04"].map(deadline)),
    ] {
        if let Some(new) = new {
            organizer.post(&event.path(list), new).await.expect(201);
        }
        let (read, write) = part(list, event.codes(list).await.remove(0));
        all.push(Edited { who: organizer, method: Method::PATCH, read, write, edits });
    }
    for edited in all {
        is_guarded(edited).await;
    }
}

/// What is set by itself, in one go: there is nothing of somebody else's to overwrite.
const UNGUARDED: [&str; 5] = ["/skip", "/conflict", "/bid", "/me/password", "/me/email"];

#[actix_web::test]
async fn no_edit_goes_without_a_version() {
    let app = TestApp::new().await;
    let document = app.anonymous().get("/openapi.json").await.expect(200).json();
    let mut guarded = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in ["put", "patch"] {
            let Some(operation) = operations.get(method) else { continue };
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let takes =
                parameters.filter_map(|of| of["name"].as_str()).any(|name| name.eq_ignore_ascii_case("if-match"));
            assert_ne!(takes, UNGUARDED.iter().any(|end| path.ends_with(end)), "{method} {path}");
            guarded += usize::from(takes);
        }
    }
    assert!(guarded > 20, "{guarded}");
}

#[actix_web::test]
async fn what_is_not_there_yet_needs_no_version() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let path = event.path("/my/profile");
    let put = |header: Option<(&'static str, &'static str)>| {
        let request = ada.request(Method::PUT, &path).set_json(json!({"name": "Ada"}));
        ada.send(match header {
            Some(header) => request.insert_header(header),
            None => request,
        })
    };
    put(Some(("if-match", "\"1\""))).await.problem(412, "stale");
    ada.get(&path).await.problem(404, "not_found");
    put(Some(("if-none-match", "*"))).await.expect(200);
    put(Some(("if-none-match", "*"))).await.problem(412, "stale");
    put(None).await.problem(428, "version_required");
}

/// Pages save drafts by themselves.
#[actix_web::test]
async fn saving_what_is_there_writes_nothing() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let path = event.mine(&format!("/{}", event.draft(&ada, "Draft").await));
    let before = ada.get(&path).await.expect(200);
    app.advance(std::time::Duration::from_mins(1));
    let texts = json!({"title": "Draft", "description": before.json()["description"]});
    let saved = ada.patch_from(before.header("etag"), &path, texts).await.expect(200);
    assert_eq!((saved.header("etag"), &saved.body), (before.header("etag"), &before.body));
}

/// Neither tag nor version of the proposal moves with the decision.
#[actix_web::test]
async fn a_private_decision_does_not_show_in_the_speakers_version() {
    let app = TestApp::new().await;
    let event: Event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "Talk").await);
    let path = event.mine(&format!("/{talk}"));
    let before = ada.get(&path).await.expect(200);
    event.decide(&talk, "accepted").await;
    let after = ada.get(&path).await.expect(200);
    assert_eq!((after.header("etag"), &after.body), (before.header("etag"), &before.body));
    ada.patch_from(before.header("etag"), &path, json!({"title": "Better"})).await.expect(200);
}

#[actix_web::test]
async fn a_delete_can_be_guarded() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let path = event.mine(&format!("/{}", event.draft(&ada, "Draft").await));
    let delete = |etag: &'static str| ada.send(ada.request(Method::DELETE, &path).insert_header(("if-match", etag)));
    delete("\"7\"").await.problem(412, "stale");
    delete("\"1\"").await.expect(204);
}

#[actix_web::test]
async fn of_64_edits_of_one_version_one_is_stored() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let path = event.mine(&format!("/{}", event.draft(&ada, "Draft").await));
    let edit = |count: usize| ada.patch_from("\"1\"", &path, json!({"title": format!("Draft {count}")}));
    let answers = join_all((0..64).map(|count| async move { (count, edit(count).await) })).await;
    let (stored, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(|(_, answer)| answer.status == 200);
    assert_eq!(stored.len(), 1);
    for (_, answer) in refused {
        answer.problem(412, "stale");
    }
    let now = ada.get(&path).await.expect(200);
    assert_eq!(now.json()["title"], format!("Draft {}", stored[0].0));
    assert_eq!(now.header("etag"), "\"2\"");
}
