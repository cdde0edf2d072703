// Comfort of the pages that set up an event.

// Setting up and data: an address suggested from the name, choices moved up and down, secrets copied, all columns at once.
{
  for (const form of document.querySelectorAll("form[data-slug]")) {
    const { name, slug } = form.elements;
    let own = slug.value !== "";
    slug.addEventListener("input", () => { own = slug.value !== ""; });
    name.addEventListener("input", () => {
      if (own) return;
      const plain = name.value.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
      slug.value = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 40);
    });
    const zone = form.elements.zone;
    if (zone && !zone.value) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }

  for (const list of document.querySelectorAll("[data-rows]")) {
    // What a row holds moves; the names of the fields, and so their order, stay.
    const swap = (one, other) => {
      if (!one || !other) return;
      const [from, to] = [one, other].map((row) => [...row.querySelectorAll("input")]);
      from.forEach((field, place) => {
        [field.value, to[place].value] = [to[place].value, field.value];
        [field.disabled, to[place].disabled] = [to[place].disabled, field.disabled];
      });
    };
    for (const row of list.children) {
      const buttons = document.createElement("div");
      buttons.className = "move";
      for (const [sign, next] of [["↑", "previousElementSibling"], ["↓", "nextElementSibling"]]) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "quiet small";
        button.textContent = sign;
        button.setAttribute("aria-label", `${sign} ${row.querySelector("label")?.textContent ?? ""}`);
        button.addEventListener("click", () => swap(row, row[next]));
        buttons.append(button);
      }
      row.append(buttons);
    }
  }

  for (const secret of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet small";
    button.textContent = "⧉";
    button.setAttribute("aria-label", "Copy");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(secret.textContent);
      button.textContent = "✓";
    });
    secret.after(" ", button);
  }

  for (const form of document.querySelectorAll("form[data-all]")) {
    const boxes = [...form.querySelectorAll("input[type=checkbox]")];
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet small";
    button.textContent = "☑ / ☐";
    button.setAttribute("aria-label", "All or none");
    button.addEventListener("click", () => {
      const all = boxes.every((box) => box.checked);
      for (const box of boxes) box.checked = !all;
    });
    form.querySelector(".options")?.before(button);
  }
}
