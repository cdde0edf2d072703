// The day on which a committee decides on 184 proposals: from the ranking to what speakers read, and the first of them confirms.
import assert from "node:assert/strict";
import { at, follow, job, press, see } from "../job.mjs";
import { plain } from "../texts.mjs";

export const name = "a decision day with 184 proposals";
const [COUNT, ROOM] = [184, 40];

export async function go(browser, world, ways) {
  const slug = `decide-${ways.script ? "on" : "off"}`;
  await world.event(slug, {}, { rita: "reviewer", ravi: "reviewer" });
  await world.open(slug);
  const { code } = await world.ask("sam", "POST", `/events/${slug}/my/proposals`, { title: "Sam decides nothing", abstract: plain.prose, submit: true });
  const items = await world.load(slug, COUNT - 1, plain);
  await world.review(slug, items, ["rita", "ravi"]);
  await job(browser, world, ways, "olga", async (page) => {
    await page.goto(`/${slug}/organize`);
    await follow(page, "Ranking", page.getByRole("navigation", { name: "Organize" }));
    await page.getByLabel("How many have room").fill(String(ROOM));
    await press(page, "Draw the line");
    await decide(page, new RegExp(`Accept the ${ROOM} above`), ROOM);
    await decide(page, /^Reject the \d+ below/, COUNT - 1 - ROOM);
    await page.goto(`/${slug}/organize/proposals/${code}`);
    await press(page, "Accept");
    await publish(page, slug);
  });
  const told = await world.all(slug);
  const count = (decision) => told.filter(({ published_decision: said }) => said === decision).length;
  assert.deepEqual([count("accepted"), count("rejected")], [ROOM + 1, COUNT - 1 - ROOM], "all have been told");
  await job(browser, world, ways, "visitor", async (page) => {
    await page.goto(await world.server.link("confirm", world.email("sam"), `Event ${slug}`));
    await see(page, "Sam decides nothing");
    await press(page, "Yes, I will give this talk");
    await see(page, "Thank you");
  }, { viewport: { width: 390, height: 800 } });
  assert.equal((await world.ask("sam", "GET", `/events/${slug}/my/proposals/${code}`)).confirmation, "confirmed");
  await job(browser, world, ways, "olga", async (page) => {
    await page.goto(`/${slug}/talks`);
    await see(page, "Sam decides nothing");
  });
}

/** Looks at what would change, then lets it. */
async function decide(page, name, count) {
  await press(page, name);
  await see(page, `${count} proposals would change`);
  await press(page, `Decide on these ${count} proposals`);
  await at(page, /\/organize\/ranking$/);
}

/** Reads the mails as they would go, and sends them. */
async function publish(page, slug) {
  await follow(page, "Publish", page.getByRole("navigation", { name: "Organize" }));
  await at(page, `/${slug}/organize/publish`);
  await see(page, "Every mail, as it would go");
  await page.locator("#mail").getByText("Sam decides nothing").first().waitFor();
  await press(page, /^Publish and send/);
  await at(page, new RegExp(`^/${slug}/organize/publish/\\w+$`));
  await page.getByRole("button", { name: "Stop" }).waitFor();
  for (const until = Date.now() + 30_000; !await page.getByRole("heading", { name: "Everybody is being told" }).isVisible();) {
    assert(Date.now() < until, "the publication leaves after its seconds");
    await page.waitForTimeout(500);
    await page.goto(page.url());
  }
}
