// @ts-check
/* How the text becomes numbers: the rows of the lookup table as strips of colour, and windows with their targets. */

import { h } from "../js/dom.js";
import { named, sign, strength, windowAt } from "./train-characters-numbers.js";

/** @import { Data, Frame } from "./train-characters-numbers.js" */

/**
 * Text → numbers → vectors. A column a character; what is pointed at is told in a sentence.
 * @param {HTMLElement} root
 * @param {{onSymbol: (symbol: string | null) => void}} options
 */
export function createVectors(root, { onSymbol }) {
  const words = h("p", { class: "tc-said", "aria-live": "polite" });
  const box = h("div", { class: "tc-vectors table-scroll" });
  const element = h("div", { class: "tc-numbers" }, box, words);
  root.append(element);
  box.addEventListener("pointerleave", () => onSymbol(null));
  box.addEventListener("focusout", () => onSymbol(null));

  /** @type {{data: Data, frame: Frame, first: Frame} | null} */
  let shown = null;
  /** @type {HTMLElement[][]} */
  let cells = [];
  /** @type {HTMLElement[]} */
  let alike = [];
  let built = "";

  /** @param {Data} data */
  function build({ example, symbols }) {
    const all = [...example];
    const ids = [...symbols];
    const heads = all.map((symbol, at) => {
      const button = h("button", { type: "button", "aria-label": `${named(symbol)}, place ${at + 1}` }, sign(symbol));
      button.addEventListener("pointerenter", () => point(at));
      button.addEventListener("focus", () => point(at));
      return h("th", { scope: "col", dataset: { symbol } }, button);
    });
    cells = all.map(() => Array.from({ length: shown?.data.vector ?? 0 }, () => h("i", {})));
    alike = all.map(() => h("span", {}));
    box.replaceChildren(
      h(
        "table",
        {},
        h("caption", { class: "visually-hidden" }, "Characters, their numbers, and their rows of the lookup table"),
        h("thead", {}, h("tr", {}, h("th", { scope: "row" }, "text"), heads)),
        h(
          "tbody",
          {},
          h(
            "tr",
            { class: "tc-ids" },
            h("th", { scope: "row" }, "number"),
            all.map((symbol) => h("td", { dataset: { symbol } }, ids.indexOf(symbol))),
          ),
          h(
            "tr",
            {},
            h("th", { scope: "row" }, "vector"),
            all.map((symbol, at) =>
              h(
                "td",
                { dataset: { symbol } },
                h("div", { class: "tc-strip", role: "img", "aria-label": `Row ${ids.indexOf(symbol)}` }, cells[at]),
              ),
            ),
          ),
          h(
            "tr",
            { class: "tc-alike" },
            h("th", { scope: "row" }, "moved like"),
            all.map((symbol, at) => h("td", { dataset: { symbol } }, alike[at])),
          ),
        ),
      ),
    );
  }

  /** @param {number} at */
  function point(at) {
    if (!shown) return;
    const symbol = [...shown.data.example][at];
    onSymbol(symbol);
    const row = shown.frame.vectors[at];
    const first = shown.first.vectors[at];
    const moved = Math.hypot(...row.map((value, index) => value - first[index]));
    const like = [...shown.frame.alike[at]].map(named).join(", ");
    words.textContent =
      `${named(symbol)} is number ${[...shown.data.symbols].indexOf(symbol)}; row ${[...shown.data.symbols].indexOf(symbol)} ` +
      `of the table begins ${row
        .slice(0, 4)
        .map((value) => value.toFixed(2).replace("-", "−"))
        .join(", ")} …` +
      (moved > 0 ? ` Since the start it has moved by ${moved.toFixed(1)}` : "") +
      (moved > 0 && like ? `, most nearly in the direction of ${like}.` : moved > 0 ? "." : "");
  }

  return {
    /**
     * @param {Data} data
     * @param {Frame} frame
     * @param {Frame} first before any update
     */
    show(data, frame, first) {
      shown = { data, frame, first };
      const key = JSON.stringify([data.example, data.symbols, data.vector]);
      if (key !== built) {
        build(data);
        words.textContent =
          `The ${[...data.symbols].length} characters of the text are numbered from 0. Each number has a row of ` +
          `${data.vector} weights (blue below zero, orange above), drawn at random and then learned like all others. ` +
          "Below each: the frequent characters whose rows the training has moved most nearly in the same direction.";
      }
      built = key;
      const largest = Math.max(...frame.vectors.flat().map(Math.abs));
      for (const [at, strip] of cells.entries()) {
        for (const [index, cell] of strip.entries()) {
          const level = strength(frame.vectors[at][index], largest);
          cell.className = level < 0 ? "neg" : "";
          cell.style.setProperty("--level", `${Math.round(100 * Math.abs(level))}%`);
        }
        alike[at].replaceChildren(...[...(frame.alike[at] ?? "")].map((symbol) => h("b", {}, sign(symbol))));
      }
    },
    light: (/** @type {string | null} */ symbol) => light(box, symbol),
    destroy: () => element.remove(),
  };
}

