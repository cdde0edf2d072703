// Comfort for pages that work without it: the viewer's time, countdowns, counters, previews, one press of a button.
{
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const local = new Intl.DateTimeFormat(document.documentElement.lang, {
    weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short",
  });
  const relative = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  const steps = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

  const inWords = (seconds) => {
    const [unit, size] = steps.find(([, size]) => Math.abs(seconds) >= size) ?? steps[3];
    return relative.format(Math.trunc(seconds / size), unit);
  };

  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (!time.dateTime.includes("T") || Number.isNaN(at.valueOf())) continue;
    time.title = `${local.format(at)} (${zone})`;
    if (!("countdown" in time.dataset)) continue;
    const shown = document.createElement("span");
    shown.className = "hint";
    time.after(" ", shown);
    const tick = () => { shown.textContent = `(${inWords((at - Date.now()) / 1000)}; ${local.format(at)})`; };
    tick();
    setInterval(tick, 1000 * (Math.abs(at - Date.now()) < 3600e3 ? 1 : 60));
  }

  for (const field of document.querySelectorAll("[data-most]")) {
    const most = Number(field.dataset.most);
    const count = document.createElement("span");
    count.className = "count";
    field.after(count);
    const show = () => {
      const length = [...field.value.trim()].length;
      count.textContent = `${length} / ${most}`;
      count.classList.toggle("over", length > most);
    };
    field.addEventListener("input", show);
    show();
  }

  for (const field of document.querySelectorAll("[data-preview]")) {
    const shown = document.createElement("div");
    shown.className = "preview text";
    // It scrolls, so keys have to reach it.
    shown.tabIndex = 0;
    shown.setAttribute("role", "group");
    shown.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
    (field.parentElement.querySelector(".count") ?? field).after(shown);
    let timer;
    const show = async () => {
      if (!field.value.trim()) { shown.replaceChildren(); return; }
      const answer = await fetch("/preview", { method: "POST", body: new URLSearchParams({ text: field.value }) });
      if (answer.ok) shown.innerHTML = await answer.text();
    };
    field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(show, 400); });
    show();
  }

  // What is on its way is not sent again by a second press.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question && !confirm(question)) { event.preventDefault(); return; }
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    if (form.dataset.working) form.append(working(form.dataset.working));
    else setTimeout(() => { delete form.dataset.sent; }, 8000);
  });
  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
    for (const said of document.querySelectorAll(".working")) said.remove();
  });

  // A large file takes its time: what is going on, and for how long.
  function working(text) {
    const said = Object.assign(document.createElement("div"), { className: "working" });
    const status = Object.assign(document.createElement("p"), { textContent: text });
    status.setAttribute("role", "status");
    const clock = Object.assign(document.createElement("p"), { className: "hint" });
    clock.setAttribute("aria-hidden", "true");
    const since = Date.now();
    const timer = setInterval(() => {
      if (!said.isConnected) clearInterval(timer);
      clock.textContent = `${Math.round((Date.now() - since) / 1000)} s`;
    }, 1000);
    said.append(status, clock);
    return said;
  }

  for (const menu of document.querySelectorAll("details.menu")) {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); }
    });
  }

  const sections = document.querySelector(".side details");
  if (sections && matchMedia("(max-width: 860px)").matches) sections.open = false;
  document.getElementById("errors")?.focus();
}
