//! What the public list says has changed since somebody looked.

use crate::{
    harness::{
        Client, TestApp,
        seed::{Event, code},
    },
    proposals::headshots::{picture, put},
};
use callboard::jobs;
use futures_util::future::join3;
use image::ImageFormat;
use serde_json::{Value, json};
use std::time::Duration;

struct World {
    app: TestApp,
    event: Event,
    ada: Client,
    bears: String,
    cats: String,
}

/// Two talks of ada's in the program.
async fn world() -> World {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let ada = app.speaker("ada").await;
    let [bears, cats] = [code(&event.submit(&ada, "Bears").await), code(&event.submit(&ada, "Cats").await)];
    let world = World { app, event, ada, bears, cats };
    world.tell(&[(&world.bears, "accepted"), (&world.cats, "accepted")]).await;
    world
}

impl World {
    async fn tell(&self, decisions: &[(&str, &str)]) {
        for (talk, decision) in decisions {
            self.event.decide(talk, decision).await;
        }
        self.event.publish().await;
        self.app.advance(Duration::from_mins(1));
        assert_eq!(jobs::release_due(&self.app.board).await.unwrap(), 1);
    }

    /// A moment after all that happened, as somebody asks with it.
    fn now(&self) -> String {
        self.app.advance(Duration::from_secs(1));
        self.app.board.clock.now().to_string()
    }

    async fn since(&self, at: &str) -> Vec<Value> {
        let path = self.event.path(&format!("/talks?changed_since={at}"));
        self.app.anonymous().get(&path).await.expect(200).json()["items"].as_array().unwrap().clone()
    }

    /// The codes, and whether they are gone.
    async fn changed(&self, at: &str) -> Vec<(String, bool)> {
        self.since(at).await.iter().map(|item| (code(item), item["gone"] == true)).collect()
    }

    fn mine(&self, talk: &str, deed: &str) -> String {
        self.event.mine(&format!("/{talk}/{deed}"))
    }
}

#[actix_web::test]
async fn what_leaves_is_told_by_its_code_and_what_changes_as_it_is() {
    let world = world().await;
    let World { app, event, ada, bears, cats } = &world;
    let first = world.now();
    assert_eq!(world.changed(&first).await, []);
    assert_eq!(world.changed("2025-01-01T00:00:00Z").await.len(), 2);
    ada.act(&world.mine(bears, "confirm")).await.expect(200);
    assert_eq!(world.changed(&first).await, [(bears.clone(), false)]);
    assert_eq!(world.since(&first).await[0]["confirmed"], true);
    let second = world.now();
    ada.act(&world.mine(bears, "decline")).await.expect(200);
    assert_eq!(world.since(&second).await, [json!({"code": bears, "gone": true})], "and nothing else of it");
    let third = world.now();
    event.organizer.act(&event.path(&format!("/proposals/{cats}/cancel"))).await.expect(200);
    assert_eq!(world.changed(&third).await, [(cats.clone(), true)]);
    event.organizer.act(&event.path(&format!("/proposals/{cats}/reinstate"))).await.expect(200);
    assert_eq!(world.changed(&third).await, [(cats.clone(), false)], "it is there again");
    let fourth = world.now();
    world.tell(&[(cats, "rejected")]).await;
    assert_eq!(world.changed(&fourth).await, [(cats.clone(), true)]);
    let all = app.anonymous().get(&event.path("/talks")).await.expect(200).json();
    assert_eq!(all["items"], json!([]));
}

#[actix_web::test]
async fn the_instant_itself_counts_and_one_later_does_not() {
    let world = world().await;
    let at = world.now();
    world.ada.act(&world.mine(&world.bears, "confirm")).await.expect(200);
    assert_eq!(world.changed(&at).await.len(), 1);
    world.app.advance(Duration::from_micros(1));
    let later = world.app.board.clock.now().to_string();
    assert_eq!(world.changed(&later).await.len(), 0);
}

