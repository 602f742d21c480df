// Keeps the page of a watched notebook up to date: its server tells how things stand, and a new report takes the place
// of the old one, while what is in sight, folded, scrolled or focused stays so.
"use strict";
(() => {
  const PARTS = ["body > .top", "main", "body > footer"];
  const standing = document.getElementById("standing"), line = standing.firstElementChild;
  const chosen = new Map(); // which details the reader has opened or closed, by name; others are as the report has them
  let number = Number(standing.dataset.number), told = { number }, isFetching = false;

  function say(stage, sentence) {
    standing.className = `standing ${stage}`;
    if (line.textContent !== sentence) line.textContent = sentence; // or it would be read out again
  }

  // What the next report calls the same

  const named = () => {
    const found = new Map(), counts = new Map();
    for (const details of document.querySelectorAll("main details")) {
      const section = details.closest("section"), home = section?.id || section?.getAttribute("aria-labelledby");
      const place = counts.get(home) ?? 0;
      if (!details.id) counts.set(home, place + 1);
      found.set(details.id || `${home} ${place}`, details);
    }
    return found;
  };

  function finder(element) {
    if (!element?.closest(PARTS)) return () => null;
    if (element.matches("summary")) {
      const [name] = [...named()].find(([, details]) => details === element.parentElement) ?? [];
      return () => named().get(name)?.querySelector("summary");
    }
    const home = element.closest("main [id]")?.id;
    const attribute = ["id", "aria-label", "href"].find((one) => element.hasAttribute(one));
    if (!attribute) return () => null;
    const selector = `[${attribute}="${CSS.escape(element.getAttribute(attribute))}"]`;
    return () => (home && document.getElementById(home)?.querySelector(selector)) || document.querySelector(selector);
  }

  // The last thing with a name that begins in the upper third of what is in sight, or above, and where it stands.
  function place() {
    const edge = innerHeight / 3;
    const above = Array.from(document.querySelectorAll("main [id]")).filter(
      (one) => one.getClientRects().length && one.getBoundingClientRect().top <= edge,
    );
    return above.length && scrollY ? { id: above.at(-1).id, top: above.at(-1).getBoundingClientRect().top } : null;
  }

  // A new report

  const folded = () => new Map(Array.from(named(), ([name, details]) => [name, details.open]));
  let before = folded();

  function replace(fresh) {
    const kept = place(), focused = finder(document.activeElement);
    const scrolled = Array.from(document.querySelectorAll("main .scroll"))
      .filter((box) => box.scrollLeft || box.scrollTop)
      .map((box) => ({ find: finder(box), left: box.scrollLeft, top: box.scrollTop }));
    for (const [name, isOpen] of folded()) if (isOpen !== before.get(name)) chosen.set(name, isOpen);
    for (const part of PARTS) document.querySelector(part).replaceWith(fresh.querySelector(part));
    document.title = fresh.title;
    for (const [name, details] of named()) if (chosen.has(name)) details.open = chosen.get(name);
    before = folded();
    for (const { find, left, top } of scrolled) find()?.scrollTo(left, top);
    const same = kept && document.getElementById(kept.id);
    if (same) scrollBy(0, same.getBoundingClientRect().top - kept.top);
    if (document.activeElement === document.body) focused()?.focus({ preventScroll: true });
  }

  async function update() {
    if (isFetching) return;
    isFetching = true;
    try {
      while (number < told.number) {
        const answer = await fetch(".");
        if (!answer.ok) break;
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        number = Number(fresh.getElementById("standing").dataset.number);
        replace(fresh);
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // no answer: the next news brings it
    } finally {
      isFetching = false;
    }
  }

  const news = new EventSource("events");
  const over = "Watching has ended. This is the last report; run grader watch again for a new page.";
  news.addEventListener("message", async ({ data }) => {
    told = JSON.parse(data);
    await update(); // so that the line does not speak of a report that is not there yet
    say(told.stage, told.sentence);
  });
  news.addEventListener("end", () => { news.close(); say("waiting", over); });
  news.addEventListener("error", () => {
    say("waiting", news.readyState === EventSource.CLOSED ? over : "The grader does not answer. Is grader watch still running?");
  });
})();
