// Makes the table of all students searchable and sortable. It handles numbers and rows that are in the page already:
// no text becomes markup here. Without it, the table stands there by name.
"use strict";
(() => {
  const SHOWN = 100, EXERCISES = 6; // rows at first; where a row's numbers of the exercises begin
  const byId = (id) => document.getElementById(id);
  const { levels, rows: numbers } = JSON.parse(byId("numbers-of-everyone").textContent);
  const table = byId("everyone"), body = table.tBodies[0];
  const search = byId("search"), kind = byId("kind"), exercise = byId("exercise"), all = byId("all");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = Array.from(body.rows, (row, place) => ({ row, place, text: plain(row.textContent), numbers: numbers[place] }));
  const heads = Array.from(table.tHead.rows[0].cells);
  let sorted = heads[0], isDown = false, limit = SHOWN;

  const results = (one) => one.numbers.slice(EXERCISES);
  const complete = (one) => results(one).filter((percent) => percent >= 100).length;

  // What a row is sorted by; null: nothing, which comes last in either direction.
  function key(one) {
    const column = sorted.dataset.sort;
    if (column === "name") return one.place;
    if (column !== "exercise") return one.numbers[Number(column)];
    if (exercise.value) return one.numbers[EXERCISES + Number(exercise.value)];
    return results(one).some((percent) => percent !== null) ? complete(one) : null;
  }

  function compare(a, b) {
    const left = key(a), right = key(b);
    if (left === null || right === null) return (left === null) - (right === null) || a.place - b.place;
    return (isDown ? right - left : left - right) || a.place - b.place;
  }

  // The exercises of a student: a strip of colours, or the one that was chosen.
  function fill(one) {
    const cell = one.row.cells[heads.length - 1];
    const found = results(one);
    cell.replaceChildren();
    if (!found.some((percent) => percent !== null)) return;
    if (exercise.value) {
      const percent = found[Number(exercise.value)];
      cell.textContent = percent === null ? "" : `${percent}%`;
      return;
    }
    const strip = document.createElement("span");
    strip.className = "strip";
    strip.setAttribute("role", "img");
    strip.setAttribute("aria-label", `${complete(one)} of ${found.length} complete`);
    for (const percent of found) {
      const part = document.createElement("i");
      if (percent !== null) part.className = `level-${levels.filter((least) => percent >= least).length}`;
      strip.append(part);
    }
    cell.append(strip);
  }

  function show() {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    const mask = Number(kind.value);
    const found = rows
      .filter((one) => (!mask || one.numbers[5] & mask) && words.every((word) => one.text.includes(word)))
      .sort(compare);
    const shown = found.slice(0, limit);
    shown.forEach(fill);
    body.replaceChildren(...shown.map((one) => one.row));
    all.hidden = shown.length === found.length;
    all.textContent = `Show all ${found.length.toLocaleString("en")}`;
    const count = `${found.length.toLocaleString("en")} of ${rows.length.toLocaleString("en")} students`;
    byId("found").textContent = all.hidden ? count : `${count}, the first ${shown.length} of them shown`;
    for (const head of heads) {
      if (head === sorted) head.setAttribute("aria-sort", isDown ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  function sortBy(head) {
    isDown = head === sorted ? !isDown : head !== heads[0];
    sorted = head;
    show();
  }

  for (const head of heads) {
    head.hidden = false;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sortBy(head));
    head.append(button);
  }
  for (const { row } of rows) row.insertCell().className = "results";

  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { limit = SHOWN; show(); }, 120);
  });
  kind.addEventListener("change", () => { limit = SHOWN; show(); });
  exercise.addEventListener("change", () => {
    const head = heads[heads.length - 1];
    head.firstChild.textContent = exercise.value ? exercise.selectedOptions[0].textContent : "Exercises";
    if (exercise.value) { sorted = head; isDown = false; }
    show();
  });
  all.addEventListener("click", () => {
    const next = rows.find((one) => one.row === body.rows[limit - 1]);
    limit = Infinity;
    show();
    const head = next?.row.nextElementSibling?.cells[0];
    if (head) { head.tabIndex = -1; head.focus(); } // the button is gone
  });
  // On paper stands what is shown on the screen, but all of it.
  addEventListener("beforeprint", () => { limit = Infinity; show(); });

  byId("tools").hidden = false;
  show();
})();
