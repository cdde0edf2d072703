// The real program on a free port with data of its own, and the mails that it writes as files.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** A database of its own on the PostgreSQL server of the URL, gone afterwards. */
class Postgres {
  constructor(server) {
    this.server = server;
    this.name = `callboard_browser_${process.pid}`;
    const url = new URL(server);
    url.pathname = `/${this.name}`;
    this.url = url.href;
    this.ask(`CREATE DATABASE ${this.name}`);
  }

  ask(sql) {
    const installed = (() => { try { return readdirSync("/usr/lib/postgresql"); } catch { return []; } })();
    const newest = installed.sort((a, b) => Number(a) - Number(b)).at(-1);
    const psql = newest ? `/usr/lib/postgresql/${newest}/bin/psql` : "psql";
    execFileSync(psql, ["-Xq", "-v", "ON_ERROR_STOP=1", "-d", this.server, "-c", sql], { stdio: ["ignore", "ignore", "inherit"] });
  }

  drop() {
    this.ask(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
  }
}

/** The text of a mail's first part, whatever it was encoded in. */
function textOf(eml) {
  const plain = eml.split(/\r?\n(?=content-type: *text\/plain)/i)[1] ?? eml;
  const [head, ...rest] = plain.split(/\r?\n\r?\n/);
  const body = rest.join("\n\n").split(/\r?\n--[^\s]+/)[0];
  if (/transfer-encoding: *base64/i.test(head)) return Buffer.from(body, "base64").toString("utf8");
  const bytes = body.replace(/=\r?\n/g, "").replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  return /quoted-printable/i.test(plain) ? Buffer.from(bytes, "latin1").toString("utf8") : body;
}

export class Server {
  static async start(database) {
    const server = new Server();
    server.folder = mkdtempSync(join(tmpdir(), "callboard-browser-"));
    server.mails = join(server.folder, "mail");
    server.seen = new Map();
    server.postgres = database ? new Postgres(database) : null;
    server.binary = process.env.CALLBOARD_TEST_BINARY ?? join(ROOT, "target/debug/callboard");
    server.environment = {
      PATH: process.env.PATH,
      CALLBOARD_DATABASE_URL: server.postgres?.url ?? `sqlite:${join(server.folder, "callboard.db")}`,
      CALLBOARD_LISTEN: "127.0.0.1:0",
      CALLBOARD_SMTP_URL: `file:${server.mails}`,
      CALLBOARD_SECRET_KEY: Buffer.alloc(32, "9").toString("base64"),
      CALLBOARD_RATE_LIMITS: "off",
      CALLBOARD_EVENT_CREATORS: "everyone",
      CALLBOARD_PUBLICATION_DELAY: "3",
      CALLBOARD_LOG: "warn",
    };
    return server;
  }

  async serve() {
    const log = openSync(join(this.folder, "log"), "a");
    this.process = spawn(this.binary, ["serve"], { cwd: this.folder, env: this.environment, stdio: ["ignore", "pipe", log] });
    const first = await new Promise((done) => {
      createInterface({ input: this.process.stdout }).once("line", done);
      this.process.once("exit", () => done(""));
    });
    if (!first.startsWith("listening on ")) throw new Error(`Callboard did not start:\n${this.log()}`);
    this.base = `http://127.0.0.1:${first.split(":").at(-1)}`;
  }

  command(args, input = "") {
    return execFileSync(this.binary, args, { cwd: this.folder, env: this.environment, input, encoding: "utf8" });
  }

  async stop() {
    if (this.process && this.process.exitCode === null) {
      const gone = new Promise((done) => this.process.once("exit", done));
      this.process.kill();
      await gone;
    }
    this.postgres?.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  log() {
    return readFileSync(join(this.folder, "log"), "utf8");
  }

  /** What is wrong with the server itself. */
  faults() {
    return this.log().split("\n").filter((line) => /panicked|ERROR|A request failed/.test(line));
  }

  /** One request to the API; edits overwrite what is there. */
  async ask(method, path, body, token) {
    const headers = { "content-type": body instanceof Uint8Array ? "application/octet-stream" : "application/json" };
    if (token) headers.authorization = `Bearer ${token}`;
    if (method === "PUT" || method === "PATCH") headers["if-match"] = "*";
    const sent = body === undefined || body instanceof Uint8Array ? body : JSON.stringify(body);
    const answer = await fetch(`${this.base}/api/v1${path}`, { method, headers, body: sent });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 2000)}`);
    return text && answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  }

  /** The newest link of this kind in a mail to the address, as a path of ours; waits for the mail. */
  async link(kind, email, holding = "") {
    const links = await this.links(kind, email, holding);
    return links.at(-1);
  }

  async links(kind, email, holding = "", patience = 20_000) {
    for (const until = Date.now() + patience; Date.now() < until; await sleep(50)) {
      const texts = this.mailsTo(email).filter((text) => text.includes(holding));
      const found = texts.flatMap((text) => [...text.matchAll(new RegExp(`/${kind}/[A-Za-z0-9_-]+`, "g"))].map(([link]) => link));
      if (found.length) return found;
    }
    throw new Error(`no mail to ${email} came with a link to /${kind}/`);
  }

  /** The texts of all mails to the address, oldest first. */
  mailsTo(email) {
    const files = (() => { try { return readdirSync(this.mails); } catch { return []; } })();
    for (const file of files) {
      if (!file.endsWith(".eml") || this.seen.has(file)) continue;
      const eml = readFileSync(join(this.mails, file), "utf8");
      const to = eml.match(/^to:.*(?:\r?\n[ \t].*)*/im)?.[0] ?? "";
      this.seen.set(file, { to: to.toLowerCase(), text: textOf(eml) });
    }
    return [...this.seen.values()].filter(({ to }) => to.includes(email.toLowerCase())).map(({ text }) => text);
  }
}
