// A speaker begins a draft, closes the browser, comes back, and submits.
import assert from "node:assert/strict";
import { fillSignIn } from "../browser.mjs";
import { at, follow, job, press, see } from "../job.mjs";
import { plain } from "../texts.mjs";

export const name = "draft, close, reopen, submit";

export async function go(browser, world, ways) {
  const slug = `draft-${ways.script ? "on" : "off"}`;
  // The other way goes on at the same time, with the same person.
  const title = `Half a thought about backups, script ${ways.script ? "on" : "off"}`;
  await world.event(slug, {}, {});
  await world.open(slug);
  await job(browser, world, ways, "sana", async (page) => {
    await page.goto(`/${slug}/submit`);
    await page.getByLabel("Title").fill(title);
    if (ways.script) await see(page, "Saved as a draft.");
    else {
      await press(page, "Save draft");
      await at(page, new RegExp(`^/${slug}/mine/\\w+$`));
      await see(page, "Your draft is saved");
    }
  });
  await job(browser, world, ways, "visitor", async (page) => {
    await page.goto("/me");
    await at(page, "/sign-in");
    await fillSignIn(page, world.email("sana"));
    await at(page, "/me");
    await page.getByRole("listitem").filter({ hasText: title }).filter({ has: page.getByRole("link", { name: title, exact: true }) }).getByRole("link", { name: /^Finish and submit/ }).first().click();
    assert.equal(await page.getByLabel("Title").inputValue(), title);
    await page.getByRole("textbox", { name: "Abstract" }).fill(plain.prose);
    await press(page, "Submit");
    await at(page, new RegExp(`^/${slug}/mine/\\w+$`));
    await page.getByRole("heading", { name: "Receipt" }).waitFor();
    const code = new URL(page.url()).pathname.split("/").at(-1);
    await page.goto(`/${slug}/mine`);
    await follow(page, title);
    await see(page, code);
  });
}
