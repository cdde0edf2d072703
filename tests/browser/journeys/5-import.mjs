// An organizer brings a call along from Sessionize, and takes it out again as a table.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { follow, job, press, see } from "../job.mjs";
import { sessionize } from "../texts.mjs";

export const name = "import from Sessionize, and export";
const COUNT = 60;

export async function go(browser, world, ways) {
  const slug = `import-${ways.script ? "on" : "off"}`;
  await world.event(slug, {}, {});
  const file = { name: "All.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(sessionize(COUNT))) };
  await job(browser, world, ways, "olga", async (page) => {
    await page.goto(`/${slug}/organize`);
    const side = page.getByRole("navigation", { name: "Organize" });
    await follow(page, "Import", side);
    await page.getByLabel("File", { exact: false }).first().setInputFiles(file);
    await press(page, "Look at what would happen");
    await see(page, "Nothing is imported yet");
    assert.equal((await world.all(slug)).length, 0, "looking imports nothing");
    await press(page, `Import ${COUNT} rows`);
    await see(page, "It is done");
    assert.equal((await world.all(slug)).length, COUNT);
    await follow(page, "Import", side);
    await page.getByLabel("File", { exact: false }).first().setInputFiles(file);
    await press(page, "Look at what would happen");
    await see(page, "here already");
    await follow(page, "Export", side);
    for (const [format, opening] of [["CSV", "code,"], ["JSON", "["], ["XLSX", "PK"]]) {
      const [download] = await Promise.all([page.waitForEvent("download"), follow(page, new RegExp(`^${format}.* Proposals`))]);
      const bytes = readFileSync(await download.path()).toString("latin1").replace(/^\xef\xbb\xbf/, "");
      assert(bytes.trimStart().startsWith(opening), `${format} begins with ${bytes.slice(0, 20)}`);
      if (format === "JSON") assert.equal(JSON.parse(bytes).length, COUNT);
    }
  }, { acceptDownloads: true });
}
