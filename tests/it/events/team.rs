use super::{code_of, event, join, member};
use crate::harness::TestApp;
use serde_json::json;

#[actix_web::test]
async fn the_team_is_listed_with_all_roles_and_for_organizers_only() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let rita = member(&app, "posette", "rita", "reviewer").await;
    app.advance(std::time::Duration::from_secs(1));
    join(&app, "posette", &rita, "rita", "organizer").await;
    let ada = member(&app, "posette", "ada", "reviewer").await;
    let team = admin.get("/events/posette/members").await.expect(200).json();
    let rita_code = code_of(&admin, "posette", "rita").await;
    let role = |role: &str| json!({"role": role, "tracks": null, "version": 1});
    let roles = [role("reviewer"), role("organizer")];
    let item = json!({"code": rita_code, "name": "rita", "email": "rita@example.org", "roles": roles});
    assert!(team["items"].as_array().unwrap().contains(&item), "{team}");
    assert_eq!(team["items"].as_array().unwrap().len(), 3);
    rita.get("/events/posette/members").await.expect(200);
    ada.get("/events/posette/members").await.problem(403, "forbidden");
    ada.delete(&format!("/events/posette/members/{rita_code}")).await.problem(403, "forbidden");
}

#[actix_web::test]
async fn one_role_or_all_are_taken_and_count_at_the_next_request() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let rita = member(&app, "posette", "rita", "reviewer").await;
    join(&app, "posette", &rita, "rita", "organizer").await;
    let path = format!("/events/posette/members/{}", code_of(&admin, "posette", "rita").await);
    admin.delete(&format!("{path}?role=organizer")).await.expect(204);
    rita.get("/events/posette/members").await.problem(403, "forbidden");
    admin.delete(&format!("{path}?role=organizer")).await.problem(404, "not_found");
    admin.delete(&format!("{path}?role=king")).await.expect(422);
    admin.delete(&path).await.expect(204);
    admin.delete(&path).await.problem(404, "not_found");
    admin.patch("/events/posette/settings", json!({"visibility": "draft"})).await.expect(200);
    rita.get("/events/posette/members").await.problem(404, "not_found");
}

#[actix_web::test]
async fn a_member_of_another_event_is_nobody_here() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    event(&app, "other").await;
    member(&app, "other", "rita", "reviewer").await;
    let code = code_of(&admin, "other", "rita").await;
    admin.delete(&format!("/events/posette/members/{code}")).await.problem(404, "not_found");
    admin.delete("/events/posette/members/ABCDEFGHJK").await.problem(404, "not_found");
    assert_eq!(code_of(&admin, "other", "rita").await, code);
}

#[actix_web::test]
async fn the_last_organizer_stays() {
    let app = TestApp::new().await;
    let admin = event(&app, "posette").await;
    let rita = member(&app, "posette", "rita", "reviewer").await;
    let own = format!("/events/posette/members/{}", code_of(&admin, "posette", "admin").await);
    admin.delete(&own).await.problem(409, "last_organizer");
    admin.delete(&format!("{own}?role=organizer")).await.problem(409, "last_organizer");
    admin.get("/events/posette/members").await.expect(200);
    join(&app, "posette", &rita, "rita", "organizer").await;
    admin.delete(&own).await.expect(204);
    admin.get("/events/posette/members").await.problem(403, "forbidden");
    rita.get("/events/posette/members").await.expect(200);
}

#[actix_web::test]
async fn two_organizers_that_remove_each_other_at_once_leave_one() {
    for _ in 0..4 {
        let app = TestApp::new().await;
        let admin = event(&app, "posette").await;
        let olga = member(&app, "posette", "olga", "organizer").await;
        let path = |code: String| format!("/events/posette/members/{code}");
        let of_admin = path(code_of(&admin, "posette", "admin").await);
        let of_olga = path(code_of(&admin, "posette", "olga").await);
        let (one, other) = tokio::join!(admin.delete(&of_olga), olga.delete(&of_admin));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 403], "{} {}", one.text(), other.text());
    }
}

#[actix_web::test]
async fn two_organizers_that_leave_at_once_leave_one() {
    for _ in 0..4 {
        let app = TestApp::new().await;
        let admin = event(&app, "posette").await;
        let olga = member(&app, "posette", "olga", "organizer").await;
        let path = |code: String| format!("/events/posette/members/{code}");
        let of_admin = path(code_of(&admin, "posette", "admin").await);
        let of_olga = path(code_of(&admin, "posette", "olga").await);
        let (one, other) = tokio::join!(admin.delete(&of_admin), olga.delete(&of_olga));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409], "{} {}", one.text(), other.text());
    }
}
