// Drives Callboard's pages in a browser and says what is wrong: `scripts/browser --help`.
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { launch, side } from "./browser.mjs";
import { Walk } from "./pages.mjs";
import { take } from "./pictures.mjs";
import { Server } from "./server.mjs";
import { World } from "./world.mjs";

const HELP = `scripts/browser [--database URL] [--screenshots] [--only TEXT] [--journeys | --pages]

  --database URL  on the PostgreSQL server of the URL, in a database of its own; on SQLite otherwise
  --screenshots   no checks: save every page at 1280 and 390 px and in the dark in target/screenshots
  --pictures      no checks: take the pictures in docs/pictures anew
  --only TEXT     only pages whose path, or journeys whose name, holds this
  --journeys      only the journeys
  --pages         only the walk over all pages
  --width N       how many pages at a time (2)`;

const { values: options } = parseArgs({
  options: {
    database: { type: "string" }, screenshots: { type: "boolean" }, pictures: { type: "boolean" }, only: { type: "string", default: "" }, journeys: { type: "boolean" },
    pages: { type: "boolean" }, width: { type: "string", default: "2" }, help: { type: "boolean", short: "h" },
  },
});
if (options.help) { console.log(HELP); process.exit(0); }
if (options.pictures) { await take(); process.exit(0); }

/** How long a journey may take, in milliseconds. */
const PATIENCE = 150_000;
const began = Date.now();
const seconds = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
const faults = [];

async function journeys(browser, world) {
  const folder = join(dirname(fileURLToPath(import.meta.url)), "journeys");
  const all = [];
  for (const file of readdirSync(folder).filter((file) => file.endsWith(".mjs")).sort()) {
    const { name, go } = await import(join(folder, file));
    if (name.includes(options.only)) for (const script of [true, false]) all.push({ name: `${name}, script ${script ? "on" : "off"}`, go, script });
  }
  await side(all, Number(options.width), async ({ name, go, script }) => {
    const since = Date.now();
    const found = [];
    try {
      await Promise.race([go(browser, world, { script, found }), sleep(PATIENCE, null, { ref: false }).then(() => { throw new Error("it does not end"); })]);
    } catch (error) {
      const where = error.stack.split("\n").find((line) => line.includes("journeys/"))?.match(/journeys\/[^)]*/)?.[0];
      found.push(`${error.message.split("Call log:")[0].trim()} (${where})`);
    }
    console.log(`${found.length ? "FAILED" : "ok"}: ${name} (${((Date.now() - since) / 1000).toFixed(0)} s)`);
    faults.push(...found.map((what) => ({ what, where: name })));
  });
}

async function walk(browser, world) {
  const walk = new Walk(browser, world, { screenshots: options.screenshots, only: options.only });
  faults.push(...await walk.run(Number(options.width)));
  const { whole, brief } = walk.counted;
  console.log(`${whole} pages looked at, ${brief} asked for by somebody else, ${walk.links.size} links followed`);
}

const server = await Server.start(options.database);
let browser;
try {
  const world = await World.make(server);
  console.log(`An event with everything, one with nothing, one with long texts: ${seconds()}`);
  browser = await launch();
  if (!options.journeys) {
    await walk(browser, world);
    // After hundreds of pages a browser sometimes does not get round to what it is asked for.
    await browser.close();
    browser = await launch();
  }
  console.log(`The pages: ${seconds()}`);
  if (!options.pages && !options.screenshots) await journeys(browser, world);
  faults.push(...server.faults().map((what) => ({ what, where: "the server's log" })));
} finally {
  await browser?.close();
  await server.stop();
}
// The same on many pages is one thing to mend.
const alike = new Map();
for (const { what, where } of faults) alike.set(what, new Set([...(alike.get(what) ?? []), where]));
for (const [what, all] of alike) {
  const places = [...all];
  console.log(`- ${what}\n    ${places.slice(0, 4).join(", ")}${places.length > 4 ? ` and ${places.length - 4} more` : ""}`);
}
console.log(`${alike.size ? `FAILED: ${alike.size} faults` : "All well"} after ${seconds()}`);
process.exit(alike.size ? 1 : 0);
