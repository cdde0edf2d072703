// Comfort of the public pages: how long a call is open still, to the second at the end, and when that is where one is.
{
  const unit = (number, unit) => new Intl.NumberFormat(document.documentElement.lang || "en", { style: "unit", unit, unitDisplay: "long" }).format(number);
  const steps = [["day", 86400, 86400 * 3], ["hour", 3600, 3600], ["minute", 60, 60], ["second", 1, 1]];

  const inWords = (seconds) => {
    let place = steps.findIndex(([, size]) => seconds >= size);
    if (place < 0) place = 3;
    const [name, size, alone] = steps[place];
    const words = [unit(Math.floor(seconds / size), name)];
    if (place < 3 && (name !== "day" || seconds < alone)) words.push(unit(Math.floor((seconds % size) / steps[place + 1][1]), steps[place + 1][0]));
    return words.join(" ");
  };

  for (const shown of document.querySelectorAll("[data-until]")) {
    const end = Date.parse(shown.dataset.until);
    const tick = () => {
      const seconds = Math.floor((end - Date.now()) / 1000);
      if (seconds < 0) { if (shown.dataset.over) shown.textContent = shown.dataset.over; return; }
      shown.textContent = shown.dataset.left.replace("{}", inWords(seconds));
      setTimeout(tick, seconds < 7200 ? 1000 : 60000);
    };
    if (!Number.isNaN(end) && end > Date.now()) tick();
  }

  const here = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });
  for (const shown of document.querySelectorAll("[data-yours]")) {
    shown.querySelector("bdi").textContent = `${here.format(new Date(shown.dataset.yours))} (${here.resolvedOptions().timeZone})`;
    shown.hidden = false;
  }
}
