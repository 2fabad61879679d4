// @ts-check
/* The same numbers as a table. Written only while open. */

import { h } from "../js/dom.js";
import { CLASSES, signed } from "./sentiment-words.js";

/** @import { Sentence, Weights } from "./sentiment-maths.js" */

/** @typedef {{sentence: Sentence, weights: Weights, which: number}} Scene */

/** @param {HTMLElement} root */
export function createTable(root) {
  const place = h("div", { class: "table-scroll fe-table", tabindex: 0, role: "group", "aria-label": "Every number" });
  const element = h("details", { class: "fe-details" }, h("summary", {}, "Every number, as a table"), place);
  root.append(element);
  /** @type {Scene[]} */
  let scenes = [];
  const draw = () => element.open && place.replaceChildren(...scenes.map(tableOf));
  element.addEventListener("toggle", draw);
  return {
    /** @param {Scene[]} next */
    update(next) {
      scenes = next;
      draw();
    },
    destroy() {
      element.remove();
    },
  };
}

/** @param {Scene} scene */
function tableOf({ sentence, weights, which }) {
  const head = [
    ...CLASSES.map((name) => `${name} after it`),
    "slope × word",
    "left out",
    "bag of words",
    "units heard",
  ];
  const number = (/** @type {string} */ text) => h("td", { class: "num" }, text);
  const rows = sentence.words.map((word, at) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, sentence.known[at] ? word : `${word} (unknown)`),
      sentence.after[at].map((part) => number(part.toFixed(3))),
      number(signed(weights.gradient[at], 3)),
      number(signed(weights.without[at], 3)),
      number(sentence.bag.known[at] ? signed(weights.bag[at], 3) : "–"),
      number(String(sentence.heard[at])),
    ),
  );
  return h(
    "table",
    { class: "table" },
    h("caption", {}, `Weights are for “${CLASSES[which]}”.`),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "word"),
        head.map((name) => h("th", { scope: "col", class: "num" }, name)),
      ),
    ),
    h("tbody", {}, rows),
  );
}
