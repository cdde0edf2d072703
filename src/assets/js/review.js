// Comfort of the pages for review: keys, drafts that save themselves, bids that are kept at a touch.
{
  const form = document.getElementById("review");
  const keys = document.getElementById("keys");
  const typing = (at) => at.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit])");
  const byKey = (key) => document.querySelector(`[data-key="${key}"]`);

  if (form && keys) {
    const button = document.getElementById("keys-button");
    button.hidden = false;
    button.addEventListener("click", () => keys.showModal());

    const scales = [...form.querySelectorAll(".scale")];
    const score = (value) => {
      const at = scales.find((scale) => scale.contains(document.activeElement))
        ?? scales.find((scale) => !scale.querySelector(":checked")) ?? scales[0];
      const radio = at?.querySelector(`input[value="${value}"]`);
      if (!radio) return;
      radio.checked = true;
      radio.dispatchEvent(new Event("input", { bubbles: true }));
      const next = scales[scales.indexOf(at) + 1];
      (next?.querySelector(":checked") ?? next?.querySelector("input") ?? radio).focus();
    };
    const acts = {
      c: () => form.elements.comment.focus(),
      s: () => byKey("s")?.click(),
      a: () => byKey("a")?.click(),
      j: () => byKey("j")?.click(),
      k: () => byKey("k")?.click(),
      x: () => {
        const conflict = document.getElementById("conflict");
        conflict.open = true;
        conflict.querySelector("input[type=radio]").focus();
      },
      "?": () => keys.showModal(),
    };
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || keys.open) return;
      if (typing(event.target)) {
        if (event.key === "Escape") event.target.blur();
        return;
      }
      if (/^[0-9]$/.test(event.key)) {
        event.preventDefault();
        score(event.key);
      } else if (Object.hasOwn(acts, event.key)) {
        event.preventDefault();
        acts[event.key]();
      }
    });
  }

  if (form?.dataset.autosave) {
    const state = document.getElementById("saved");
    const draft = form.elements._draft;
    const content = () => new URLSearchParams(new FormData(form));
    const written = (of) => [...of].filter(([name]) => !name.startsWith("_")).join("\n");
    let kept = written(content());
    let timer;
    let saving = Promise.resolve();
    let gone = false;
    const save = async (keepalive) => {
      const body = content();
      if (gone || written(body) === kept) return;
      state.textContent = state.dataset.saving;
      try {
        const answer = await fetch(form.dataset.autosave, { method: "POST", body, keepalive });
        if (answer.ok && !answer.redirected) {
          draft.value = (await answer.json()).version;
          kept = written(body);
          state.textContent = state.dataset.saved;
        } else {
          state.textContent = [412, 428].includes(answer.status) ? state.dataset.stale : state.dataset.failed;
        }
      } catch {
        state.textContent = state.dataset.failed;
      }
    };
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => { saving = saving.then(() => save(false)); }, 1200);
    });
    // What is sent takes what was typed along; a draft that comes later would stand beside the review.
    form.addEventListener("submit", () => { gone = true; clearTimeout(timer); });
    addEventListener("pageshow", () => { gone = false; });
    addEventListener("pagehide", () => save(true));
  }

  const bids = document.getElementById("bids");
  if (bids) {
    const state = bids.querySelector(".state");
    bids.addEventListener("change", async (event) => {
      const body = new URLSearchParams({ [event.target.name]: event.target.value });
      try {
        const answer = await fetch(bids.action, { method: "POST", body, redirect: "manual" });
        state.textContent = answer.type === "opaqueredirect" ? state.dataset.saved : state.dataset.failed;
      } catch {
        state.textContent = state.dataset.failed;
      }
    });
  }
}
