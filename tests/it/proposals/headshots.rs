//! Headshots and slides: what becomes of a picture, and who sees it.

use crate::harness::{
    Client, Response, TestApp,
    seed::{Event, code},
};
use actix_web::http::Method;
use callboard::jobs;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::json;
use std::{io::Cursor, time::Duration};

/// Red above, blue below.
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let color = |_, y| if y < height / 2 { Rgb([250, 0, 0]) } else { Rgb([0, 0, 250]) };
    let mut bytes = vec![];
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, color))
        .write_to(&mut Cursor::new(&mut bytes), format)
        .unwrap();
    bytes
}

/// A JPEG with a note in it, that a camera held upside down has taken.
pub fn photo(note: &str) -> Vec<u8> {
    let plain = picture(200, 100, ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0\x2A\0\0\0\x08\0\x02".to_vec();
    // Orientation: 3. Description: behind the directory.
    exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x03\0\0");
    exif.extend(b"\x01\x0E\0\x02");
    exif.extend(u32::try_from(note.len() + 1).unwrap().to_be_bytes());
    exif.extend(38_u32.to_be_bytes());
    exif.extend([0; 4]);
    exif.extend(note.as_bytes());
    exif.push(0);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xFF, 0xE1], &length, &exif, &plain[2..]].concat()
}

pub async fn put(client: &Client, path: &str, content_type: &str, body: Vec<u8>) -> Response {
    let request = client.request(Method::PUT, path).insert_header(("if-match", "*"));
    client.send(request.insert_header(("content-type", content_type)).set_payload(body)).await
}

async fn code_of(event: &Event, talk: &str) -> String {
    event.seen(talk).await["speakers"][0]["code"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_picture_is_small_upright_and_tells_nothing_else() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let path = event.path("/my/profile/headshot");
    ada.get(&path).await.problem(404, "not_found");
    let upload = photo("Kanariogeo 52.5N 13.4E");
    assert!(String::from_utf8_lossy(&upload).contains("Kanariogeo"));
    put(&ada, &path, "image/jpeg", upload).await.expect(204);
    let shown = ada.get(&path).await.expect(200);
    assert_eq!(shown.header("content-type"), "image/jpeg");
    assert_eq!(shown.header("cache-control"), "private, max-age=60");
    assert_eq!(shown.header("x-content-type-options"), "nosniff");
    assert!(!shown.text().contains("Kanariogeo") && !shown.text().contains("Exif"));
    let seen = image::load_from_memory(&shown.body).unwrap().to_rgb8();
    let Rgb([red, _, blue]) = *seen.get_pixel(100, 10);
    assert!(blue > 200 && red < 50, "it was upside down");
    for (format, name) in [(ImageFormat::Png, "image/png"), (ImageFormat::WebP, "image/webp")] {
        put(&ada, &path, name, picture(2000, 1000, format)).await.expect(204);
        let anew = ada.get(&path).await.expect(200);
        let seen = image::load_from_memory_with_format(&anew.body, ImageFormat::Jpeg).unwrap();
        assert_eq!((seen.width(), seen.height()), (512, 256));
        assert!(anew.body.len() < 100_000);
        assert_ne!(anew.header("etag"), shown.header("etag"));
    }
    ada.delete(&path).await.expect(204);
    ada.delete(&path).await.problem(404, "not_found");
    ada.get(&path).await.problem(404, "not_found");
}

#[actix_web::test]
async fn what_is_no_picture_is_refused() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let path = event.path("/my/profile/headshot");
    let small = picture(100, 100, ImageFormat::Png);
    put(&ada, &path, "image/svg+xml", b"<svg/>".to_vec()).await.problem(415, "media_type");
    put(&ada, &path, "image/png", b"<svg/>".to_vec()).await.field_error("image", "unreadable");
    put(&ada, &path, "image/png", small[..small.len() / 2].to_vec()).await.field_error("image", "unreadable");
    put(&ada, &path, "image/png", picture(63, 100, ImageFormat::Png)).await.field_error("image", "too_small");
    put(&ada, &path, "image/png", vec![0; 8 * 1024 * 1024 + 1]).await.problem(413, "too_large");
    put(&ada, &path, "image/jpeg", small.clone()).await.expect(204);
    let twice = ada.request(Method::PUT, &path).insert_header(("content-type", "image/png")).set_payload(small);
    ada.send(twice).await.problem(428, "version_required");
    app.anonymous().get(&path).await.problem(401, "sign_in_required");
}

