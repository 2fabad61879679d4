// @ts-check
/* Parts of the view of the training on tweets that know nothing of its state. */

import { h } from "../js/dom.js";
import { BASELINE } from "./train-sentiment-figures.js";
import { percent, points, shareOf, wayOf } from "./train-sentiment-rows.js";

/** @import { Frame, Tweet } from "./train-sentiment-rows.js" */

const SIGNS = ["−", "○", "+"];
const ARROWS = /** @type {Record<string, [number, number]>} */ ({
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
});

/**
 * The confusion matrix: each cell is a button that opens its tweets; the arrow keys lead from one to the next.
 * @param {HTMLElement} root
 * @param {(truth: number, said: number) => void} onPick
 */
export function createMatrix(root, onPick) {
  const place = h("div", { class: "ts-matrix" });
  root.append(place);
  /** @type {HTMLButtonElement[][]} */
  let cells = [];

  /** @param {string[]} labels */
  function build(labels) {
    const cell = (/** @type {number} */ truth, /** @type {number} */ said) =>
      h("button", {
        type: "button",
        class: truth === said ? "ts-cell right" : "ts-cell",
        dataset: { cell: `${truth}-${said}` },
        onclick: () => onPick(truth, said),
        onkeydown: (/** @type {KeyboardEvent} */ event) => move(event, truth, said),
      });
    cells = labels.map((_, truth) => labels.map((_, said) => cell(truth, said)));
    const column = (/** @type {any} */ props, /** @type {string} */ words) =>
      h("th", { scope: "col", ...props }, words);
    place.replaceChildren(
      h(
        "table",
        {},
        h("caption", {}, "Choose a cell to read its tweets"),
        h(
          "thead",
          {},
          h("tr", {}, h("td", {}), column({ colspan: labels.length, scope: "colgroup" }, "Said")),
          h(
            "tr",
            {},
            column({}, "Label"),
            labels.map((label) => column({}, label)),
          ),
        ),
        h(
          "tbody",
          {},
          labels.map((label, truth) =>
            h(
              "tr",
              {},
              h("th", { scope: "row" }, label),
              cells[truth].map((button) => h("td", {}, button)),
            ),
          ),
        ),
      ),
    );
  }

  /**
   * @param {KeyboardEvent} event
   * @param {number} truth
   * @param {number} said
   */
  function move(event, truth, said) {
    const way = ARROWS[event.key];
    const next = way && cells[truth + way[0]]?.[said + way[1]];
    if (!way) return;
    event.preventDefault();
    next?.focus();
    next?.click();
  }

  return {
    /**
     * @param {string[]} labels
     * @param {number[][]} counts
     * @param {[number, number]} picked
     */
    show(labels, counts, picked) {
      if (cells.length === 0) build(labels);
      for (const [truth, row] of cells.entries()) {
        for (const [said, button] of row.entries()) {
          const chosen = truth === picked[0] && said === picked[1];
          const share = shareOf(counts, truth, said);
          const hidden = (/** @type {string} */ words) => h("span", { class: "visually-hidden" }, words);
          button.replaceChildren(
            hidden(`Labelled ${labels[truth]}, said ${labels[said]}: `),
            h("b", {}, String(counts[truth][said])),
            hidden(" tweets, "),
            h("span", {}, percent(share)),
            hidden(` of the ${labels[truth]} ones`),
          );
          button.dataset.shade = String(Math.min(4, Math.floor(5 * share)));
          button.ariaPressed = String(chosen);
          button.tabIndex = chosen ? 0 : -1;
        }
      }
    },
  };
}

/**
 * One tweet: its words, how likely each class is, and what was said of it at each look.
 * @param {Tweet} tweet
 * @param {string[]} labels
 * @param {{frames: Frame[], at: number} | null} training
 */
export function tweetItem({ index, text, agreed, probabilities }, labels, training) {
  const bar = h("div", { class: "ts-bar", "aria-hidden": "true" });
  for (const [at, share] of probabilities.entries()) {
    const part = h("i", { class: `ts-class-${at}` });
    part.style.width = `${100 * share}%`;
    bar.append(part);
  }
  const words = labels.map((label, at) =>
    h("span", { class: `ts-class-${at}` }, `${percent(probabilities[at])} ${label}`),
  );
  const judges = h("span", { class: "ts-judges" }, `${agreed}\u00a0% of its judges gave the label`);
  return h(
    "li",
    { dataset: { tweet: index } },
    h("p", {}, text),
    bar,
    h("div", { class: "ts-shares" }, words),
    h("div", { class: "ts-shares" }, judges, wayItem()),
  );

  function wayItem() {
    if (!training || training.frames.length < 2) return false;
    const way = wayOf(training.frames, index);
    const marks = way.map((said, at) =>
      h("i", { class: `ts-class-${said}${at === training.at ? " now" : ""}`, title: epochOf(at) }, SIGNS[said]),
    );
    const name = `What it said at each look: ${way.map((said) => labels[said]).join(", ")}`;
    return h("span", { class: "ts-way", role: "img", "aria-label": name }, marks);
  }

  /** @param {number} at */
  function epochOf(at) {
    return `epoch ${training?.frames[at].epoch.toFixed(2)}`;
  }
}

/**
 * The scores of both, beside each other.
 * @param {string[]} labels
 * @param {any} result
 */
export function scoresTable(labels, result) {
  const rows = /** @type {[string, any][]} */ ([
    ["The network", { ...result, loss: result.validation }],
    [BASELINE, result.baseline],
  ]);
  const columns = /** @type {[string, (facts: any) => number | null, boolean][]} */ ([
    ["Macro-F1", (facts) => facts.f1, true],
    ["Accuracy", (facts) => facts.accuracy, true],
    ["Loss", (facts) => facts.loss, false],
    ...labels.map((label, at) => [`Found of ${label}`, (/** @type {any} */ facts) => facts.recall[at], true]),
  ]);
  const cell = (/** @type {any} */ facts, /** @type {(typeof columns)[number]} */ [, value, more]) => {
    const all = rows.map(([, other]) => value(other) ?? Number.NaN);
    const best = value(facts) === (more ? Math.max(...all) : Math.min(...all)) && all[0] !== all[1];
    const text = value(facts) === null ? "–" : points(Number(value(facts)));
    return h("td", { class: "num" }, best ? h("b", {}, text) : text);
  };
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Scores on the validation part" },
    h(
      "table",
      { class: "table" },
      h("caption", {}, "Tweets new to both; the better is bold"),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("td", {}),
          columns.map(([name]) => h("th", { scope: "col", class: "num" }, name)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map(([name, facts]) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, name),
            columns.map((column) => cell(facts, column)),
          ),
        ),
      ),
    ),
  );
}
