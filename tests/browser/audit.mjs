// What every page is held against: quiet in the console, nothing from elsewhere, valid HTML, no barrier that axe-core finds, no
// sideways scrolling.
import axe from "axe-core";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const validator = new HtmlValidate(new StaticConfigLoader({
  extends: ["html-validate:recommended"],
  rules: {
    // Templates decide where lines end; browsers do not care.
    "no-trailing-whitespace": "off",
    "attribute-boolean-style": "off",
    "doctype-style": "off",
    "void-style": "off",
    // Names of events and proposals stand in titles, and people make them long.
    "long-title": "off",
    // Inputs are described by their name; buttons without a type submit, which is what the forms want.
    "no-implicit-button-type": "off",
    // A table that scrolls is a region for its keys and its name, and no part of the outline.
    "prefer-native-element": ["error", { exclude: ["region"] }],
    // A list may have a name.
    "aria-label-misuse": ["error", { allowAnyNamable: true }],
    // Checkboxes of one name are a list, with a field before them that says that none is ticked.
    "form-dup-name": "off",
    // Codes, tokens and paths may hold any letter that HTML allows.
    "valid-id": ["error", { relaxed: true }],
  },
}));

export const LIGHT = { colorScheme: "light", width: 1280 };
const NIGHT = { colorScheme: "dark", width: 1280 };
/** What axe-core looks at: both schemes, the smallest screen and a usual one; the same page with other content in two of the four. */
export const LOOKS = {
  full: [LIGHT, NIGHT, { colorScheme: "dark", width: 320 }, { colorScheme: "light", width: 320 }],
  long: [LIGHT, { colorScheme: "dark", width: 320 }],
  empty: [NIGHT, { colorScheme: "light", width: 320 }],
};

/** What is wrong with the page as it was served. */
export async function wrongHtml(html) {
  const report = await validator.validateString(html);
  return report.results.flatMap(({ messages, source }) => messages.map(({ line, ruleId, message }) =>
    `HTML: ${message} (${ruleId}) in ${(source ?? "").split("\n")[line - 1]?.trim().slice(0, 160)}`));
}

/** Notes what the page does that no page may do, as long as it lives. */
export function watch(page, base) {
  const notes = { faults: [], allowed: new Set() };
  const host = new URL(base).host;
  page.on("console", (message) => {
    // The status of each answer is looked at below.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) notes.faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => notes.faults.push(`script: ${error.message}`));
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.host !== host) notes.faults.push(`asks another host: ${url.href}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && !notes.allowed.has(response.status())) notes.faults.push(`${response.status()} for ${response.request().method()} ${new URL(response.url()).pathname}`);
  });
  return notes;
}

/** What axe-core finds on the page as it stands. */
export async function barriers(page, looks) {
  const found = [];
  await page.evaluate(axe.source);
  for (const { colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 900 });
    const { violations, wide } = await page.evaluate(async () => {
      const options = { resultTypes: ["violations"], preload: false };
      const { violations } = await globalThis.axe.run(document, options);
      const scrolls = document.scrollingElement.scrollWidth - document.documentElement.clientWidth;
      const beyond = (element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
      const wide = scrolls > 0 ? [...document.querySelectorAll("main *, header *, footer *")].filter(beyond).slice(0, 4).map((element) => [element.localName, ...element.classList].join(".")) : null;
      return { violations: violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.html.slice(0, 160)} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`) })), wide };
    });
    const look = `${colorScheme}, ${width} px`;
    for (const { id, help, nodes } of violations) found.push(`axe (${look}): ${help} (${id}): ${nodes.join(" | ")}`);
    if (wide) found.push(`scrolls sideways (${look}): ${wide.join(" | ")}`);
  }
  return found;
}
