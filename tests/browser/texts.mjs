// What people write, in plain words and in all lengths and scripts.
export const PASSWORD = "every elephant remembers";
export const SCORES = [4, 5, 3, 2, 4, 1, 3, 5, 2, 4];

const TOPICS = ["autovacuum", "async Rust", "type systems", "slow queries", "incident reviews", "property tests", "backups", "feature flags", "query plans", "load shedding", "SQLite at the edge", "schema changes"];
const ANGLES = ["What we learned from", "A gentle introduction to", "Three years of", "How not to do", "The hidden cost of", "Debugging", "Teaching", "Rewriting"];
const NAMES = ["Ada Mensah", "Bo Lindqvist", "Chiara Rossi", "Dmitri Volkov", "Esi Boateng", "Farid Haddad", "Grace Kim", "Hana Sato", "Ines Duarte", "Jonas Weber", "Kemi Adeyemi", "Luis Romero"];

export const plain = {
  event: "Northern Lights",
  place: "Tampere, Finland",
  format: "Short talk",
  track: "Databases",
  other: "People",
  category: "Level",
  choices: ["Beginner", "Intermediate", "Advanced"],
  name: "",
  line: "Brought up to date every week",
  title: "How indexes age",
  prose: "We ran **the same system** for six years and kept every graph.\n\n- what broke first\n- what we would do again\n\nSee [the notes](https://example.org/notes), and bring your own war stories.",
};

const UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverordnung";
/** The longest that is taken, without a place to break, in several scripts and both directions. */
export const long = {
  event: `国際会議 مؤتمر ${UNBROKEN} 🏳️‍🌈`.slice(0, 100),
  place: `${UNBROKEN}, Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch, مدينة الرياض`,
  format: `Ein${UNBROKEN}`.slice(0, 100),
  track: `قواعد البيانات الموزعة ${UNBROKEN}`.slice(0, 100),
  other: `データベースの運用と設計についての長い名前のトラック${"長".repeat(60)}`.slice(0, 100),
  category: `Erfahrungs${UNBROKEN}`.slice(0, 100),
  choices: [UNBROKEN, "初心者向け", "للمبتدئين", "W".repeat(100)],
  name: `עברית ${"Ж".repeat(60)}`,
  line: `${"Überlang".repeat(8)} קו ארוך`.slice(0, 100),
  title: `缓存的艺术 ${UNBROKEN} כותרת ${"x".repeat(60)}`.slice(0, 180),
  prose: `${UNBROKEN.repeat(3)}\n\nكيف نبني نظامًا لا يتوقف عن العمل.\n\n| a | b |\n|---|---|\n| ${"W".repeat(90)} | 2 |\n\n\`\`\`\n${"code ".repeat(40)}\n\`\`\`\n\nhttps://example.org/${"path/".repeat(30)}\n\n👩‍💻👨‍👩‍👧‍👦 「型」で守るスキーマ設計、失敗と学び。`,
};

const WORDS = `index page lock vacuum replica write read query plan cache disk memory latency budget incident graph alert team review deploy
flag schema change test proof type owner lifetime thread queue backlog retry timeout circuit shard key value tree log segment merge snapshot
restore backup drill people meeting decision letter story mistake surprise winter release branch rebase debug trace sample profile flame`.split(/\s+/);

/** What one proposal says, unlike all others. */
export function abstract(texts, number) {
  let state = number * 7919 + 17;
  const word = () => WORDS[(state = (state * 1103515245 + 12345) % 2147483648) % WORDS.length];
  const sentence = () => Array.from({ length: 14 }, word).join(" ");
  const own = `A **${word()}** and its ${word()}: ${sentence()}.\n\n- ${sentence()}\n- ${sentence()}\n\n${sentence()}.`;
  return texts === plain ? own : `${own}\n\n${texts.prose.split("\n\n")[number % 5]}`;
}

/** A table as CSV, the first row being its header. */
export function csv(rows) {
  const quoted = (cell) => `"${String(cell).replaceAll('"', '""')}"`;
  return Buffer.from(rows.map((row) => row.map(quoted).join(",")).join("\n"));
}

/** Proposals as some other tool may hold them, the same every time. */
export function proposals(count, texts = plain) {
  const word = (list, number) => list[number % list.length];
  return Array.from({ length: count }, (_, number) => ({
    id: `P${number}`,
    title: texts === plain ? `${word(ANGLES, number)} ${word(TOPICS, number * 5 + Math.floor(number / 8))}, part ${number + 1}` : `${number} ${texts.title}`.slice(0, 200),
    abstract: abstract(texts, number),
    speakers: word(NAMES, number * 7) + (number >= NAMES.length ? ` ${Math.floor(number / NAMES.length) + 1}` : "") + (texts.name && ` ${texts.name}`),
    speaker_affiliations: word(["Aalto University", "Kiosk Software", "", "City of Turku"], number),
    format: texts.format,
    track: number % 3 ? texts.track : texts.other,
  }));
}

/** What Sessionize hands out as the view `All`. */
export function sessionize(count) {
  const table = proposals(count);
  const sessions = table.map(({ title, abstract }, number) => ({ id: String(9000 + number), title, description: abstract, speakers: [`speaker-${number % 30}`], categoryItems: [1 + (number % 2), 11 + (number % 3)], questionAnswers: [], isServiceSession: false, isPlenumSession: false, status: "Nominated", startsAt: null, endsAt: null, roomId: null }));
  const people = Array.from({ length: Math.min(30, count) }, (_, number) => {
    const [firstName, ...rest] = (NAMES[number % NAMES.length] + (number >= NAMES.length ? ` ${number}` : "")).split(" ");
    return { id: `speaker-${number}`, firstName, lastName: rest.join(" "), fullName: `${firstName} ${rest.join(" ")}`, bio: "Keeps databases warm.", tagLine: "Kiosk Software", profilePicture: null, isTopSpeaker: false, links: [], sessions: [], categoryItems: [], questionAnswers: [] };
  });
  const items = (from, names) => names.map((name, number) => ({ id: from + number, name, sort: number }));
  const categories = [
    { id: 1, title: "Session format", items: items(1, ["Session (45 min)", "Lightning talk (10 min)"]), sort: 0, type: "session" },
    { id: 2, title: "Level", items: items(11, ["Introductory", "Intermediate", "Advanced"]), sort: 1, type: "session" },
  ];
  return { sessions, speakers: people, questions: [], categories, rooms: [] };
}
