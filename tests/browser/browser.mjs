// Chromium, and people in it.
import { chromium } from "playwright-core";
import { watch } from "./audit.mjs";
import { PASSWORD } from "./texts.mjs";

const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export async function launch() {
  return chromium.launch({ executablePath: process.env.CALLBOARD_TEST_CHROMIUM ?? "/usr/bin/chromium", args: QUIET });
}

/** The cookies of a person, without a form. */
export function cookies(world, who) {
  return who === "visitor" ? [] : [{ name: "session", value: world.tokens[who], url: world.server.base, httpOnly: true, sameSite: "Lax" }];
}

/** A browser of one person; `script` is whether JavaScript is on. */
export async function as(browser, world, who, { script = true, ...more } = {}) {
  const context = await browser.newContext({ baseURL: world.server.base, javaScriptEnabled: script, locale: "en-US", timezoneId: "Europe/Lisbon", reducedMotion: "reduce", ...more });
  await context.addCookies(cookies(world, who));
  context.setDefaultTimeout(20_000);
  return context;
}

/** A page that is watched: `page.notes` gathers what no page may do. */
export async function open(context, world) {
  const page = await context.newPage();
  page.notes = watch(page, world.server.base);
  page.on("dialog", (dialog) => dialog.accept());
  return page;
}

/** Fills in the form that people fill in. */
export async function signIn(page, world, who) {
  await page.goto("/sign-in");
  await fillSignIn(page, world.email(who));
}

export async function fillSignIn(page, email) {
  await page.getByLabel("Mail address").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
}

/** Does all of these, a few at a time. */
export async function side(tasks, width, each) {
  const waiting = [...tasks];
  const worker = async () => { while (waiting.length) await each(waiting.shift()); };
  await Promise.all(Array.from({ length: width }, worker));
}
