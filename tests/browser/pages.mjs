// Every page, as everybody: each must say what it is to whom it is for, keep the rest out, and hold what audit.mjs asks for.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LOOKS, barriers, wrongHtml } from "./audit.mjs";
import { as, cookies, open, side } from "./browser.mjs";
import { ROOT } from "./server.mjs";

const ROUTES = "tests/it/access/routes.txt";
const EVERYBODY = ["visitor", "newt", "sam", "rita", "chad", "vera", "olga", "root"];
/** Who sees the most of pages for this audience. */
const FOR = {
  "anyone": "visitor", "signed in": "sam", "speaker": "sam", "reviewer": "rita", "decider": "olga", "proposal reader": "olga",
  "event reader": "olga", "organizer": "olga", "event creator": "olga", "admin": "root",
};
/** What stands for a parameter, by the segment before it. An event without such a thing has no such page. */
const VALUES = {
  "talks/{code}": (event) => [event.others],
  "mine/{code}": (event) => [event.waiting, event.draft, event.accepted, event.rejected, event.withdrawn],
  "mine/{code}/edit": (event) => [event.waiting, event.draft],
  "review/{ref}": (event) => [event.ref, event.reviewed],
  "proposals/{code}": (event) => [event.proposal, event.others],
  "formats/{code}": (event) => [event.format],
  "tracks/{code}": (event) => [event.track],
  "categories/{code}": (event) => [event.category],
  "criteria/{code}": (event) => [event.criterion],
  "phases/{code}": (event) => [event.phase],
  "ideas/{code}": (event) => [event.idea],
  "milestones/{code}": (event) => [event.milestone],
  "publish/{id}": (event) => [event.publication],
  "publications/{id}": (event) => [event.publication],
  "mails/{id}": (event) => [event.mail],
  "ranking/{id}": (event) => [event.ranking],
  "rankings/{id}": (event) => [event.ranking],
  "speak/{token}": (event) => [event.speak],
  "confirm/{token}": (event) => [event.confirm],
  "invitation/{token}": (event) => [event.invitation],
  "preview/{token}": (event) => [event.preview],
  "previews/{token}": (event) => [event.preview],
  "new/{slug}": (event) => [event.slug],
  "versions/{number}": (event) => (event.waiting ? ["1", "2"] : []),
  "verify/{token}": (_, world) => [world.links?.verify],
  "reset/{token}": (_, world) => [world.links?.reset],
  "sign-in/{token}": (_, world) => [world.links?.["sign-in"]],
  "change-address/{token}": (_, world) => [world.links?.["change-address"]],
};
/** What is no page, though it stands outside of the API. */
const NO_PAGE = [/^\/assets\//, /^\/(healthz|readyz)$/, /\{file\}$/, /^\/demo\//, /\/(download|headshot)$/];
/** Addresses that no pattern tells: what is not there, what is filtered. Status, who, path. */
const MORE = [
  [404, "visitor", "/nowhere"],
  [404, "olga", "/full/organize/proposals/ABCDEF"],
  [403, "newt", "/full/organize"],
];

export function pageRoutes() {
  const lines = readFileSync(join(ROOT, ROUTES), "utf8").trim().split("\n");
  const routes = lines.map((line) => line.match(/^(.+?) +([A-Z]+) +(\S+)$/)?.slice(1)).filter(Boolean);
  return routes.filter(([, method, path]) => method === "GET" && !path.startsWith("/api/") && !NO_PAGE.some((pattern) => pattern.test(path)))
    .map(([audience, , path]) => ({ audience, path }));
}

/** The addresses of a route in one event; nothing where the event lacks what it shows. */
function addresses(path, event, world) {
  let found = [""];
  const segments = path.split("/").slice(1);
  for (const [place, segment] of segments.entries()) {
    let values = [segment];
    if (segment === "{event}") values = [event.slug];
    else if (segment.startsWith("{")) {
      const key = `${segments[place - 1]}/${segment}`;
      const below = segments[place + 1];
      const known = VALUES[`${key}/${below}`] ?? VALUES[key];
      if (!known) throw new Error(`${path}: say in VALUES of tests/browser/pages.mjs what stands for ${key}`);
      values = known(event, world).filter(Boolean).map((value) => value.split("/").at(-1));
      // What is true of the page of a thing need not be of the pages below it.
      if (below && !VALUES[`${key}/${below}`]) values.length = Math.min(values.length, 1);
    }
    found = found.flatMap((before) => values.map((value) => `${before}/${value}`));
  }
  return found;
}

/** What to visit: `whole` by who it is for, `brief` by everybody else. */
export function plan(world) {
  const visits = [], faults = [];
  for (const { audience, path } of pageRoutes()) {
    try {
      const events = /\{(?!token)/.test(path) || /\/(speak|confirm|invitation|previews?)\//.test(path) ? Object.values(world.events) : [world.events.full];
      for (const event of events) {
        for (const [number, address] of addresses(path, event, world).entries()) {
          const first = FOR[audience];
          visits.push({ path: address, event: event.slug, who: first, whole: true, looks: LOOKS[number > 0 ? "long" : event.slug] });
          if (number > 0 || event !== world.events.full) continue;
          for (const who of EVERYBODY.filter((who) => who !== first)) visits.push({ path: address, who, whole: false });
        }
      }
    } catch (error) {
      faults.push(error.message);
    }
  }
  for (const [status, who, path] of MORE) visits.push({ path, who, whole: true, status, looks: LOOKS.long });
  return { visits, faults };
}

export class Walk {
  constructor(browser, world, { screenshots = false, only = "" } = {}) {
    Object.assign(this, { browser, world, screenshots, only, faults: [], contexts: {}, links: new Map(), counted: { whole: 0, brief: 0 } });
    if (screenshots) mkdirSync(this.folder = join(ROOT, "target/screenshots"), { recursive: true });
  }

  async run(width) {
    const { visits, faults } = plan(this.world);
    this.faults.push(...faults.map((what) => ({ what, where: ROUTES })));
    const chosen = visits.filter(({ path }) => path.includes(this.only));
    for (const who of EVERYBODY) this.contexts[who] = await as(this.browser, this.world, who);
    await side(chosen, width, (visit) => this.visit(visit).catch((error) => this.fault(visit, error.message.split("\n")[0])));
    await side(this.links.values(), 2 * width, (link) => this.follow(link));
    for (const context of Object.values(this.contexts)) await context.close();
    return this.faults;
  }

  fault({ path, who }, what) {
    this.faults.push({ what, where: `${path} as ${who}` });
  }

  async visit(visit) {
    const { status, html } = await this.fetch(visit);
    const expected = visit.status ?? 200;
    if (visit.whole && status !== expected) return this.fault(visit, `answers ${status}`);
    if (![200, 303, 403, 404].includes(status)) return this.fault(visit, `answers ${status}`);
    if (status !== 303) for (const wrong of await wrongHtml(html)) this.fault(visit, wrong);
    if (!visit.whole) { this.counted.brief += 1; return; }
    this.counted.whole += 1;
    const page = await open(this.contexts[visit.who], this.world);
    page.notes.allowed.add(expected);
    try {
      await this.look(visit, page);
    } finally {
      await page.close();
    }
  }

  async look(visit, page) {
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.goto(visit.path, { waitUntil: "load" });
    if (this.screenshots) return this.picture(visit, page);
    for (const barrier of await barriers(page, visit.looks)) this.fault(visit, barrier);
    for (const fault of page.notes.faults) this.fault(visit, fault);
    const links = await page.$$eval("a[href^='/']", (all) => all.map((link) => link.getAttribute("href").split("#")[0]));
    for (const path of links) this.links.set(`${visit.who} ${path}`, { path, who: visit.who, from: visit.path });
  }

  /** A link must lead somewhere for whoever sees it. */
  async follow({ path, who, from }) {
    const { status } = await this.fetch({ path, who });
    if (status >= 400) this.fault({ path: from, who }, `a link to ${path}, which answers ${status}`);
  }

  async fetch({ path, who }) {
    const [cookie] = cookies(this.world, who);
    const headers = { accept: "text/html", ...(cookie && { cookie: `${cookie.name}=${cookie.value}` }) };
    const answer = await fetch(this.world.server.base + path, { headers, redirect: "manual" });
    return { status: answer.status, html: await answer.text() };
  }

  async picture(visit, page) {
    const name = `${visit.who}${visit.path.replace(/[A-Za-z0-9_-]{25,}/, visit.event).replaceAll(/[/?=&]+/g, "-")}`.replace(/-$/, "-home");
    for (const [look, colorScheme, width] of [["desktop", "light", 1280], ["phone", "light", 390], ["dark", "dark", 1280]]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.setViewportSize({ width, height: 900 });
      await page.goto(visit.path, { waitUntil: "load" });
      // All of it in the window: what sticks to an edge would stand in the middle of a taller picture.
      const height = await page.evaluate(() => document.scrollingElement.scrollHeight);
      await page.setViewportSize({ width, height: Math.min(Math.max(height, 900), 5000) });
      // Until it is drawn in its new size.
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      await page.screenshot({ path: join(this.folder, `${name}.${look}.png`) });
    }
  }
}
