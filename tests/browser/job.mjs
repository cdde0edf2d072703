// What the journeys share: somebody at a page, watched all the way.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { LIGHT, barriers, wrongHtml } from "./audit.mjs";
import { as, open } from "./browser.mjs";

/** Lets somebody do a job in a browser of their own; what they meet that no page may do goes to `found`. */
export async function job(browser, world, { script, found }, who, play, more = {}) {
  const context = await as(browser, world, who, { script, ...more });
  const page = await open(context, world);
  const read = [];
  page.on("response", (response) => {
    const isPage = response.request().isNavigationRequest() && response.headers()["content-type"]?.startsWith("text/html");
    if (isPage && (response.status() < 300 || response.status() >= 400)) {
      // Of a page that was left at once the browser may never hand out the text.
      read.push(Promise.race([response.text().then(wrongHtml, () => []), sleep(3000, [])]));
    }
  });
  try {
    return await play(page);
  } catch (error) {
    const heading = await page.locator("h1").first().textContent({ timeout: 500 }).catch(() => "");
    const errors = await page.locator("#errors").textContent({ timeout: 200 }).catch(() => "");
    error.message = `at ${new URL(page.url()).pathname} (${heading.trim()}${errors && `; ${errors.trim().replaceAll(/\s+/g, " ")}`}): ${error.message}`;
    throw error;
  } finally {
    found.push(...page.notes.faults, ...(await Promise.all(read)).flat());
    await context.close();
  }
}

/** Presses a button of the content by its name. */
export async function press(page, name, place = page.getByRole("main")) {
  await place.getByRole("button", { name, exact: typeof name === "string" }).first().click();
}

/** Follows a link of the content. */
export async function follow(page, name, place = page.getByRole("main")) {
  await place.getByRole("link", { name, exact: typeof name === "string" }).first().click();
}

/** Waits until the content says so. */
export async function see(page, text) {
  await page.getByText(text).first().waitFor();
}

/** Waits until this is the page. */
export async function at(page, path) {
  // What comes next waits for what it needs; of a page that was left at once nobody is told that it has loaded.
  await page.waitForURL((url) => (path instanceof RegExp ? path.test(url.pathname) : url.pathname === path), { waitUntil: "commit" });
}

/** A page that says that something is wrong: it keeps what was typed and is as free of barriers as any. */
export async function refused(page, { script, found }) {
  await page.locator("#errors").waitFor();
  // What looks for barriers is a script too.
  if (script) found.push(...await barriers(page, [LIGHT]));
}

/** Goes to something by Tab alone, as people without a mouse do. */
export async function tabTo(page, target, most = 150) {
  for (let steps = 0; steps < most; steps += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not reach ${target}`);
}
