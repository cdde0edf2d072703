// An organizer sets up an event from nothing until a visitor can propose a talk.
import { at, follow, job, press, refused, see } from "../job.mjs";

export const name = "set-up of a new event";

export async function go(browser, world, ways) {
  const way = ways.script ? "on" : "off";
  const slug = `fresh-${way}`;
  await job(browser, world, ways, "olga", async (page) => {
    await page.goto("/");
    const menu = page.getByRole("banner").locator("details");
    await menu.locator("summary").click();
    await follow(page, "New event", menu);
    await at(page, "/new");
    await page.getByRole("textbox", { name: "Name" }).fill(`Fresh ${way}`);
    await page.getByLabel("Address", { exact: false }).first().fill("full");
    await page.getByLabel("Time zone of the place").fill("Europe/Helsinki");
    page.notes.allowed.add(409).add(422);
    await press(page, "Create the event");
    await refused(page, ways);
    await page.getByLabel("Address", { exact: false }).first().fill(slug);
    await page.getByLabel("Last minute that counts").fill("2090-03-01T23:59");
    await press(page, "Create the event");
    await at(page, new RegExp(`^/${slug}/organize`));
    const side = page.getByRole("navigation", { name: "Organize" });
    await follow(page, "Formats and tracks", side);
    await page.getByText("Add a track", { exact: true }).click();
    const track = page.locator("form").filter({ has: page.getByRole("button", { name: "Add the track" }) });
    await track.getByLabel("Name").fill("Databases");
    await press(page, "Add the track");
    await see(page, "Databases");
    await follow(page, "Call", side);
    await page.getByRole("textbox", { name: "Text of the call" }).fill("Tell us what **broke**.");
    await press(page, "Save the call");
    await follow(page, "Event", side);
    await page.getByLabel(/^Everybody/).check();
    await press(page, "Save the settings");
    await see(page, "Everybody");
  });
  await job(browser, world, ways, "visitor", async (page) => {
    await page.goto("/");
    await follow(page, new RegExp(`Fresh ${way}`));
    await see(page, "broke");
    await follow(page, "Submit a proposal");
    await see(page, "Databases");
  });
}
