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
  const counted = Object.groupBy ? Object.groupBy(told, (item) => item.published_decision) : told.reduce((all, item) => ({ ...all, [item.published_decision]: [...(all[item.published_decision] ?? []), item] }), {});
  assert.deepEqual([counted.accepted?.length, counted.rejected?.length], [ROOM + 1, COUNT - 1 - ROOM], "all have been told");
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

async function publish(page, slug) {
  await page.goto(`/${slug}/organize/publish`);
  await press(page, /^Publish|^Tell/);
}
