// What a page marks itself, by the rules of grader/quiz/marking.py and grader/quiz/quantities.py, which say why they are
// so. A test puts the same answers to both. Here is no page: `marking.mark` takes a key and what was said, as the answers
// file has it, and gives { points, findings: [{ state, about, explanation }] }, with 1 point for all that is right.
"use strict";
const marking = (() => {
  const MET = "met", NOT_MET = "not met", WRONG = "wrong";
  const finding = (state, about, explanation = "") => ({ state, about, explanation });
  const shared = (findings) => ({ points: findings.filter((one) => one.state === MET).length / findings.length, findings });

  // An answer that can't be marked as it stands; the message says what to write instead. It is not a wrong answer.
  class Unreadable extends Error {}

  const marks = {
    choice({ right, wrong }, options) {
      const chosen = options.filter((option) => right.includes(option)), missed = options.filter((option) => wrong.includes(option));
      const findings = [
        ...chosen.map((option) => finding(MET, option)),
        ...missed.map((option) => finding(WRONG, option)), // the page has the reasons
        ...right.filter((option) => !options.includes(option)).map((option) => finding(NOT_MET, option, "This is right.")),
      ];
      return { points: Math.max(0, chosen.length - missed.length) / right.length, findings };
    },

    ordering({ items }, order) {
      return shared(items.slice(1).map((second, place) => {
        const first = items[place], at = order.indexOf(first), about = `${first} → ${second}`;
        const follows = at >= 0 && order[at + 1] === second;
        return follows ? finding(MET, about) : finding(NOT_MET, about, `"${second}" comes right after "${first}".`);
      }));
    },

    matching({ pairs }, given) {
      const owner = (definition) => pairs.find((pair) => pair[1] === definition)[0];
      return shared(pairs.map(([term, definition]) => {
        if (!Object.hasOwn(given, term)) return finding(NOT_MET, term, definition);
        if (given[term] === definition) return finding(MET, term);
        return finding(WRONG, term, `That is ${owner(given[term])}. ${term}: ${definition}`);
      }));
    },

    number(key, text) {
      const number = readNumber(text, key.unit);
      return allOrNothing(isNear(number, key.answer, key.tolerance), numberText(number), numberHint(number, key));
    },

    shape({ answer: right }, text) {
      const shape = readShape(text), written = (sizes) => (sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(", ")})`);
      const sorted = (sizes) => String([...sizes].sort((a, b) => a - b));
      const axes = (sizes) => (sizes.length ? `${sizes.length} ax${sizes.length === 1 ? "i" : "e"}s` : "no axes");
      let words = `It is ${written(right)}.`;
      if (shape.length !== right.length) words += ` That has ${axes(right)}, and yours has ${axes(shape)}.`;
      else if (sorted(shape) === sorted(right)) words += " Your sizes are right, and stand in another order.";
      return allOrNothing(String(shape) === String(right), written(shape), words);
    },

    output({ answer }, text) {
      const right = printedLines(answer), said = printedLines(text);
      return shared(Array.from({ length: Math.max(right.length, said.length) }, (_, place) => {
        const about = `line ${place + 1}`, printed = inQuotes(right[place] ?? ""), yours = inQuotes(said[place] ?? "");
        if (place >= right.length) return finding(WRONG, about, `Nothing more is printed, and you have ${yours}.`);
        if (place >= said.length) return finding(NOT_MET, about, `It prints ${printed} as well.`);
        if (said[place] === right[place]) return finding(MET, about);
        return finding(WRONG, about, `It prints ${printed}, and you have ${yours}.`);
      }));
    },
  };

  function allOrNothing(isRight, about, words) {
    return { points: isRight ? 1 : 0, findings: [isRight ? finding(MET, about) : finding(WRONG, about, words)] };
  }

  function numberHint(number, { answer: right, tolerance, unit }) {
    const near = (one) => isNear(one, right, tolerance);
    const words = `It is ${tolerance ? `within ${numberText(tolerance)} of ` : ""}${numberText(right)} ${unit}`.trim() + ".";
    if (near(-number)) return `${words} Your number has the other sign.`;
    for (const factor of [100, 10, 1000]) {
      if (right && (near(number * factor) || near(number / factor))) {
        return `${words} Yours is ${factor} times too ${Math.abs(number) > Math.abs(right) ? "large" : "small"}.`;
      }
    }
    return number && right && near(1 / number) ? `${words} Yours is one divided by it.` : words;
  }

  function isNear(said, answer, tolerance) {
    const apart = Math.abs(said - answer);
    return apart <= tolerance * (1 + 1e-9) || apart <= Math.max(1e-9 * Math.max(Math.abs(said), Math.abs(answer)), 1e-12);
  }

  // Ten significant digits, as Python's "g" writes them.
  function numberText(number) {
    const [digits, exponent] = number.toExponential(9).split("e"), power = Number(exponent);
    const short = (decimal) => (decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal);
    if (power >= -4 && power < 10) return short(number.toFixed(9 - power));
    return `${short(digits)}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }

  function printedLines(text) {
    const lines = text.replace(/^\n+|\n+$/g, "").split(/\r\n|\r|\n/).map((line) => line.trimEnd());
    while (lines.length && !lines.at(-1)) lines.pop();
    while (lines.length && !lines[0]) lines.shift();
    return lines.length > 2 && lines[0].startsWith("```") && lines.at(-1) === "```" ? lines.slice(1, -1) : lines;
  }

  // Numbers and shapes as people write them

  const LIMIT_TEXT = 100, LIMIT_EXPONENT = 400;
  const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺";
  const DECIMAL = "[0-9][0-9.,_' ]*|[.,][0-9]+";
  const LEADING = /^(?:=|≈|~|about\b|approximately\b|approx\.?|ca\.?(?=\s))\s*/i;
  const NUMBER = new RegExp(
    `^(?<sign>[+-]?)\\s*(?<over>${DECIMAL})`
    + "(?:(?:e|\\s*[x*·]\\s*10\\s*(?:\\^|\\*\\*)\\s*)\\(?(?<exponent>[+-]?[0-9]{1,4})\\)?)?"
    + `(?:\\s*[/\u2044]\\s*(?<under>${DECIMAL}))?\\s*(?<rest>.*)$`, "is",
  );
  const GROUPS = /^[0-9]{1,3}(?:[_' ][0-9]{3})+/;
  const AMBIGUOUS = /^[1-9][0-9]{0,2},[0-9]{3}$/;
  const GROUPED_BY_COMMAS = /^(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3}){2,})$/;
  const GROUPED_BY_POINTS = /^(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,})$/;
  const SIZE = /^(?:0|[1-9][0-9]{0,17})$/;
  const SCALARS = ["scalar", "a scalar", "no axes", "none", "empty", "0-d", "0d"];

  function readNumber(text, unit) {
    const said = tidied(text, "a number"), match = NUMBER.exec(said.replace(LEADING, ""));
    if (!match) throw new Unreadable(`${quoted(said)} is not a number. Write it in digits, such as 0.25, 1/4 or 2.5e-1.`);
    const { sign, over, exponent = "0", under, rest } = match.groups;
    const tooLarge = () => new Unreadable(`${quoted(said)} is no number of a size that can be compared.`);
    const digits = decimal(over, said);
    if (Math.abs(exponent) > LIMIT_EXPONENT) throw tooLarge();
    // One reading of all digits and the exponent: multiplied as floats, they would overflow on the way or be rounded twice.
    let number = Number(`${digits}e${exponent}`);
    if (under) {
      const divisor = Number(decimal(under, said));
      if (divisor === 0) throw new Unreadable(`${quoted(said)} divides by zero, and is no number.`);
      number /= divisor;
    }
    number *= inUnit(rest.trim(), unit, said);
    if (!Number.isFinite(number)) throw tooLarge();
    return sign === "-" ? -number : number;
  }

  function decimal(written, said) {
    let digits = written.replace(/ +$/, "");
    const groups = GROUPS.exec(digits)?.[0];
    if (groups) digits = groups.replace(/[_' ]/g, "") + digits.slice(groups.length);
    else if (GROUPED_BY_COMMAS.test(digits)) digits = digits.replaceAll(",", "");
    else if (GROUPED_BY_POINTS.test(digits)) digits = digits.replaceAll(".", "");
    else if (AMBIGUOUS.test(digits)) {
      const [plain, point] = [digits.replace(",", ""), digits.replace(",", ".")];
      throw new Unreadable(`${quoted(said)} may mean two numbers. Write ${plain} or ${point}.`);
    }
    if (!/^[0-9]*[.,]?[0-9]*$/.test(digits) || !/[0-9]/.test(digits)) {
      throw new Unreadable(`${quoted(said)} is not one number. Write one, such as 0.25, 1/4 or 2.5e-1.`);
    }
    return digits.replace(",", ".");
  }

  function inUnit(rest, unit, said) {
    if (!rest || singular(rest) === singular(unit)) return 1;
    if (rest === "%" && !unit) return 0.01;
    if (unit) throw new Unreadable(`${quoted(said)} is not in ${unit}. Write the number in ${unit}, or the number alone.`);
    throw new Unreadable(`${quoted(said)} has more in it than a number. Write the number alone, such as 0.25 or 1/4.`);
  }

  function singular(unit) {
    const name = unit.toLowerCase().replace(/^[ .]+|[ .]+$/g, "");
    if (["percent", "per cent"].includes(name)) return "%";
    return name.length > 1 ? name.replace(/s$/, "") : name;
  }

  function readShape(text) {
    const said = tidied(text, "a shape");
    let inner = said.replace(/^(?:the\s+)?(?:shape\b|torch\.size\b|size\b)?\s*(?:=|:|is\b)?\s*/i, ""), depth = 0;
    if (SCALARS.includes(inner.toLowerCase().replace(/^[ .]+|[ .]+$/g, ""))) return [];
    while (depth < 3 && /^(?:\(.*\)|\[.*\])$/s.test(inner)) { inner = inner.slice(1, -1).trim(); depth += 1; }
    if (!inner && depth) return [];
    const sizes = inner.replace(depth ? /\s*,$/ : /,$/, "").split(/\s*[,;x*]\s*|\s+by\s+|\s+/i);
    for (const size of sizes) {
      if (SIZE.test(size)) continue;
      const what = size && size !== said ? `${quoted(size)} in it is no size` : "it is no list of sizes";
      throw new Unreadable(
        `${quoted(said)} is not read as a shape: ${what}. Write whole numbers, such as (3, 1), or () for none.`,
      );
    }
    return sizes.map(Number);
  }

  function tidied(text, meant) {
    const length = [...text].length;
    if (length > LIMIT_TEXT) {
      throw new Unreadable(`The answer is ${length.toLocaleString("en")} characters long, and ${meant} is meant. Write that alone.`);
    }
    let plain = text
      .replace(/10([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)/g, (_, power) => `10^${power.replace(/./g, (c) => "0123456789-+"[RAISED.indexOf(c)])}`)
      .normalize("NFKC").replace(/[\u2212\u2013\u2011\u2010]/g, "-").replaceAll("\u00d7", "x")
      .replace(/\p{Nd}/gu, digit).trim().split(/\s+/).join(" ");
    for (const mark of ["**", "`", "$"]) {
      if (plain.length > 2 * mark.length && plain.startsWith(mark) && plain.endsWith(mark)) {
        plain = plain.slice(mark.length, -mark.length).trim();
      }
    }
    if (!plain) throw new Unreadable(`There is no answer, and ${meant} is meant.`);
    return plain;
  }

  // Any script's digit as ours: in all of them the ten stand side by side, from 0 on.
  function digit(character) {
    let below = character.codePointAt(0);
    while (/\p{Nd}/u.test(String.fromCodePoint(below - 1))) below -= 1;
    return String((character.codePointAt(0) - below) % 10);
  }

  // A part of an answer as a message names it.
  function quoted(text) {
    return inQuotes([...text].length <= 40 ? text : `${[...text].slice(0, 39).join("")}…`);
  }

  // A text as Python writes it.
  function inQuotes(text) {
    const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
    return mark + text.replaceAll("\\", "\\\\").replaceAll("\t", "\\t").replaceAll(mark, `\\${mark}`) + mark;
  }

  const mark = (key, said) => marks[key.kind](key, said);
  const isMarked = (key) => key.kind in marks;
  return { mark, isMarked, Unreadable };
})();