#[actix_web::test]
async fn it_is_shown_to_whoever_may_know_the_speaker() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (rita, bob) = (app.reviewer("rita", &event).await, app.speaker("bob").await);
    let (here, there) = (event.track("Here").await, event.track("There").await);
    let chair = app.member_of("chair", &event, "chair", &[&here]).await;
    let other_chair = app.member_of("other", &event, "chair", &[&there]).await;
    let ada = app.speaker("ada").await;
    put(&ada, &event.path("/my/profile/headshot"), "image/png", picture(100, 100, ImageFormat::Png)).await.expect(204);
    event.draft(&ada, "Draft").await;
    let talk = code(&event.submit_to(&here, &ada, "Bears").await);
    let speaker = code_of(&event, &talk).await;
    let (team, program) =
        (event.path(&format!("/speakers/{speaker}/headshot")), event.path(&format!("/headshots/{speaker}")));
    event.organizer.get(&team).await.expect(200);
    chair.get(&team).await.expect(200);
    other_chair.get(&team).await.problem(404, "not_found");
    for client in [&rita, &bob] {
        client.get(&team).await.problem(403, "forbidden");
        client.get(&program).await.problem(404, "not_found");
    }
    event.decide(&talk, "accepted").await;
    app.anonymous().get(&program).await.problem(404, "not_found");
    event.publish().await;
    app.advance(Duration::from_mins(1));
    jobs::release_due(&app.board).await.unwrap();
    let shown = app.anonymous().get(&program).await.expect(200);
    assert_eq!(shown.header("cache-control"), "public, max-age=300");
    ada.act(&event.mine(&format!("/{talk}/decline"))).await.expect(200);
    app.anonymous().get(&program).await.problem(404, "not_found");
    event.organizer.get(&team).await.expect(200);
}

#[actix_web::test]
async fn of_drafts_nobody_sees_the_speaker() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    put(&ada, &event.path("/my/profile/headshot"), "image/png", picture(100, 100, ImageFormat::Png)).await.expect(204);
    let draft = event.draft(&ada, "Bears").await;
    let data = ada.get("/me/data").await.expect(200).json();
    let speaker = data["profiles"][0]["code"].as_str().unwrap();
    assert!(data["profiles"][0]["headshot"].as_str().unwrap().len() > 100, "what is held is told");
    let team = event.path(&format!("/speakers/{speaker}/headshot"));
    event.organizer.get(&team).await.problem(404, "not_found");
    ada.act(&event.mine(&format!("/{draft}/submit"))).await.expect(200);
    event.organizer.get(&team).await.expect(200);
}

#[actix_web::test]
async fn slides_are_set_at_any_time_and_reviewers_do_not_see_them() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let rita = app.reviewer("rita", &event).await;
    let ada = app.speaker("ada").await;
    let talk = code(&event.submit(&ada, "Bears").await);
    let bob = event.co_speaker(&app, &ada, &talk, "bob").await;
    app.set_clock("2025-02-11T00:00:00Z");
    let path = event.mine(&format!("/{talk}/slides"));
    ada.put(&path, json!({"url": "http://slides.example/kanari"})).await.field_error("url", "https");
    let set = bob.put(&path, json!({"url": "https://slides.example/kanari"})).await.expect(200).json();
    assert_eq!(set["slides"], "https://slides.example/kanari");
    let again = bob.put(&path, json!({"url": "https://slides.example/kanari"})).await.expect(200).json();
    assert_eq!(again["version"], set["version"], "nothing new");
    let seen = event.seen(&talk).await;
    assert_eq!(seen["slides"], "https://slides.example/kanari");
    let shown = rita.get(&event.path("/reviewing/proposals")).await.expect(200);
    assert!(shown.text().contains("Bears") && !shown.text().contains("kanari"));
    assert_eq!(ada.put(&path, json!({"url": null})).await.expect(200).json()["slides"], json!(null));
    ada.act(&event.mine(&format!("/{talk}/withdraw"))).await.expect(200);
    ada.put(&path, json!({"url": null})).await.problem(409, "wrong_state");
}

#[actix_web::test]
async fn the_picture_goes_with_the_person() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    put(&ada, &event.path("/my/profile/headshot"), "image/png", picture(100, 100, ImageFormat::Png)).await.expect(204);
    let talk = code(&event.submit(&ada, "Bears").await);
    event.decide(&talk, "accepted").await;
    event.publish().await;
    app.advance(Duration::from_mins(1));
    jobs::release_due(&app.board).await.unwrap();
    let program = event.path(&format!("/headshots/{}", code_of(&event, &talk).await));
    app.anonymous().get(&program).await.expect(200);
    let erase = ada.request(Method::DELETE, "/me").set_json(json!({"password": crate::harness::PASSWORD}));
    ada.send(erase).await.expect(204);
    app.anonymous().get(&program).await.problem(404, "not_found");
    assert_eq!(event.seen(&talk).await["speakers"][0]["name"], "ada", "the talk stays under the name");
}
