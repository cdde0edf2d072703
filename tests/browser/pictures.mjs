// The pictures in docs/pictures, taken anew from the demo: `scripts/browser --pictures`.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { launch } from "./browser.mjs";
import { ROOT } from "./server.mjs";

const FOLDER = join(ROOT, "docs/pictures");
const PASSWORD = "every elephant remembers";
const EVENT = "/posette2025";
const DESK = { width: 1080, height: 720 };
const WIDE = { width: 1360, height: 820 };

const PICTURES = [
  { name: "call", path: EVENT, viewport: DESK },
  { name: "review", who: "reviewer", path: `${EVENT}/review`, follow: "main a.button", viewport: DESK },
  { name: "ranking", who: "organizer", path: `${EVENT}/organize/ranking?line=40&from=38`, viewport: WIDE, to: "thead" },
  { name: "rehearsal", who: "organizer", path: `${EVENT}/organize/publish`, viewport: DESK, to: ".mailbox", before: decide },
];

/** Accepts the best forty, so that there is something to tell. */
async function decide(base, token) {
  const ask = async (method, path, body) => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const answer = await fetch(`${base}/api/v1/events${EVENT}${path}`, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.json();
  };
  const { items } = await ask("GET", "/ranking");
  await ask("POST", "/decisions", { codes: items.slice(0, 40).map((item) => item.code), decision: "accepted" });
}

async function start(folder) {
  const args = ["demo", "--folder", join(folder, "data"), "--listen", "127.0.0.1:0"];
  const demo = spawn(process.env.CALLBOARD_TEST_BINARY, args, { stdio: ["ignore", "pipe", "inherit"] });
  const base = await new Promise((done, fail) => {
    createInterface({ input: demo.stdout }).on("line", (line) => {
      const [, address] = line.match(/Address +(http\S+)/) ?? [];
      if (address) done(address);
    });
    demo.once("exit", () => fail(new Error("the demo did not start")));
  });
  return { demo, base };
}

/** Takes all pictures. */
export async function take() {
  const folder = mkdtempSync(join(tmpdir(), "callboard-pictures-"));
  const { demo, base } = await start(folder);
  const browser = await launch();
  mkdirSync(FOLDER, { recursive: true });
  try {
    for (const { name, who, path, viewport, follow, to, before } of PICTURES) {
      const context = await browser.newContext({ baseURL: base, viewport, locale: "en-US", timezoneId: "Europe/Lisbon", reducedMotion: "reduce" });
      if (who) {
        const body = JSON.stringify({ email: `${who}@posette.example`, password: PASSWORD });
        const answer = await fetch(`${base}/api/v1/sessions`, { method: "POST", headers: { "content-type": "application/json" }, body });
        const { token } = await answer.json();
        await context.addCookies([{ name: "session", value: token, url: base, httpOnly: true, sameSite: "Lax" }]);
        await before?.(base, token);
      }
      const page = await context.newPage();
      const answer = await page.goto(path);
      if (!answer.ok()) throw new Error(`${path}: ${answer.status()}`);
      if (follow) await Promise.all([page.waitForNavigation(), page.locator(follow).first().click()]);
      if (to) await page.locator(to).first().evaluate((element) => scrollTo(0, element.getBoundingClientRect().top - 112));
      const file = join(FOLDER, `${name}.png`);
      await page.screenshot({ path: file });
      console.log(`${file}: ${(statSync(file).size / 1000).toFixed(0)} kB`);
      await context.close();
    }
  } finally {
    await browser.close();
    demo.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
