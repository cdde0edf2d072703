// A visitor reads the call, writes, signs up meanwhile, and holds a receipt.
import assert from "node:assert/strict";
import { fillSignIn, open } from "../browser.mjs";
import { at, follow, job, press, refused, see } from "../job.mjs";
import { PASSWORD, plain } from "../texts.mjs";

export const name = "visitor to receipt";
const TITLE = "Indexes that age well";

export async function go(browser, world, ways) {
  const way = ways.script ? "on" : "off";
  const [slug, email] = [`submit-${way}`, `vic.${way}@example.org`];
  await world.event(slug, {}, {});
  await world.open(slug, { text: plain.prose });
  await job(browser, world, ways, "visitor", async (page) => {
    await page.goto("/");
    await follow(page, new RegExp(`Event ${slug}`));
    await follow(page, "Submit a proposal");
    await at(page, `/${slug}/submit`);
    await page.getByLabel("Title").fill(TITLE);
    await page.getByRole("textbox", { name: "Abstract" }).fill(plain.prose);
    page.notes.allowed.add(401);
    await press(page, "Submit");
    await see(page, "What you typed is kept");
    await signUp(page, world, ways, email);
    await fillSignIn(page, email);
    await press(page, "Send it");
    await at(page, new RegExp(`^/${slug}/mine/\\w+$`));
    await see(page, TITLE);
    await page.getByRole("heading", { name: "Receipt" }).waitFor();
    const code = new URL(page.url()).pathname.split("/").at(-1);
    for (const until = Date.now() + 20_000; !world.server.mailsTo(email).some((text) => text.includes(code));) {
      assert(Date.now() < until, "the mail with the receipt came");
      await page.waitForTimeout(100);
    }
  });
}

/** In a tab beside, as what was typed stays where it is. */
async function signUp(page, world, ways, email) {
  const link = page.getByRole("main").getByRole("link", { name: "Sign up in another tab" });
  assert.equal(await link.getAttribute("target"), "_blank");
  const tab = await open(page.context(), world);
  tab.notes.allowed.add(422);
  await tab.goto(await link.getAttribute("href"));
  await tab.getByLabel("Your name").fill("Vic Visitor");
  await tab.getByLabel("Mail address").fill(email);
  await tab.getByLabel("Password").fill("short");
  await press(tab, "Sign up");
  await refused(tab, ways);
  assert.equal(await tab.getByLabel("Mail address").inputValue(), email, "what was typed is kept");
  assert.equal(await tab.getByLabel("Password").inputValue(), "", "a password is never shown again");
  await tab.getByLabel("Password").fill(PASSWORD);
  await press(tab, "Sign up");
  await see(tab, "Look into your mail");
  await tab.goto(await world.server.link("verify", email));
  await press(tab, /./);
  await see(tab, "Your address is verified");
  ways.found.push(...tab.notes.faults);
  await tab.close();
}
