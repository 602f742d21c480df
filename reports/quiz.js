// Asks the questions that are in the page, one at a time. What it inserts are texts and copies of the page's own
// templates: no text becomes markup here. Without it, the questions stand there one below the other.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const { course, id: pageId, is_exam: isExam, keys } = JSON.parse(byId("data").textContent);
  const cards = Array.from(document.querySelectorAll("main > .card"), cardOf).filter((card) => card.form);
  const byName = new Map(cards.map((card) => [card.name, card]));
  const end = byId("end"), which = byId("which"), storage = storageThatWorks(), place = `quiz ${pageId}`;
  let shown = cards, current = null, isUnsaved = false;

  // said: the answer as the answers file has it, undefined for none. isChecked: whether it is marked, and told about.
  // ticks: the places of the key points that were ticked by whoever compared an answer with them.
  function cardOf(section, number) {
    const form = section.querySelector("form"), name = form?.dataset.name;
    return {
      section, form, name, number: number + 1, key: keys[name], kind: form?.dataset.kind, topic: form?.dataset.topic,
      said: undefined, isChecked: false, ticks: [],
    };
  }

  // Fields: what an answer is for each kind of question

  const part = (card, selector) => card.form.querySelector(selector);
  const parts = (card, selector) => Array.from(card.form.querySelectorAll(selector));
  const choosing = {
    read: (card) => parts(card, "input:checked").map((box) => box.value),
    write: (card, said) => parts(card, ".options input").forEach((box) => { box.checked = said?.includes(box.value) ?? false; }),
  };
  const typing = {
    read: (card) => part(card, ".answer :is(input, textarea)").value,
    write: (card, said) => { part(card, ".answer :is(input, textarea)").value = typeof said === "string" ? said : ""; },
  };
  const fields = {
    choice: choosing, choices: choosing, number: typing, shape: typing, output: typing, code: typing, short: typing,
    matching: {
      read: (card) => Object.fromEntries(parts(card, "select").filter((one) => one.value).map((one) => [one.dataset.term, one.value])),
      write: (card, said) => parts(card, "select").forEach((one) => {
        const definition = said?.[one.dataset.term];
        one.value = Array.from(one.options).some((option) => option.value === definition) ? definition : "";
      }),
    },
    ordering: {
      read: (card) => parts(card, ".items > li").map((item) => item.dataset.item),
      write: (card, said) => {
        card.order ??= parts(card, ".items > li"); // as it was asked
        const wanted = Array.isArray(said) ? said.map((text) => card.order.find((item) => item.dataset.item === text)) : [];
        part(card, ".items").append(...new Set([...wanted.filter(Boolean), ...card.order]));
      },
    },
  };
  const answerIn = (card) => {
    const said = fields[card.kind].read(card);
    const isEmpty = typeof said === "string" ? !said.trim() : Object.keys(said).length === 0;
    return isEmpty ? undefined : said;
  };

  function keep(card) {
    card.said = answerIn(card);
    part(card, ".problem-text").textContent = "";
    part(card, "[aria-invalid]")?.removeAttribute("aria-invalid");
    changed();
  }

  // Marking

  const isMarked = (card) => marking.isMarked(card.key);
  const possible = (card) => (isMarked(card) ? 1 : card.key.points.reduce((sum, points) => sum + points, 0));
  function points(card) {
    if (!card.isChecked) return 0;
    if (isMarked(card)) return marking.mark(card.key, card.said).points;
    return card.ticks.reduce((sum, tick) => sum + card.key.points[tick], 0);
  }
  function standing(card) {
    if (isExam) return card.said === undefined ? "open" : "kept";
    if (!card.isChecked) return "open";
    const share = points(card) / possible(card);
    return share > 1 - 1e-9 ? "right" : share > 0 ? "partly" : "wrong";
  }
  const WORDS = { right: "Right", partly: "Partly right", wrong: "Not right", open: "Not answered", kept: "Answered" };
  const SYMBOLS = { right: "✓", partly: "◐", wrong: "✗", open: "", kept: "•" };

  function check(card) {
    keep(card);
    if (card.said === undefined) {
      complain(card, card.kind.startsWith("choice") ? "Choose an option first, or skip the question." : "Answer first, or skip the question.");
      return;
    }
    try {
      if (isMarked(card)) marking.mark(card.key, card.said);
    } catch (error) {
      if (!(error instanceof marking.Unreadable)) throw error;
      complain(card, error.message);
      return;
    }
    card.isChecked = true;
    show(card);
    changed();
    part(card, ".main").focus({ preventScroll: true });
    part(card, isMarked(card) ? ".verdict" : "div.self").scrollIntoView({ block: "nearest" });
  }

  function complain(card, words) {
    part(card, ".problem-text").textContent = words;
    const field = part(card, ".answer :is(input, textarea, select, button)");
    if (field.matches("[type=text], textarea")) field.setAttribute("aria-invalid", "true");
    field.focus();
  }

  // A card as its answer is: to be given, or marked and told about.
  function show(card) {
    fields[card.kind].write(card, card.said);
    if (isExam) return;
    const verdict = part(card, "div.verdict"), self = part(card, "div.self");
    part(card, ".answer").disabled = card.isChecked;
    part(card, "[data-do=again]").hidden = !card.isChecked;
    part(card, "[data-do=skip]").hidden = card.isChecked;
    parts(card, ".tag").forEach((tag) => tag.remove());
    parts(card, ".is-met, .is-wrong, .is-missed").forEach((one) => one.classList.remove("is-met", "is-wrong", "is-missed"));
    verdict.replaceChildren();
    self.replaceChildren();
    label(card);
    if (!card.isChecked) return;
    if (isMarked(card)) tell(card, verdict, marking.mark(card.key, card.said));
    else compare(card, verdict, self);
  }

  function label(card) {
    const button = part(card, ".main"), compares = ["short", "code"].includes(card.kind);
    const next = shown.at(-1) === card ? "See the result" : "Next question";
    button.textContent = card.isChecked ? next : compares ? "Compare" : "Check";
  }

  function tell(card, verdict, { points: share, findings }) {
    const state = standing(card), told = copied(card, "template.verdict");
    const states = new Map(findings.map((one) => [one.about, one.state]));
    const whole = state === "partly" ? `: ${Math.round(100 * share)}%` : "";
    const heading = made("h3", { className: `outcome-${state}` }, made("span", { className: "symbol", ariaHidden: "true" }, SYMBOLS[state]), ` ${WORDS[state]}${whole}`);
    told.querySelectorAll(".reasons > li").forEach((one) => { if (states.get(one.dataset.option) !== "wrong") one.remove(); });
    if (!told.querySelector(".reasons > li")) told.querySelector(".reasons")?.remove();
    if (state === "right") told.querySelector(".right")?.remove();
    const words = card.kind.startsWith("choice") || card.kind === "ordering" ? [] : findings.filter((one) => one.explanation);
    if (words.length) told.prepend(made("ul", { className: "findings" }, ...words.map((one) => made("li", {}, ...spoken(card, one)))));
    if (card.kind === "ordering" && state !== "right") {
      const met = findings.filter((one) => one.state === "met").length;
      told.prepend(made("p", {}, `${met} of ${findings.length} are followed by what comes next.`));
    }
    verdict.append(heading, told);
    for (const box of parts(card, ".options input")) tag(box.closest("li"), states.get(box.value), box.checked);
    for (const one of card.kind === "matching" ? parts(card, "select") : []) tag(one.closest("li"), states.get(one.dataset.term), true);
  }

  // What was found, in words; code in it is set as code.
  function spoken(card, { about, state, explanation }) {
    if (card.kind === "output") return inWords(`${about[0].toUpperCase()}${about.slice(1)}. ${explanation}`);
    if (card.kind !== "matching") return inWords(explanation);
    const [, definition] = card.key.pairs.find(([term]) => term === about);
    const owner = card.key.pairs.find((pair) => pair[1] === card.said[about])?.[0];
    const words = state === "wrong" ? made("span", { className: "meta" }, ...inWords(` You chose that of ${owner}.`)) : "";
    return [made("b", {}, ...inWords(about)), ...inWords(`: ${definition}.`), words];
  }

  const inWords = (text) => text.split(/`([^`\n]+)`/).map((part, place) => (place % 2 ? made("code", {}, part) : part));

  function tag(item, state, isSaid) {
    if (!state || (state === "met" && !isSaid)) return;
    const [name, symbol, words] = { met: ["is-met", "✓", "right"], wrong: ["is-wrong", "✗", "not right"], "not met": ["is-missed", "○", "missed"] }[state];
    item.classList.add(name);
    item.append(made("span", { className: "tag" }, made("span", { ariaHidden: "true" }, symbol), made("span", { className: "unseen" }, ` ${words}`)));
  }

  function compare(card, verdict, self) {
    verdict.append(made("h3", {}, "Compare your answer with this one"));
    self.append(copied(card, "template.self"), copied(card, "template.verdict"));
    self.querySelectorAll(".ticks input").forEach((box, tick) => { box.checked = card.ticks.includes(tick); });
  }

  const copied = (card, template) => card.section.querySelector(template).content.cloneNode(true);

  function made(name, properties, ...content) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...content);
    return element;
  }

  // The way through the questions

  function go(card, takesFocus = true) {
    current = card;
    for (const section of [...cards.map((one) => one.section), end]) section.classList.toggle("current", section === (card?.section ?? end));
    end.hidden = card !== null;
    if (card) {
      const place = shown.indexOf(card);
      part(card, "[data-do=back]").hidden = place <= 0;
      if (!isExam) label(card);
    } else summarise();
    drawMap();
    if (takesFocus) {
      const heading = (card?.section ?? end).querySelector("h2");
      heading.focus({ preventScroll: true });
      heading.closest("section").scrollIntoView({ block: "start" });
    }
  }

  function choose(kind) {
    const topic = kind.startsWith("topic ") ? kind.slice(6) : null;
    const found = cards.filter((card) => {
      if (topic !== null) return card.topic === topic;
      if (kind === "open") return standing(card) === "open";
      return kind !== "missed" || !["right", "open"].includes(standing(card));
    });
    which.value = kind;
    say(byId("notice"), found.length ? "" : kind === "open" ? "You have answered all questions." : "There are none.");
    if (found.length) shown = found;
    return found.length > 0;
  }

  const step = (by) => shown[shown.indexOf(current) + by] ?? null;

  function summarise() {
    const answered = shown.filter((card) => standing(card) !== "open");
    const left = shown.filter((card) => (isExam ? ["open"] : ["partly", "wrong"]).includes(standing(card)));
    const words = [`You have answered ${answered.length} of ${counted(shown.length, "question")}.`];
    if (!isExam && answered.length) {
      const got = sum(answered.map(points)), most = sum(answered.map(possible));
      words.push(`That gives ${short(got)} of ${counted(most, "point")}, ${percent(got, most)}%.`);
    }
    if (left.length) words.push(isExam ? "Still without an answer:" : "Worth another look:");
    byId("end-words").textContent = words.join(" ");
    byId("end-list").replaceChildren(...left.map((card) => {
      const button = made("button", { type: "button" }, `Question ${card.number}: ${card.topic}`);
      button.dataset.go = card.number - 1;
      return made("li", {}, button);
    }));
    const again = end.querySelector("[data-do=missed]");
    if (again) again.hidden = !left.length;
  }

  function drawMap() {
    for (const button of document.querySelectorAll("#map button")) {
      const card = cards[Number(button.dataset.go)], state = standing(card);
      button.className = `is-${state}`;
      button.querySelector(".unseen").textContent = `Question ${card.number}, ${card.topic}: ${WORDS[state].toLowerCase()}`;
      button.toggleAttribute("aria-current", card === current);
      if (card === current) button.setAttribute("aria-current", "true");
    }
  }

  // Score and progress

  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const short = (number) => String(Math.round(100 * number) / 100);
  const counted = (number, noun) => `${short(number)} ${noun}${number === 1 ? "" : "s"}`;
  const percent = (got, most) => (got >= most ? 100 : Math.min(99, Math.round((100 * got) / most)));
  const say = (element, words) => { element.textContent = words; element.hidden = !words; };

  function drawScore() {
    const count = (...states) => cards.filter((card) => states.includes(standing(card))).length;
    const best = isExam ? count("kept") : count("right"), answered = cards.length - count("open");
    byId("score-number").textContent = best;
    byId("score-words").textContent = `of ${cards.length} ${isExam ? "answered" : "right"}`;
    byId("score-bar").setAttribute("width", `${(100 * best) / Math.max(1, cards.length)}%`);
    byId("score-more").textContent = isExam ? "" : `${answered} answered`;
  }

  function drawProgress() {
    const names = [...new Set(cards.map((card) => card.topic))];
    const topics = names.map((topic) => {
      const all = cards.filter((card) => card.topic === topic);
      const states = ["right", "partly", "wrong", "open"].map((state) => all.filter((card) => standing(card) === state).length);
      const answered = all.filter((card) => card.isChecked);
      return { topic, states, all: all.length, answered: answered.length, got: sum(all.map(points)), most: sum(answered.map(possible)) };
    });
    const begun = topics.filter((one) => one.answered);
    byId("no-progress").hidden = begun.length > 0;
    byId("some-progress").hidden = !begun.length;
    byId("plot").replaceChildren(plot(begun));
    byId("by-topic").replaceChildren(...topics.map((one) => {
      const share = one.answered ? `${percent(one.got, one.most)}%` : "–";
      const head = made("th", { scope: "row" }, one.topic);
      return made("tr", {}, head, ...[one.all, one.answered, one.states[0], share].map((text) => made("td", {}, String(text))));
    }));
  }

  // A bar for each topic, as long as all of its questions, in the parts that are right, partly right, not right, open.
  function plot(topics) {
    const ROW = 40, WIDTH = 380, LABEL = 15, THICK = 12;
    const drawing = drawn("svg", { viewBox: `0 0 ${WIDTH} ${Math.max(1, topics.length * ROW)}`, class: "chart", role: "img", "aria-label": "How the answers to each topic were, of all of its questions. The table below has the numbers." });
    topics.forEach((one, row) => {
      const words = `${one.states[0]} of ${one.all} right`;
      drawing.append(drawn("text", { x: 0, y: row * ROW + LABEL }, one.topic));
      drawing.append(drawn("text", { x: WIDTH, y: row * ROW + LABEL, "text-anchor": "end" }, words));
      let x = 0;
      ["right", "partly", "wrong", "open"].forEach((state, place) => {
        const width = (WIDTH * one.states[place]) / one.all;
        if (width) drawing.append(drawn("rect", { class: `part-${state}`, x, y: row * ROW + LABEL + 6, width, height: THICK }));
        x += width;
      });
    });
    return drawing;
  }

  function drawn(name, attributes, text = "") {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
    element.textContent = text;
    return element;
  }

  function changed() {
    isUnsaved = true;
    drawScore();
    drawMap();
    if (!isExam) drawProgress();
    store();
  }

  // Keeping the answers

  function storageThatWorks() {
    try {
      localStorage.setItem("quiz works", "1");
      localStorage.removeItem("quiz works");
      return localStorage;
    } catch {
      return null; // the browser keeps nothing for files, or at all
    }
  }

  const answers = () => cards.filter((card) => card.said !== undefined).map(({ name, said }) => ({ question: name, said }));

  function store() {
    const checked = cards.filter((card) => card.isChecked).map(({ name, ticks }) => ({ question: name, ticks }));
    try {
      storage?.setItem(place, JSON.stringify({ answers: answers(), checked }));
    } catch { /* it is full: the answers stay in the page, and can be saved */ }
  }

  function restore() {
    try {
      const { answers: given, checked } = JSON.parse(storage?.getItem(place) ?? "{}");
      for (const { question, said } of given ?? []) take(question, said);
      for (const { question, ticks } of checked ?? []) reopen(byName.get(question), ticks);
    } catch { /* what is stored there is not ours: as if there were nothing */ }
  }

  // Takes an answer as far as the question's fields can hold it; whether there is such a question, and anything to take.
  function take(question, said) {
    const card = byName.get(question);
    if (!card || (card.kind === "ordering" && !Array.isArray(said))) return false;
    fields[card.kind].write(card, typeof said === "string" && card.kind.startsWith("choice") ? [said] : said);
    const read = answerIn(card);
    if (read === undefined) fields[card.kind].write(card, card.said);
    else card.said = read;
    return read !== undefined;
  }

  // Marks an answer once more that was marked before; one that can't be is left to be checked.
  function reopen(card, ticks = []) {
    if (!card || isExam || card.said === undefined) return;
    try {
      if (isMarked(card)) marking.mark(card.key, card.said);
      else card.ticks = ticks.filter((tick) => tick in card.key.points);
      card.isChecked = true;
    } catch { card.isChecked = false; }
  }

  function save() {
    const given = answers(), file = "quiz-answers.json";
    const text = JSON.stringify({ version: 1, course, answers: given }, null, 1);
    const link = made("a", { href: URL.createObjectURL(new Blob([`${text}\n`], { type: "application/json" })), download: file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    isUnsaved = false;
    byId("kept").textContent = `Saved ${counted(given.length, "answer")} as ${file}, where your browser puts downloads.`;
  }

  async function load(file) {
    let given;
    try {
      given = JSON.parse(await file.text()).answers;
    } catch { /* told below */ }
    if (!Array.isArray(given)) {
      byId("kept").textContent = `${file.name}: no file of answers. Choose one that a page like this has saved.`;
      return;
    }
    const taken = given.filter((one) => take(one?.question, one?.said));
    for (const { question } of taken) {
      const card = byName.get(question);
      card.isChecked = false;
      if (!isExam && isMarked(card)) reopen(card);
      show(card);
    }
    changed();
    const others = given.length - taken.length;
    const left = others ? ` ${counted(others, "answer")} ${others === 1 ? "doesn't" : "don't"} belong to the questions here.` : "";
    byId("kept").textContent = `Loaded ${counted(taken.length, "answer")}.${left}`;
  }

  function restart() {
    for (const card of cards) {
      Object.assign(card, { said: undefined, isChecked: false, ticks: [] });
      show(card);
    }
    choose("");
    changed();
    go(shown[0]);
  }

  // What can be done

  const deeds = {
    back: () => go(step(-1)),
    skip: () => go(step(1)),
    again: () => { Object.assign(current, { isChecked: false, ticks: [] }); show(current); changed(); part(current, ".answer :is(input, textarea, select, button)").focus(); },
    first: () => { choose(""); go(shown[0]); },
    missed: () => { if (choose("missed")) { shown.forEach((card) => { Object.assign(card, { said: undefined, isChecked: false, ticks: [] }); show(card); }); changed(); go(shown[0]); } },
    save,
    load: () => byId("file").click(),
    restart: () => { byId("sure").hidden = false; byId("sure").querySelector("button").focus(); },
    delete: () => { byId("sure").hidden = true; restart(); byId("kept").textContent = "All answers are deleted."; },
    keep: () => { byId("sure").hidden = true; document.querySelector("[data-do=restart]").focus(); },
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button?.dataset.do) deeds[button.dataset.do]();
    if (button?.dataset.go) { if (!shown.includes(cards[Number(button.dataset.go)])) choose(""); go(cards[Number(button.dataset.go)]); }
    if (button?.dataset.move) move(button);
  });
  document.addEventListener("submit", (event) => {
    event.preventDefault();
    if (isExam) { keep(current); go(step(1)); } else if (current.isChecked) go(step(1)); else check(current);
  });
  document.addEventListener("input", ({ target }) => {
    const card = cards.find((one) => one.form.contains(target));
    if (!card) return;
    if (!target.closest(".ticks")) { keep(card); return; }
    card.ticks = parts(card, ".ticks input").flatMap((box, tick) => (box.checked ? [tick] : []));
    changed();
  });
  which.addEventListener("change", () => { if (choose(which.value)) go(shown[0], false); });
  byId("file").addEventListener("change", async ({ target }) => { if (target.files[0]) await load(target.files[0]); target.value = ""; });
  addEventListener("beforeunload", (event) => { if (!storage && isUnsaved && answers().length) event.preventDefault(); });

  // Putting items in order: with the arrows, or by dragging

  function move(button) {
    const item = button.closest("li"), goesUp = button.dataset.move === "up";
    const other = goesUp ? item.previousElementSibling : item.nextElementSibling;
    if (other) { if (goesUp) other.before(item); else other.after(item); }
    button.focus(); // which it loses where its item is moved
    moved(item);
  }

  function moved(item) {
    keep(current);
    const items = Array.from(item.parentElement.children);
    byId("moved").textContent = `${item.querySelector(".item").textContent}: place ${items.indexOf(item) + 1} of ${items.length}`;
  }

  document.addEventListener("pointerdown", (event) => {
    const item = event.target.closest(".items > li");
    if (!item || event.button || event.target.closest("button") || item.closest("fieldset").disabled) return;
    if (event.pointerType === "touch" && !event.target.closest(".grip")) return; // there a finger scrolls the page
    event.preventDefault();
    const drag = ({ clientY }) => {
      const { previousElementSibling: above, nextElementSibling: below } = item;
      const middle = (one) => { const box = one.getBoundingClientRect(); return box.top + box.height / 2; };
      if (above && clientY < middle(above)) above.before(item);
      else if (below && clientY > middle(below)) below.after(item);
    };
    const drop = () => {
      item.classList.remove("dragged");
      removeEventListener("pointermove", drag);
      for (const name of ["pointerup", "pointercancel"]) removeEventListener(name, drop);
      moved(item);
    };
    item.classList.add("dragged");
    addEventListener("pointermove", drag);
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, drop);
  });

  // Begin

  restore();
  isUnsaved = false;
  cards.forEach(show);
  document.body.classList.add("playing");
  for (const element of document.querySelectorAll("#score, #way, #progress, #keeping, .actions")) element.hidden = false;
  byId("where-kept").textContent = storage
    ? "They are kept in this browser, on this device. With a file you can take them to another."
    : "Your browser keeps nothing for this page: your answers last as long as it is open. Save them to a file.";
  drawScore();
  if (!isExam) drawProgress();
  go(shown.find((card) => standing(card) === "open") ?? shown[0] ?? null, false);
})();
