// A reviewer reviews ten proposals and never touches a mouse: by the keys of the page, or by Tab, Space and Enter alone.
import assert from "node:assert/strict";
import { at, job, see, tabTo } from "../job.mjs";
import { plain } from "../texts.mjs";

export const name = "ten reviews by keyboard";
const COUNT = 10;

export async function go(browser, world, ways) {
  const slug = `review-${ways.script ? "on" : "off"}`;
  await world.event(slug, {}, { rita: "reviewer" });
  await world.load(slug, COUNT, plain);
  await job(browser, world, ways, "rita", async (page) => {
    await page.goto(`/${slug}/review`);
    await see(page, `0 of ${COUNT} done`);
    await tabTo(page, page.getByRole("link", { name: "Review the next one" }));
    await page.keyboard.press("Enter");
    const seen = new Set();
    for (let done = 0; done < COUNT; done += 1) {
      await at(page, new RegExp(`^/${slug}/review/\\w+$`));
      await see(page, `${done} of ${COUNT} done`);
      const path = new URL(page.url()).pathname;
      assert(!seen.has(path), `${path} comes twice`);
      seen.add(path);
      const comment = `Number ${done + 1}: I would come.`;
      await (ways.script ? byKeys(page, done, comment) : byTab(page, done, comment));
      await page.waitForURL((url) => url.pathname !== path);
    }
    await page.goto(`/${slug}/review`);
    await see(page, `${COUNT} of ${COUNT} done`);
  });
  const reviews = await world.all(slug);
  assert.deepEqual(reviews.map(({ reviews }) => reviews?.count), Array(COUNT).fill(1), "each has one review");
}

/** The keys that the page itself offers. */
async function byKeys(page, done, comment) {
  if (done === 0) {
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
  }
  await page.keyboard.press(String(1 + (done % 5)));
  await page.keyboard.press("c");
  await page.keyboard.type(comment);
  await page.keyboard.press("Escape");
  await page.keyboard.press("s");
}

/** What every browser can. */
async function byTab(page, done, comment) {
  const mark = page.getByRole("group").filter({ has: page.getByRole("radio") }).first().getByRole("radio").first();
  await tabTo(page, mark);
  await page.keyboard.press("Space");
  for (let more = 0; more < done % 5; more += 1) await page.keyboard.press("ArrowRight");
  await tabTo(page, page.getByLabel("Comment for the committee"));
  await page.keyboard.type(comment);
  await tabTo(page, page.getByRole("button", { name: "Save and next" }));
  await page.keyboard.press("Enter");
}
