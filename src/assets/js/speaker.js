// Comfort for speakers: what is typed is kept in the browser before signing in, and saves itself as a draft after it.
{
  const kept = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const keep = (key, what) => { try { localStorage.setItem(key, JSON.stringify(what)); } catch { /* full, or forbidden */ } };
  const forget = (key) => { try { localStorage.removeItem(key); } catch { /* forbidden */ } };
  const keyOf = (event) => `callboard:writing:${event}`;

  // What became a proposal need not be kept any more.
  const arrived = location.pathname.match(/^\/([a-z0-9-]+)\/mine\/[2-9A-HJ-NP-Z]{6}$/);
  if (arrived) {
    const title = kept(keyOf(arrived[1]))?.find(([name]) => name === "title")?.[1].trim();
    if (title && title === document.querySelector("main h1")?.textContent.trim()) forget(keyOf(arrived[1]));
  }

  const form = document.querySelector("form[data-writing]");
  if (form) {
    const key = keyOf(form.dataset.writing);
    const isNew = () => form.getAttribute("action").endsWith("/submit");
    const state = form.querySelector("[data-state]");
    const say = (what) => { state.textContent = state.dataset[what] ?? ""; };
    const inputs = () => [...form.elements].filter((field) => field.name && !/^_|^fax$|^submit$/.test(field.name) && field.type !== "hidden");
    const texts = () => inputs().filter((field) => /^text/.test(field.type));
    const fields = () => inputs().filter((field) => !/radio|checkbox/.test(field.type) || field.checked).map((field) => [field.name, field.value]);
    const isBlank = () => texts().every((field) => !field.value.trim());

    const fill = (list) => {
      for (const field of inputs()) {
        if (/radio|checkbox/.test(field.type)) field.checked = list.some(([name, value]) => name === field.name && value === field.value);
        else field.value = list.find(([name]) => name === field.name)?.[1] ?? "";
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
    };

    let timer, running, stopped = false;
    const becomeDraft = (path) => {
      form.action = `${path}/edit`;
      form.dataset.autosave = `${path}/autosave`;
      history.replaceState(null, "", `${path}/edit`);
      form.querySelector("[name=idea]")?.remove();
      for (const button of form.querySelectorAll("button[name=submit]")) {
        if (button.value === "true") Object.assign(button, { name: "_then", value: "submit" });
        else button.removeAttribute("name");
      }
    };
    const note = (saved) => {
      if (isNew()) becomeDraft(saved.dataset.path);
      let version = form.querySelector("[name=_version]");
      if (!version) {
        version = Object.assign(document.createElement("input"), { type: "hidden", name: "_version" });
        form.prepend(version);
      }
      version.value = saved.dataset.version;
      forget(key);
      say("saved");
    };
    const send = async () => {
      say("saving");
      let answer;
      try {
        const body = new URLSearchParams(new FormData(form));
        // A draft has some format; which one, is asked before it is submitted.
        const format = form.querySelector("[name=format]");
        if (format && !body.get("format")) body.set("format", format.value);
        answer = await fetch(form.dataset.autosave, { method: "POST", body });
      } catch {
        keep(key, fields());
        say("offline");
        return;
      }
      const saved = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-path]");
      if (saved) { note(saved); return; }
      keep(key, fields());
      stopped = answer.status === 412;
      say(stopped ? "stale" : answer.status === 401 ? "kept" : "wrong");
    };
    const save = async () => {
      if (running) { await running; }
      if (stopped) return;
      if (!form.dataset.autosave || !form.elements.namedItem("title").value.trim()) {
        if (isNew() && !isBlank()) { keep(key, fields()); say("kept"); }
        return;
      }
      running = send();
      await running;
      running = undefined;
    };
    const soon = () => { clearTimeout(timer); timer = setTimeout(save, form.dataset.autosave ? 2000 : 300); };

    const before = kept(key);
    if (before && isNew() && isBlank() && !document.getElementById("errors")) {
      fill(before);
      const notice = form.querySelector("[data-restored]");
      notice.hidden = false;
      notice.querySelector("[data-forget]").addEventListener("click", () => {
        forget(key);
        clearTimeout(timer);
        form.reset();
        fill(fields());
        clearTimeout(timer);
        notice.hidden = true;
        form.elements.namedItem("title").focus();
      });
      soon();
    }
    form.addEventListener("input", soon);
    form.addEventListener("submit", async (event) => {
      clearTimeout(timer);
      if (!form.dataset.autosave) keep(key, fields());
      if (!running) return;
      // It may be about to become a draft: then it is that which is sent.
      event.preventDefault();
      event.stopPropagation();
      await running;
      form.requestSubmit(event.submitter);
    });
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.done;
    });
  }
}
