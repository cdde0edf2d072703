//! The pages of the instance's admins.

use super::path_of;
use crate::harness::TestApp;
use serde_json::json;

#[actix_web::test]
async fn admins_look_after_events_and_accounts() {
    let app = TestApp::new().await;
    let event = app.event("conf").await;
    let (admin, ada) = (app.admin().await, app.speaker("ada").await);
    for path in ["/admin", "/admin/events", "/admin/accounts", "/admin/accounts?q=ada%40example.org"] {
        admin.page(path).await.expect(200);
        ada.page(path).await.expect(403);
    }
    let found = admin.page("/admin/accounts?q=ada%40example.org").await.text();
    assert!(
        found.contains("<bdi>ada@example.org</bdi>") && !found.contains("<td><bdi>admin@example.org</bdi>"),
        "{found}"
    );
    let none = admin.page("/admin/accounts?q=zoe").await.text();
    assert!(none.contains("No account fits"));

    let path = path_of(&admin, "ada").await;
    let disable =
        |version| [("disabled", "true"), ("_version", version), ("_next", "/admin/accounts?q=ada%40example.org")];
    let stale = admin.form(&path, &disable("99")).await.expect(412).text();
    assert!(stale.contains("It was changed since you read it"), "{stale}");
    let version = admin.get("/admin/accounts?email=ada@example.org").await.json()["items"][0]["version"].to_string();
    let answer = admin.form(&path, &disable(&version)).await.expect(303);
    assert_eq!(answer.header("location"), "/admin/accounts?q=ada%40example.org");
    ada.get("/me").await.expect(401);

    let refused = admin.form("/admin/events/conf/organizers", &[("email", "olga@example.org")]).await.expect(409);
    assert!(refused.text().contains("They invite others themselves"), "{}", refused.text());
    let olga = app.member("olga", &event, "organizer").await;
    olga.delete(&event.member_path("admin").await).await.expect(204);
    disable_account(&admin, "olga").await;
    let page = admin.page("/admin/events").await.text();
    assert!(page.contains("Nobody is left"), "{page}");
    admin.form("/admin/events/conf/organizers", &[("email", "no address")]).await.expect(422);
    admin.form("/admin/events/conf/organizers", &[("email", "otto@example.org")]).await.expect(303);
    assert_eq!(app.mails_to("otto", "invitation").await.len(), 1);
}

async fn disable_account(admin: &crate::harness::Client, name: &str) {
    admin.patch(&path_of(admin, name).await, json!({"disabled": true})).await.expect(200);
}