/**
 * A window above its target, place by place.
 * @param {HTMLElement} root
 * @param {{onSymbol: (symbol: string | null) => void}} options
 */
export function createWindow(root, { onSymbol }) {
  const pairs = h("div", {
    class: "tc-window",
    role: "group",
    tabindex: "0",
    "aria-label": "A window and its target. The arrow keys go from place to place.",
  });
  const words = h("p", { class: "tc-said", "aria-live": "polite" });
  const element = h("div", {}, pairs, words);
  root.append(element);

  /** @type {{input: string[], target: string[]}} */
  let now = { input: [], target: [] };
  /** @type {number | null} */
  let at = null;

  pairs.addEventListener("pointerover", ({ target }) => {
    const pair = /** @type {HTMLElement} */ (target).closest("[data-place]");
    if (pair instanceof HTMLElement) point(Number(pair.dataset.place));
  });
  pairs.addEventListener("pointerleave", () => point(null));
  pairs.addEventListener("focus", () => point(at ?? 0));
  pairs.addEventListener("blur", () => point(null));
  pairs.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -1e6, End: 1e6 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    point(Math.max(0, Math.min(now.input.length - 1, (at ?? 0) + step)));
  });

  /** @param {number | null} place */
  function point(place) {
    at = place;
    for (const pair of pairs.querySelectorAll("[data-place]")) {
      const own = Number(/** @type {HTMLElement} */ (pair).dataset.place);
      pair.classList.toggle("lit", own === place);
      pair.classList.toggle("read", place !== null && own < place);
      pair.classList.toggle("next", place !== null && own === place + 1);
    }
    onSymbol(place === null ? null : now.input[place]);
    say();
  }

  function say() {
    const place = at ?? 0;
    if (now.input.length === 0) return;
    const read = now.input
      .slice(Math.max(0, place - 15), place + 1)
      .map(sign)
      .join("");
    words.textContent =
      at === null
        ? "Above the input, below the target: the same characters, one place later. The next window goes on where this one ends."
        : `Having read “${place > 15 ? "…" : ""}${read}”, the network should say ${named(now.target[place])}, which is its next input.`;
  }

  return {
    /**
     * @param {string} text
     * @param {number} index
     * @param {number} length
     */
    show(text, index, length) {
      now = windowAt(text, index, length);
      pairs.replaceChildren(
        ...now.input.map((symbol, place) =>
          h(
            "span",
            { class: "tc-pair", dataset: { place, symbol } },
            h("b", {}, sign(symbol)),
            h("i", {}, sign(now.target[place])),
          ),
        ),
      );
      at = null;
      say();
    },
    light: (/** @type {string | null} */ symbol) => light(pairs, symbol),
    destroy: () => element.remove(),
  };
}

/**
 * Marks a character wherever it stands.
 * @param {HTMLElement} place
 * @param {string | null} symbol
 */
function light(place, symbol) {
  for (const cell of place.querySelectorAll("[data-symbol]")) {
    cell.classList.toggle("same", /** @type {HTMLElement} */ (cell).dataset.symbol === symbol);
  }
}
