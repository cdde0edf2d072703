//! The pages of one's own proposals: what they say, what their forms do, and that nothing typed is lost.

use crate::harness::{
    Client, Response, TestApp,
    seed::{Event, code},
};
use scraper::{Html, Selector};
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_hours(24);

struct World {
    app: TestApp,
    event: Event,
    ada: Client,
}

impl World {
    async fn new() -> World {
        let app = TestApp::new().await;
        let event = app.event("conf").await;
        let ada = app.speaker("ada").await;
        World { app, event, ada }
    }

    async fn stored(&self, talk: &str) -> Value {
        self.ada.get(&self.event.mine(&format!("/{talk}"))).await.expect(200).json()
    }

    async fn accepted(&self) -> String {
        let talk = code(&self.event.submit(&self.ada, "Bears").await);
        self.event.decide(&talk, "accepted").await;
        self.event.tell(&self.app).await;
        talk
    }
}

fn select(page: &Response, css: &str) -> Vec<String> {
    let html = Html::parse_document(&page.text());
    let css = Selector::parse(css).unwrap();
    let found = html.select(&css);
    found.map(|element| element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

fn attribute(page: &Response, css: &str, name: &str) -> Option<String> {
    let html = Html::parse_document(&page.text());
    let found = html.select(&Selector::parse(css).unwrap()).next();
    found.and_then(|element| element.attr(name).map(str::to_owned))
}

fn has(page: &Response, css: &str) -> bool {
    !select(page, css).is_empty()
}

/// The version that a page's forms are made from.
fn version(page: &Response) -> String {
    attribute(page, "main input[name=_version]", "value").unwrap()
}

fn edited<'a>(version: &'a str, title: &'a str, then: &'a str) -> [(&'a str, &'a str); 3] {
    [("_version", version), ("title", title), ("_then", then)]
}

fn led_to(answer: &Response) -> String {
    answer.header("location").to_owned()
}

#[actix_web::test]
async fn my_proposals_say_where_they_stand_and_what_to_do_next() {
    let world = World::new().await;
    let World { app, event, ada } = &world;
    let empty = ada.page("/me").await.expect(200);
    assert_eq!(attribute(&empty, ".empty a", "href").as_deref(), Some("/"));
    let empty = ada.page("/conf/mine").await.expect(200);
    assert_eq!(attribute(&empty, ".empty a", "href").as_deref(), Some("/conf/submit"));
    let draft = event.draft(ada, "Draft").await;
    let talk = code(&event.submit(ada, "Bears").await);
    for path in ["/me", "/conf/mine"] {
        let page = ada.page(path).await.expect(200);
        assert_eq!(select(&page, ".own .badge"), ["Draft", "Submitted"], "what waits for me comes first");
        let words = select(&page, ".own .hint").join(" ");
        assert!(words.contains("Submit it before Mon 10 Feb 2025, 12:00 AM PST"), "{words}");
        assert!(words.contains("The organizers have not said when they will answer"), "{words}");
        let first = attribute(&page, ".own .buttons a", "href");
        assert_eq!(first, Some(format!("/conf/mine/{draft}/edit")));
    }
    event.organizer.patch(&event.path("/call"), json!({"notify_on": "2025-03-01"})).await.expect(200);
    let page = ada.page("/me").await.expect(200);
    assert!(page.text().contains("You are promised an answer by Sat 1 Mar 2025."));
    event.decide(&talk, "accepted").await;
    assert_eq!(select(&ada.page("/me").await, ".own .badge"), ["Draft", "Submitted"], "nobody has told her yet");
    event.tell(app).await;
    let page = ada.page("/me").await.expect(200);
    assert!(select(&page, ".own .badge").contains(&"Accepted: please confirm".to_owned()));
    app.advance(60 * DAY);
    let page = app.sign_in("ada").await.page("/me").await.expect(200);
    assert!(page.text().contains("Not submitted. The deadline passed on"));
}

#[actix_web::test]
async fn a_proposal_is_written_and_submitted_in_one_form() {
    let world = World::new().await;
    let World { event, ada, .. } = &world;
    let level = json!({"name": "Level", "required": true, "choices": [{"name": "Easy"}, {"name": "Hard"}]});
    let level = event.organizer.post(&event.path("/categories"), level).await.expect(201).json();
    let topics = json!({"name": "Topics", "several": true, "choices": [{"name": "Web"}, {"name": "Data"}]});
    let topics = event.organizer.post(&event.path("/categories"), topics).await.expect(201).json();
    let page = ada.page("/conf/submit").await.expect(200);
    let group = |category: &Value| format!("choices[{}]", code(category));
    let (levels, topics_) = (group(&level), group(&topics));
    assert!(has(&page, &format!("input[type=radio][name='{levels}']")));
    let key = attribute(&page, "main input[name=_key]", "value").unwrap();
    let (hard, web) = (code(&level["choices"][1]), code(&topics["choices"][0]));
    let fields = [
        ("_key", key.as_str()),
        ("title", "Bears & \"friends\""),
        ("abstract", ""),
        ("choices", ""),
        (levels.as_str(), hard.as_str()),
        (topics_.as_str(), ""),
        (topics_.as_str(), web.as_str()),
        ("submit", "true"),
    ];
    let again = ada.form("/conf/submit", &fields).await.expect(422);
    assert_eq!(attribute(&again, "input[name=title]", "value").as_deref(), Some("Bears & \"friends\""));
    assert!(has(&again, ".summary a[href='#f-abstract']"));
    assert_eq!(attribute(&again, "input[type=radio][checked]", "value"), Some(hard.clone()));
    assert_eq!(attribute(&again, "input[type=checkbox][checked]", "value"), Some(web.clone()));
    let whole = fields.map(|(name, text)| if name == "abstract" { (name, "All about them.") } else { (name, text) });
    let done = ada.form("/conf/submit", &whole).await.expect(303);
    let talk = led_to(&done).strip_prefix("/conf/mine/").unwrap().to_owned();
    assert_eq!(led_to(&ada.form("/conf/submit", &whole).await.expect(303)), led_to(&done), "twice is once");
    let stored = world.stored(&talk).await;
    assert_eq!(stored["lifecycle"], "submitted");
    let picked: Vec<&str> = stored["choices"].as_array().unwrap().iter().map(|c| c["code"].as_str().unwrap()).collect();
    assert_eq!(picked, [hard.as_str(), web.as_str()]);
    let page = ada.page(&led_to(&done)).await.expect(200);
    assert_eq!(select(&page, "h1"), ["Bears & \"friends\""]);
    assert!(select(&page, ".facts").join(" ").contains("2025-01-15T12:00:00Z (Wednesday 15 January 2025"));
}

#[actix_web::test]
async fn a_visitor_writes_first_and_signs_in_at_the_end() {
    let world = World::new().await;
    let nobody = world.app.anonymous();
    let page = nobody.page("/conf/submit").await.expect(200);
    assert_eq!(attribute(&page, "form[data-writing]", "data-autosave").as_deref(), Some(""));
    assert!(page.text().contains("Write first."));
    let fields = [("title", "Bears"), ("abstract", "All of them."), ("submit", "true")];
    let asked = nobody.form("/conf/submit", &fields).await.expect(401);
    let [path, form] = ["_unsent_path", "_unsent_form"]
        .map(|name| attribute(&asked, &format!("input[name={name}]"), "value").unwrap());
    assert_eq!(path, "/conf/submit");
    let fields = [
        ("email", "ada@example.org"),
        ("password", crate::harness::PASSWORD),
        ("_unsent_path", path.as_str()),
        ("_unsent_form", form.as_str()),
    ];
    let carried = nobody.form("/sign-in", &fields).await.expect(200);
    assert_eq!(attribute(&carried, "form[action='/conf/submit'] input[name=title]", "value").as_deref(), Some("Bears"));
    let page = world.ada.page("/conf/submit").await.expect(200);
    assert_eq!(attribute(&page, "form[data-writing]", "data-autosave").as_deref(), Some("/conf/submit/autosave"));
    assert!(!page.text().contains("Write first."));
}

#[actix_web::test]
async fn a_form_saves_itself_as_a_draft() {
    let world = World::new().await;
    let ada = &world.ada;
    ada.form("/conf/submit/autosave", &[("title", "")]).await.expect(422);
    let saved = ada.form("/conf/submit/autosave", &[("title", "Bears"), ("submit", "true")]).await.expect(200);
    let path = attribute(&saved, "[data-path]", "data-path").unwrap();
    let talk = path.strip_prefix("/conf/mine/").unwrap();
    assert_eq!(world.stored(talk).await["lifecycle"], "draft", "nothing submits itself");
    let first = attribute(&saved, "[data-path]", "data-version").unwrap();
    let saved = ada.form(&format!("{path}/autosave"), &edited(&first, "Brown bears", "")).await.expect(200);
    let second = attribute(&saved, "[data-path]", "data-version").unwrap();
    assert_ne!(first, second);
    ada.form(&format!("{path}/autosave"), &[("_version", &first), ("title", "Polar bears")]).await.expect(412);
    assert_eq!(world.stored(talk).await["title"], "Brown bears");
    let nobody = world.app.anonymous();
    nobody.form(&format!("{path}/autosave"), &edited(&second, "Brown bears", "")).await.expect(401);
    let submitted = code(&world.event.submit(ada, "Done").await);
    let edit = ada.page(&format!("/conf/mine/{submitted}/edit")).await.expect(200);
    assert!(!has(&edit, "form[data-writing]"), "what is submitted does not save itself");
    let fields = [("_version", version(&edit)), ("title", "Undone".into())];
    let fields = fields.each_ref().map(|(name, text)| (*name, text.as_str()));
    ada.form(&format!("/conf/mine/{submitted}/autosave"), &fields).await.expect(409);
}

#[actix_web::test]
async fn an_edit_is_saved_and_one_that_is_late_shows_both() {
    let world = World::new().await;
    let World { event, ada, .. } = &world;
    let talk = event.draft(ada, "Bears").await;
    let path = format!("/conf/mine/{talk}/edit");
    let first = ada.page(&path).await.expect(200);
    assert_eq!(select(&first, "textarea[name=abstract]"), ["All about Bears."]);
    let version_ = version(&first);
    let saved = ada.form(&path, &edited(&version_, "Brown bears", "")).await.expect(303);
    assert_eq!(led_to(&saved), format!("/conf/mine/{talk}"));
    let late = ada.form(&path, &edited(&version_, "Polar bears", "submit")).await.expect(412);
    assert_eq!(attribute(&late, "input[name=title]", "value").as_deref(), Some("Polar bears"));
    assert!(select(&late, ".now dd").contains(&"Brown bears".to_owned()));
    assert_eq!(world.stored(&talk).await["lifecycle"], "draft");
    let done = ada.form(&path, &edited(&version(&late), "Polar bears", "submit")).await.expect(303);
    assert_eq!(led_to(&done), format!("/conf/mine/{talk}"));
    let stored = world.stored(&talk).await;
    assert_eq!((&stored["title"], &stored["lifecycle"]), (&json!("Polar bears"), &json!("submitted")));
}

#[actix_web::test]
async fn what_was_saved_stays_saved_when_submitting_it_fails() {
    let world = World::new().await;
    let World { event, ada, .. } = &world;
    let talk = event.draft(ada, "Bears").await;
    let path = format!("/conf/mine/{talk}/edit");
    let first = ada.page(&path).await.expect(200);
    let version_ = version(&first);
    let fields = [("_version", version_.as_str()), ("title", "Brown bears"), ("abstract", ""), ("_then", "submit")];
    let again = ada.form(&path, &fields).await.expect(422);
    assert!(has(&again, ".summary a[href='#f-abstract']"));
    assert_eq!(world.stored(&talk).await["title"], "Brown bears");
    let version_ = version(&again);
    let fields = [("_version", version_.as_str()), ("title", "Brown bears"), ("abstract", "x"), ("_then", "submit")];
    ada.form(&path, &fields).await.expect(303);
}

#[actix_web::test]
async fn a_closed_call_says_so_and_keeps_the_drafts() {
    let world = World::new().await;
    let World { app, event, ada } = &world;
    let talk = event.draft(ada, "Bears").await;
    app.set_clock("2025-02-10T08:00:00Z");
    let ada = app.sign_in("ada").await;
    let page = ada.page("/conf/submit").await.expect(200);
    assert!(!has(&page, "form[data-writing]") && has(&page, ".empty a[href='/conf/mine']"));
    assert!(has(&ada.page("/conf/submit?anyway=true").await.expect(200), "form[data-writing]"));
    let secret = "A".repeat(22);
    let late = ada.page(&format!("/conf/submit?late={secret}")).await.expect(200);
    assert_eq!(attribute(&late, "input[name=late_link]", "value"), Some(secret));
    let fields = [("title", "Late"), ("abstract", "Too late."), ("submit", "true")];
    let again = ada.form("/conf/submit", &fields).await.expect(409);
    assert_eq!(attribute(&again, "input[name=title]", "value").as_deref(), Some("Late"));
    assert_eq!(select(&again, "textarea[name=abstract]"), ["Too late."]);
    let page = ada.page(&format!("/conf/mine/{talk}")).await.expect(200);
    let again = ada.form(&format!("/conf/mine/{talk}/submit"), &[]).await.expect(409);
    assert!(has(&page, "form[action$='/delete']") && has(&again, ".summary"));
    ada.form("/conf/submit", &[("title", "Late"), ("submit", "false")]).await.expect(303);
}

#[actix_web::test]
async fn an_idea_fills_the_form_and_is_remembered() {
    let world = World::new().await;
    let World { event, ada, .. } = &world;
    let idea = json!({"title": "Bears at scale", "text": "We *want* it.", "abstract": "Begin here", "wanted": 1});
    let idea = code(&event.organizer.post(&event.path("/title-ideas"), idea).await.expect(201).json());
    let page = ada.page(&format!("/conf/submit?idea={idea}")).await.expect(200);
    assert_eq!(attribute(&page, "input[name=title]", "value").as_deref(), Some("Bears at scale"));
    assert_eq!(select(&page, "textarea[name=abstract]"), ["Begin here"]);
    assert!(page.text().contains("<em>want</em>"));
    let fields = [("idea", idea.as_str()), ("title", "My bears"), ("abstract", "Mine."), ("submit", "true")];
    ada.form("/conf/submit", &fields).await.expect(303);
    event.organizer.patch(&event.path("/call"), json!({"gaps_public": true})).await.expect(200);
    let gaps = event.organizer.get(&event.path("/gaps")).await.expect(200).json();
    assert_eq!(gaps["title_ideas"][0]["proposals"], 1, "{gaps}");
    ada.form("/conf/submit", &[("idea", "ZZZZZZ"), ("title", "Gone")]).await.expect(303);
    ada.page("/conf/submit?idea=ZZZZZZ").await.expect(200);
}

#[actix_web::test]
async fn a_proposal_is_withdrawn_taken_back_and_deleted_by_buttons() {
    let world = World::new().await;
    let World { event, ada, .. } = &world;
    let talk = code(&event.submit(ada, "Bears").await);
    let path = format!("/conf/mine/{talk}");
    let page = ada.page(&path).await.expect(200);
    assert!(has(&page, "form[action$='/withdraw'] .danger") && !has(&page, "form[action$='/delete']"));
    ada.form(&format!("{path}/withdraw"), &[]).await.expect(303);
    let page = ada.page(&path).await.expect(200);
    assert_eq!(select(&page, ".head .badge"), ["Withdrawn"]);
    ada.form(&format!("{path}/undo-withdrawal"), &[]).await.expect(303);
    assert_eq!(world.stored(&talk).await["lifecycle"], "submitted");
    let again = ada.form(&format!("{path}/delete"), &[]).await.expect(409);
    assert!(has(&again, ".summary") && select(&again, "h1") == ["Bears"]);
    let draft = event.draft(ada, "Draft").await;
    let gone = ada.form(&format!("/conf/mine/{draft}/delete"), &[]).await.expect(303);
    assert_eq!(led_to(&gone), "/conf/mine");
    ada.page(&format!("/conf/mine/{draft}")).await.expect(404);
    world.app.speaker("mallory").await.page(&path).await.expect(404);
}

#[actix_web::test]
async fn an_acceptance_is_answered_on_its_page() {
    let world = World::new().await;
    let talk = world.accepted().await;
    let path = format!("/conf/mine/{talk}");
    let page = world.ada.page(&path).await.expect(200);
    assert!(has(&page, "form[action$='/confirm']") && has(&page, "form[action$='/decline']"));
    assert!(!has(&page, "form[action$='/withdraw']"));
    world.ada.form(&format!("{path}/confirm"), &[]).await.expect(303);
    let page = world.ada.page(&path).await.expect(200);
    assert_eq!(select(&page, ".head .badge"), ["Accepted and confirmed"]);
    assert!(!has(&page, "form[action$='/confirm']") && has(&page, "form[action$='/decline']"));
    world.ada.form(&format!("{path}/decline"), &[]).await.expect(303);
    assert_eq!(select(&world.ada.page(&path).await, ".head .badge"), ["Declined by you"]);
}

#[actix_web::test]
async fn speakers_are_invited_removed_and_made_owners() {
    let world = World::new().await;
    let World { app, event, ada } = &world;
    let talk = code(&event.submit(ada, "Bears").await);
    let path = format!("/conf/mine/{talk}");
    let again = ada.form(&format!("{path}/speakers"), &[("email", "nobody")]).await.expect(422);
    assert_eq!(attribute(&again, "input[name=email]", "value").as_deref(), Some("nobody"));
    ada.form(&format!("{path}/speakers"), &[("email", "eve@example.org")]).await.expect(303);
    let page = ada.page(&path).await.expect(200);
    assert!(page.text().contains("eve@example.org"));
    let back = attribute(&page, "form[action$='/remove']", "action").unwrap();
    ada.form(&back, &[]).await.expect(303);
    assert!(!ada.page(&path).await.text().contains("eve@example.org"));
    let bob = event.co_speaker(app, ada, &talk, "bob").await;
    let page = bob.page(&path).await.expect(200);
    assert!(!has(&page, "form[action$='/withdraw']") && !has(&page, "form[action$='/hand-over']"));
    let page = ada.page(&path).await.expect(200);
    let heir = attribute(&page, "input[name=to]", "value").unwrap();
    ada.form(&format!("{path}/hand-over"), &[("leave", "false")]).await.expect(422);
    let done = ada.form(&format!("{path}/hand-over"), &[("to", &heir), ("leave", "true")]).await.expect(303);
    assert_eq!(led_to(&done), "/conf/mine");
    ada.page(&path).await.expect(404);
    assert!(has(&bob.page(&path).await.expect(200), "form[action$='/withdraw']"));
}

#[actix_web::test]
async fn slides_and_private_links_are_kept_on_the_page() {
    let world = World::new().await;
    let World { event, ada, app } = &world;
    let talk = code(&event.submit(ada, "Bears").await);
    let path = format!("/conf/mine/{talk}");
    let version_ = version(&ada.page(&path).await.expect(200));
    let slides = |url| [("_version", version_.as_str()), ("url", url)];
    let again = ada.form(&format!("{path}/slides"), &slides("http://example.org/s")).await.expect(422);
    assert_eq!(attribute(&again, "input[name=url]", "value").as_deref(), Some("http://example.org/s"));
    ada.form(&format!("{path}/slides"), &slides("https://example.org/s")).await.expect(303);
    ada.form(&format!("{path}/slides"), &slides("https://example.org/late")).await.expect(412);
    assert_eq!(world.stored(&talk).await["slides"], "https://example.org/s");
    let made = ada.form(&format!("{path}/preview-links"), &[("days", "3")]).await.expect(200);
    let url = select(&made, ".copied code").remove(0);
    let page = url.strip_prefix("https://cfp.example.org").unwrap().to_owned();
    let shown = app.anonymous().page(&page).await.expect(200);
    assert_eq!(select(&shown, "h1"), ["Bears"]);
    assert_eq!(shown.header("cache-control"), "no-store");
    let page_ = ada.page(&path).await.expect(200);
    assert!(!page_.text().contains(&page), "it is shown once");
    let revoke = attribute(&page_, "form[action$='/revoke']", "action").unwrap();
    ada.form(&revoke, &[]).await.expect(303);
    app.anonymous().page(&page).await.expect(404);
    ada.form(&format!("{path}/preview-links"), &[("days", "0")]).await.expect(422);
}

#[actix_web::test]
async fn history_and_mirror_show_what_changed_and_what_tells() {
    let world = World::new().await;
    let World { event, ada, .. } = &world;
    let talk = code(&event.submit(ada, "Bears by Ada").await);
    let path = format!("/conf/mine/{talk}");
    ada.patch(&event.mine(&format!("/{talk}")), json!({"title": "Brown bears by ada"})).await.expect(200);
    let page = ada.page(&path).await.expect(200);
    assert_eq!(select(&page, "#history").len(), 1);
    let step = ada.page(&format!("{path}/versions/2")).await.expect(200);
    assert!(select(&step, ".diff ins").join(" ").contains("Brown"));
    assert!(select(&step, ".diff del").join(" ").contains("Bears"));
    assert!(ada.page(&format!("{path}/versions/1")).await.expect(200).text().contains("Bears by Ada"));
    ada.page(&format!("{path}/versions/3")).await.expect(404);
    let mirror = ada.page(&format!("{path}/as-reviewers-see-it")).await.expect(200);
    assert_eq!(select(&mirror, "article h2 mark"), ["ada"]);
    assert_eq!(select(&mirror, "article h2"), ["Brown bears by ada"]);
}

#[actix_web::test]
async fn something_is_proposed_again_elsewhere() {
    let world = World::new().await;
    let World { app, event, ada } = &world;
    let empty = ada.page("/conf/mine/again").await.expect(200);
    assert!(has(&empty, ".empty"));
    let talk = code(&event.submit(ada, "Bears").await);
    app.event("next").await;
    let page = ada.page("/next/mine/again").await.expect(200);
    assert_eq!(attribute(&page, "main input[name=code]", "value"), Some(talk.clone()));
    let done = ada.form("/next/mine/again", &[("event", "conf"), ("code", &talk)]).await.expect(303);
    let edit = ada.page(&led_to(&done)).await.expect(200);
    assert_eq!(attribute(&edit, "input[name=title]", "value").as_deref(), Some("Bears"));
}

#[actix_web::test]
async fn the_profile_shows_how_it_will_look() {
    let world = World::new().await;
    let ada = &world.ada;
    let page = ada.page("/conf/mine/profile").await.expect(200);
    assert_eq!(attribute(&page, "input[name=name]", "value").as_deref(), Some("ada"));
    let fields =
        [("name", "Ada L."), ("bio", "She **counts**."), ("links", "https://example.org/ada\nhttps://ada.example")];
    ada.form("/conf/mine/profile", &fields).await.expect(303);
    let page = ada.page("/conf/mine/profile").await.expect(200);
    assert_eq!(select(&page, ".as-shown h3"), ["Ada L."]);
    assert!(has(&page, ".as-shown strong") && select(&page, ".as-shown li").len() == 2);
    assert_eq!(attribute(&page, ".as-shown li a", "href").as_deref(), Some("https://example.org/ada"));
    let version_ = version(&page);
    let wrong = [("_version", version_.as_str()), ("name", "Ada"), ("links", "javascript:alert(1)")];
    let again = ada.form("/conf/mine/profile", &wrong).await.expect(422);
    assert_eq!(attribute(&again, "input[name=name]", "value").as_deref(), Some("Ada"));
    assert!(has(&again, "form.stack > .error") && select(&again, ".as-shown h3") == ["Ada L."]);
    let fields = [("_version", version_.as_str()), ("name", "Ada")];
    ada.form("/conf/mine/profile", &fields).await.expect(303);
    ada.form("/conf/mine/profile", &fields).await.expect(412);
    let headshot = "/conf/mine/profile/headshot";
    ada.page(headshot).await.expect(404);
    let again = ada.upload(headshot, &[], Some(("me.svg", b"<svg/>"))).await.expect(422);
    assert!(has(&again, ".summary a[href='#f-image']"));
    ada.upload(headshot, &[], None).await.expect(422);
    let picture = super::headshots::picture(100, 100, image::ImageFormat::Png);
    ada.upload(headshot, &[], Some(("me.png", &picture))).await.expect(303);
    let page = ada.page("/conf/mine/profile").await.expect(200);
    let shown = attribute(&page, ".as-shown img", "src").unwrap();
    assert_eq!(ada.page(&shown).await.expect(200).header("content-type"), "image/jpeg");
    ada.form(&format!("{headshot}/remove"), &[]).await.expect(303);
    ada.page(headshot).await.expect(404);
}

#[actix_web::test]
async fn every_text_can_be_said_in_another_language() {
    let world = World::new().await;
    let World { event, ada, .. } = &world;
    let talk = code(&event.submit(ada, "⟦Bears⟧").await);
    let draft = event.draft(ada, "⟦Draft⟧").await;
    let paths = [
        "/me".to_owned(),
        "/conf/mine".into(),
        "/conf/submit".into(),
        "/conf/mine/again".into(),
        "/conf/mine/profile".into(),
        format!("/conf/mine/{talk}"),
        format!("/conf/mine/{talk}/edit"),
        format!("/conf/mine/{talk}/as-reviewers-see-it"),
        format!("/conf/mine/{talk}/versions/1"),
        format!("/conf/mine/{draft}"),
        format!("/conf/mine/{draft}/edit"),
    ];
    for path in paths {
        let request = actix_web::test::TestRequest::get()
            .uri(&path)
            .insert_header(("cookie", format!("__Host-session={}", ada.token())))
            .insert_header(("accept-language", "qps-ploc"));
        let page = world.app.anonymous().send(request).await.expect(200);
        for css in ["main h1", "main h2", "main button", "main label", "main legend", "main .badge", "main .lead"] {
            for text in
                select(&page, css).iter().filter(|text| text.is_ascii() && text.chars().any(char::is_alphabetic))
            {
                assert!(["Talk", "The conf", "ada"].contains(&text.as_str()), "{path}: {css} says {text:?}");
            }
        }
    }
}
