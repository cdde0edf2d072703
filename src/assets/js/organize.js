// Comfort of the pages for organizers.
{
  // How many are ticked; a click with Shift ticks all between.
  for (const bulk of document.querySelectorAll("form.bulk")) {
    const boxes = [...bulk.querySelectorAll("input[name=codes]")];
    const bar = bulk.querySelector("[data-ticked]");
    const head = bulk.querySelector("thead .tick");
    if (!bar || boxes.length === 0) continue;
    const tally = bar.querySelector(".tally");
    const empty = tally.textContent;
    const all = document.createElement("input");
    all.type = "checkbox";
    all.setAttribute("aria-label", head.textContent);
    head.append(all);
    let last = null;
    const show = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      tally.textContent = ticked ? bar.dataset.ticked.replace("{}", ticked) : empty;
      for (const button of bar.querySelectorAll("button")) button.disabled = ticked === 0;
      all.checked = ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    };
    all.addEventListener("change", () => { for (const box of boxes) box.checked = all.checked; show(); });
    boxes.forEach((box, place) => box.addEventListener("click", (event) => {
      if (event.shiftKey && last !== null) {
        const [from, to] = [Math.min(last, place), Math.max(last, place)];
        for (const other of boxes.slice(from, to + 1)) other.checked = box.checked;
      }
      last = place;
      show();
    }));
    addEventListener("pageshow", show);
    show();
  }

  // The cut line follows the slide, and can be dragged through the table.
  const cut = document.querySelector("form[data-cut]");
  if (cut) {
    const slide = cut.querySelector("[data-line]");
    const number = cut.querySelector("input[name=line]");
    const go = (line) => { number.value = line; cut.submit(); };
    slide.addEventListener("input", () => { number.value = slide.value; });
    slide.addEventListener("change", () => go(slide.value));
    const line = document.querySelector("[data-cutline]");
    if (line) {
      line.setAttribute("draggable", "false");
      line.addEventListener("pointerdown", (down) => {
        down.preventDefault();
        let place = null;
        const move = (event) => {
          const row = document.elementFromPoint(event.clientX, event.clientY)?.closest("tr[data-place]");
          if (!row) return;
          const box = row.getBoundingClientRect();
          const below = event.clientY > box.top + box.height / 2;
          row[below ? "after" : "before"](line);
          place = Number(row.dataset.place) - (below ? 0 : 1);
        };
        const up = () => {
          removeEventListener("pointermove", move);
          removeEventListener("pointerup", up);
          if (place !== null && place > 0) go(place);
        };
        addEventListener("pointermove", move);
        addEventListener("pointerup", up);
      });
    }
  }

  // What happens by itself is shown as it happens; the count of seconds runs in between.
  if (document.querySelector("[data-moving]")) {
    const counted = () => document.querySelector("[data-moving] [data-seconds]");
    const tick = () => {
      const left = counted();
      if (!left || left.dataset.seconds === "0") return;
      const seconds = Math.max(0, Number(left.dataset.seconds) - 1);
      left.textContent = left.textContent.replace(/\d+/u, seconds);
      left.dataset.seconds = seconds;
    };
    setInterval(tick, 1000);
    const look = async () => {
      if (Number(counted()?.dataset.seconds ?? 0) > 1) return;
      const answer = await fetch(location.href).catch(() => null);
      if (!answer?.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
      if (!document.querySelector("[data-moving]")) clearInterval(looking);
    };
    const looking = setInterval(look, 2000);
  }
}
