// Who there is and what they have: an event with everything in it, one with nothing, one with texts of all lengths and scripts.
import { PASSWORD, SCORES, abstract, csv, long, plain, proposals } from "./texts.mjs";

const PEOPLE = {
  root: "Root Admin", olga: "Olga Organizer", chad: "Chad Chair", rita: "Rita Reviewer", ravi: "Ravi Reviewer",
  vera: "Vera Viewer", sam: "Sam Speaker", sana: "Sana Speaker", newt: "Newt Newcomer",
};
/** What each is in every event here. */
const TEAM = { chad: "chair", rita: "reviewer", ravi: "reviewer", vera: "viewer" };
/** The day that many days from now. */
const day = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
export const DEADLINE = { local: `${day(30)}T23:59`, zone: "Europe/Berlin" };

export class World {
  static async make(server) {
    const world = new World();
    Object.assign(world, { server, tokens: {}, events: {} });
    server.command(["create-admin", "root@example.org", "--name", PEOPLE.root], `${PASSWORD}\n`);
    await server.serve();
    world.tokens.root = await world.signIn("root");
    await Promise.all(Object.keys(PEOPLE).filter((who) => who !== "root").map((who) => world.person(who, PEOPLE[who])));
    await Promise.all([world.linked(), world.empty(), world.filled("full", plain, 24), world.filled("long", long, 6)]);
    return world;
  }

  /** A link of every kind that is mailed to accounts, none of them used. */
  async linked() {
    await this.server.ask("POST", "/accounts", { email: this.email("una"), name: "Una Unverified", password: PASSWORD });
    await this.server.ask("POST", "/password-resets", { email: this.email("newt") });
    await this.server.ask("POST", "/sign-in-links", { email: this.email("newt") });
    await this.ask("newt", "PUT", "/me/email", { email: this.email("newt.new"), password: PASSWORD });
    const wanted = [["verify", "una"], ["reset", "newt"], ["sign-in", "newt"], ["change-address", "newt.new"]];
    this.links = Object.fromEntries(await Promise.all(wanted.map(async ([kind, who]) => [kind, await this.server.link(kind, this.email(who))])));
  }

  email(who) {
    return `${who}@example.org`;
  }

  ask(who, method, path, body) {
    return this.server.ask(method, path, body, this.tokens[who]);
  }

  async signIn(who) {
    return (await this.server.ask("POST", "/sessions", { email: this.email(who), password: PASSWORD })).token;
  }

  /** Somebody new whose address is verified. */
  async person(who, name) {
    await this.server.ask("POST", "/accounts", { email: this.email(who), name, password: PASSWORD });
    const link = await this.server.link("verify", this.email(who));
    await this.server.ask("POST", "/accounts/verify", { token: link.split("/").at(-1) });
    this.tokens[who] = await this.signIn(who);
  }

  async join(slug, who, role) {
    await this.ask("olga", "POST", `/events/${slug}/invitations`, { email: this.email(who), role });
    const name = (await this.ask("olga", "GET", `/events/${slug}/settings`)).name;
    const link = await this.server.link("invitation", this.email(who), name);
    await this.ask(who, "POST", "/invitations/accept", { token: link.split("/").at(-1) });
  }

  /** An event that Olga organizes, with her team. */
  async event(slug, settings = {}, team = TEAM) {
    await this.ask("olga", "POST", "/events", { slug, name: `Event ${slug}`, zone: "Europe/Berlin", visibility: "public", contact_email: "team@example.org", ...settings });
    await Promise.all(Object.entries(team).map(([who, role]) => this.join(slug, who, role)));
    return `/events/${slug}`;
  }

  open(slug, more = {}) {
    return this.ask("olga", "PATCH", `/events/${slug}/call`, { opens_at: `${day(-20)}T00:00:00Z`, deadline: DEADLINE, ...more });
  }

