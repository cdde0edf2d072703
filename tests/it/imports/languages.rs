//! Texts of many scripts come out everywhere as they went in, byte for byte.

use super::{counts, stage};
use serde_json::{Value, json};

/// Title, abstract, and a word that finds it.
const TEXTS: [(&str, &str, &str); 6] = [
    ("缓存的艺术", "我们如何把延迟降低一半。\n第二段：数据库。", "缓存的艺术"),
    ("型安全なデータベース", "「型」で守るスキーマ設計、失敗と学び。", "型安全なデータベース"),
    ("Größe, Straße & Übermut", "Warum „groß“ nicht „gross“ heißt – und was daraus folgt.", "übermut"),
    ("L’été où le cœur a lâché", "Déjà vu : ça coûte 5 €, façade naïve, garçon.", "façade"),
    ("قواعد البيانات الموزعة", "كيف نبني نظامًا لا يتوقف عن العمل.", "الموزعة"),
    ("Ship it 🚀 👩‍💻 🏳️‍🌈", "Emoji of several parts: 👨‍👩‍👧‍👦, 🇯🇵, 👍🏽.", "ship"),
];

#[actix_web::test]
async fn texts_survive_from_the_form_to_the_file() {
    let (app, event) = stage().await;
    let ada = app.speaker("ada").await;
    let mut codes = vec![];
    for (title, text, _) in TEXTS {
        let body = json!({"title": title, "abstract": text, "description": text, "notes": title, "submit": true});
        let made = ada.post(&event.mine(""), body).await.expect(201).json();
        let code = made["code"].as_str().unwrap().to_owned();
        let read = ada.get(&event.mine(&format!("/{code}"))).await.expect(200).json();
        for (field, wanted) in [("title", title), ("abstract", text), ("description", text), ("notes", title)] {
            assert_eq!((&made[field], &read[field]), (&json!(wanted), &json!(wanted)));
        }
        codes.push(code);
    }
    for ((title, .., word), code) in TEXTS.iter().zip(&codes) {
        let word: String = url::form_urlencoded::byte_serialize(word.as_bytes()).collect();
        let found = event.organizer.get(&event.path(&format!("/proposals?q={word}"))).await.expect(200).json();
        let found: Vec<&Value> = found["items"].as_array().unwrap().iter().map(|item| &item["code"]).collect();
        assert_eq!(found, [code], "{title}");
    }
    let mails = app.mails_to("ada", "proposal_received").await;
    for ((title, ..), code) in TEXTS.iter().zip(&codes) {
        let mail = mails.iter().find(|mail| mail.body_text.contains(code.as_str())).unwrap();
        assert!(mail.body_text.contains(title), "{title}: {}", mail.body_text);
    }
    let list = event.exported("proposals.json").await.json();
    for ((title, text, _), code) in TEXTS.iter().zip(&codes) {
        let item = list.as_array().unwrap().iter().find(|item| item["code"] == **code).unwrap();
        assert_eq!(
            (&item["title"], &item["abstract"], &item["description"]),
            (&json!(title), &json!(text), &json!(text))
        );
    }
    let table = event.exported("proposals.csv").await.text();
    for (title, text, _) in TEXTS {
        assert!(table.contains(title) && table.contains(text), "{title}");
    }
    for (slug, file) in [("json", "proposals.json"), ("csv", "proposals.csv"), ("xlsx", "proposals.xlsx")] {
        let there = app.event(slug).await;
        let exported = event.exported(file).await;
        let report = there.upload(&there.organizer, "", &exported.body).await.expect(200).json();
        assert_eq!(counts(&report)[0], 6, "{file}");
        let copied = there.exported("proposals.json").await.json();
        for (title, text, _) in TEXTS {
            let item = copied.as_array().unwrap().iter().find(|item| item["title"] == title).unwrap();
            assert_eq!((&item["abstract"], &item["notes"]), (&json!(text), &json!(title)), "{file}");
        }
    }
}