#[actix_web::test]
async fn everything_that_everybody_sees_counts() {
    let world = world().await;
    let World { app, event, ada, bears, cats } = &world;
    let both = || {
        let mut both = vec![(bears.clone(), false), (cats.clone(), false)];
        both.sort();
        both
    };
    let at = world.now();
    ada.put(&event.path("/my/profile"), json!({"name": "Ada", "bio": "Anew."})).await.expect(200);
    assert_eq!(world.changed(&at).await, both(), "of all her talks");
    let at = world.now();
    let headshot = event.path("/my/profile/headshot");
    put(ada, &headshot, "image/png", picture(100, 100, ImageFormat::Png)).await.expect(204);
    assert_eq!(world.changed(&at).await, both());
    let speaker = world.since(&at).await[0]["speakers"][0].clone();
    let picture = format!("/api/v1/events/conf/headshots/{}", code(&speaker));
    assert!(speaker["headshot"].as_str().unwrap().ends_with(&picture), "{speaker}");
    app.anonymous().get(picture.strip_prefix("/api/v1").unwrap()).await.expect(200);
    let at = world.now();
    ada.delete(&headshot).await.expect(204);
    assert_eq!(world.changed(&at).await, both());
    let at = world.now();
    ada.put(&world.mine(bears, "slides"), json!({"url": "https://slides.example/bears"})).await.expect(200);
    assert_eq!(world.changed(&at).await, [(bears.clone(), false)]);
    assert_eq!(world.since(&at).await[0]["slides"], "https://slides.example/bears");
    let at = world.now();
    ada.patch(&event.mine(&format!("/{bears}")), json!({"title": "Brown bears"})).await.expect(200);
    assert_eq!(world.since(&at).await[0]["title"], "Brown bears");
    let at = world.now();
    let bob = event.co_speaker(app, ada, bears, "bob").await;
    assert_eq!(world.since(&at).await[0]["speakers"][1]["name"], "bob");
    let at = world.now();
    let id = event.id_of(&bob, bears, "bob").await;
    event.remove_speaker(&bob, bears, &id).await.expect(204);
    assert_eq!(world.changed(&at).await, [(bears.clone(), false)]);
}

/// Whoever follows what changes ends with the list as it stands, in whatever order things happen at one instant.
#[actix_web::test]
async fn what_happens_at_once_is_told_as_it_stands_afterwards() {
    let world = world().await;
    let World { app, event, ada, bears, cats } = &world;
    let organizer = &event.organizer;
    for round in 0..12 {
        let at = world.now();
        let title = async {
            let edit = json!({"title": format!("Bears {round}")});
            ada.patch(&event.mine(&format!("/{bears}")), edit).await.status.as_u16()
        };
        let name = async {
            let profile = json!({"name": format!("Ada {round}")});
            ada.put(&event.path("/my/profile"), profile).await.status.as_u16()
        };
        let (deed, there) = if round % 2 == 0 { ("cancel", false) } else { ("reinstate", true) };
        let standing = async { organizer.act(&event.path(&format!("/proposals/{cats}/{deed}"))).await.status.as_u16() };
        assert_eq!(join3(title, name, standing).await, (200, 200, 200));
        let told = world.since(&at).await;
        let all = app.anonymous().get(&event.path("/talks")).await.expect(200).json();
        for talk in all["items"].as_array().unwrap() {
            assert!(told.contains(talk), "{round}: {talk} is not told as it stands in {told:?}");
        }
        let gone = json!({"code": cats, "gone": true});
        assert_eq!(told.contains(&gone), !there, "{round}: {told:?}");
        assert_eq!(told.len(), 2, "{round}");
    }
}

/// Otherwise the list would tell of private decisions, and of who was turned down.
#[actix_web::test]
async fn what_never_was_in_the_program_is_never_told() {
    let world = world().await;
    let World { event, ada, .. } = &world;
    let at = world.now();
    let [dogs, eels, foxes] = [
        code(&event.submit(ada, "Dogs").await),
        code(&event.submit(ada, "Eels").await),
        code(&event.submit(ada, "Foxes").await),
    ];
    world.tell(&[(&dogs, "rejected"), (&eels, "waitlisted")]).await;
    event.decide(&foxes, "accepted").await;
    event.publish().await;
    ada.act(&world.mine(&foxes, "withdraw")).await.expect(200);
    ada.act(&world.mine(&eels, "withdraw")).await.expect(200);
    world.app.advance(Duration::from_mins(1));
    jobs::release_due(&world.app.board).await.unwrap();
    assert_eq!(world.changed(&at).await, []);
}

#[actix_web::test]
async fn changes_come_in_pages_and_not_with_a_search() {
    let world = world().await;
    let World { app, event, ada, bears, .. } = &world;
    ada.act(&world.mine(bears, "decline")).await.expect(200);
    let (mut seen, mut cursor) = (vec![], String::new());
    loop {
        let path = event.path(&format!("/talks?changed_since=2025-01-01T00:00:00%2B01:00&limit=1{cursor}"));
        let page = app.anonymous().get(&path).await.expect(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| (code(item), item["gone"] == true)));
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(seen.len() == 2 && seen.is_sorted(), "{seen:?}");
    assert!(seen.contains(&(bears.clone(), true)));
    let both = app.anonymous().get(&event.path("/talks?changed_since=2025-01-01T00:00:00Z&q=bears")).await;
    both.field_error("changed_since", "alone");
    app.anonymous().get(&event.path("/talks?changed_since=yesterday")).await.problem(422, "invalid");
}