  /** Proposals as another tool exports them, the way organizers bring them along. */
  async load(slug, count, texts) {
    const items = proposals(count, texts);
    const table = csv([Object.keys(items[0]), ...items.map((item) => Object.values(item))]);
    await this.ask("olga", "POST", `/events/${slug}/imports?source=elsewhere`, table);
    return (await this.all(slug)).filter(({ title }) => !title.includes("Sam") && !title.includes("Sana"));
  }

  async all(slug) {
    const found = [];
    for (let cursor = ""; cursor !== null;) {
      const page = await this.ask("olga", "GET", `/events/${slug}/proposals?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      found.push(...page.items);
      cursor = page.next ?? null;
    }
    return found;
  }

  /** Reviews of all but every ninth by each of these. */
  async review(slug, items, reviewers) {
    const criteria = (await this.ask("olga", "GET", `/events/${slug}/criteria`)).items;
    const head = ["proposal", "reviewer", ...criteria.map(({ name }) => `score_${name}`), "comment"];
    const rows = reviewers.flatMap((who, place) => items.filter((_, number) => number % 9 !== place)
      .map(({ code }, number) => [code, this.email(who), ...criteria.map(({ highest }, other) => Math.min(highest, SCORES[(number + 3 * place + other) % SCORES.length])), "Clear, and worth the time."]));
    await this.ask("olga", "POST", `/events/${slug}/imports?of=reviews`, csv([head, ...rows]));
  }

  async decide(slug, codes, decision) {
    await this.ask("olga", "POST", `/events/${slug}/decisions`, { codes, decision });
  }

  async publish(slug) {
    const { version } = await this.ask("olga", "GET", `/events/${slug}/publications/preview`);
    return this.ask("olga", "POST", `/events/${slug}/publications`, { version });
  }

  async empty() {
    await this.event("empty", { name: "An Event with Nothing Yet" });
    this.events.empty = { slug: "empty" };
  }

  /** Some of everything that an event can have. */
  async filled(slug, texts, count) {
    const event = await this.event(slug, { name: texts.event, place: texts.place, description: texts.prose, website: "https://example.org/", starts_on: day(200), ends_on: day(202) });
    const made = { slug };
    this.events[slug] = made;
    const add = (path, body, who = "olga") => this.ask(who, "POST", `${event}${path}`, body);
    made.format = (await add("/formats", { name: texts.format, minutes: 20 })).code;
    made.track = (await add("/tracks", { name: texts.track })).code;
    await add("/tracks", { name: texts.other });
    made.category = (await add("/categories", { name: texts.category, choices: texts.choices.map((name) => ({ name, wanted: 3 })), shown_to: "everyone" })).code;
    await this.open(slug, { text: texts.prose, tips: texts.prose, selection: texts.prose, expenses: texts.line, travel: texts.line, notify_on: day(60), is_free: true, gaps_public: true });
    made.criterion = (await add("/criteria", { name: "Beside the point", lowest: 1, highest: 5, independent: true, required: false })).code;
    made.phase = (await add("/phases", { name: texts.track, starts_at: `${day(150)}T09:00:00Z` })).code;
    made.milestone = (await add("/milestones", { name: texts.line, on: day(90), text: texts.line })).code;
    made.idea = (await add("/title-ideas", { title: texts.title, text: texts.prose, track: made.track })).code;
    await this.speak(made, texts);
    const items = await this.load(slug, count, texts);
    await this.review(slug, items, ["rita", "ravi"]);
    await this.choose(made, items);
    await this.extras(made, items, texts, add);
    return made;
  }

  /** What Sam and Sana propose. */
  async speak(made, texts) {
    const event = `/events/${made.slug}`;
    for (const who of ["sam", "sana"]) {
      await this.ask(who, "PUT", `${event}/my/profile`, { name: `${PEOPLE[who]} ${texts.name}`, affiliation: texts.line, bio: texts.prose, links: ["https://example.org/someone"] });
    }
    let number = 1000;
    const propose = async (who, title, submit = true) => (await this.ask(who, "POST", `${event}/my/proposals`,
      { title, abstract: abstract(texts, number += 1), description: texts.prose, notes: texts.line, format: made.format, track: made.track, submit })).code;
    made.draft = await propose("sam", `A draft of Sam ${texts.title}`.slice(0, 200), false);
    made.waiting = await propose("sam", `Sam waits ${texts.title}`.slice(0, 200));
    made.accepted = await propose("sam", `Sam is in ${texts.title}`.slice(0, 200));
    made.rejected = await propose("sam", `Sam is out ${texts.title}`.slice(0, 200));
    made.withdrawn = await propose("sam", `Sam leaves ${texts.title}`.slice(0, 200));
    made.others = await propose("sana", `Sana is in ${texts.title}`.slice(0, 200));
    await this.ask("sam", "POST", `${event}/my/proposals/${made.withdrawn}/withdraw`);
    await this.ask("sam", "PATCH", `${event}/my/proposals/${made.waiting}`, { abstract: `${abstract(texts, 1002)}\n\nNow with more.` });
    await this.ask("sam", "POST", `${event}/my/proposals/${made.waiting}/speakers`, { email: `co.${made.slug}@example.org` });
    made.speak = await this.server.link("speak", `co.${made.slug}@example.org`);
    const preview = await this.ask("sam", "POST", `${event}/my/proposals/${made.waiting}/preview-links`, {});
    made.preview = new URL(preview.url).pathname;
  }

  /** Decisions, some of which are published, and an answer to one. */
  async choose(made, items) {
    const codes = items.map(({ code }) => code);
    const third = Math.floor(codes.length / 3);
    await this.decide(made.slug, [made.accepted, made.others, ...codes.slice(0, third)], "accepted");
    await this.decide(made.slug, [made.rejected, codes[third]], "rejected");
    made.publication = (await this.publish(made.slug)).id;
    made.confirm = await this.server.link("confirm", this.email("sam"), (await this.ask("olga", "GET", `/events/${made.slug}/settings`)).name);
    await this.ask("sana", "POST", `/events/${made.slug}/my/proposals/${made.others}/confirm`);
    await this.decide(made.slug, codes.slice(third + 1, third + 3), "waitlisted");
    made.proposal = codes[third + 1];
    made.ref = items[third + 3].ref;
    made.reviewed = items[third + 2].ref;
  }

  async extras(made, items, texts, add) {
    const event = `/events/${made.slug}`;
    await this.ask("rita", "PUT", `${event}/reviewing/proposals/${items.at(-1).ref}/bid`, { bid: "want", expertise: "some" });
    await this.ask("ravi", "PUT", `${event}/reviewing/proposals/${items.at(-2).ref}/conflict`, { kind: "close" });
    await add(`/proposals/${made.proposal}/comments`, { text: texts.prose });
    await add("/rankings", { name: texts.line, cut: 5 });
    await add("/late-links", { name: texts.line, deadline: DEADLINE });
    await add("/extensions", { email: this.email("newt"), deadline: DEADLINE });
    await add("/tokens", { name: texts.line.slice(0, 100), scopes: ["proposals:read"] });
    await add("/proposal-views", { name: texts.line.slice(0, 100), query: "sort=title&invited=false" });
    await add("/export-presets", { name: texts.line.slice(0, 100), table: "proposals", columns: ["code", "title"] });
    await add("/past-talks", { talks: [{ title: texts.title, occasion: texts.line }] });
    await add("/invitations", { email: `invited.${made.slug}@example.org`, role: "reviewer" });
    made.invitation = await this.server.link("invitation", `invited.${made.slug}@example.org`);
    await add("/phases", { name: texts.line.slice(0, 100), starts_at: `${day(40)}T00:00:00Z` });
    await add("/criteria", { name: texts.category, help: texts.line, required: false });
    made.ranking = (await this.ask("olga", "GET", `${event}/rankings`)).items[0].id;
    made.mail = (await this.ask("olga", "GET", `${event}/mails?limit=1`)).items[0].id;
  }
}
