// @ts-check
/* The same numbers as tables: all neurons at this step with every product, and all steps. Written only while open. */

import { h } from "../js/dom.js";
import { nameOf, productsOf, show } from "./unroll-maths.js";
import { shown, sub } from "./unroll-page.js";

/** @import { Net, Trace } from "./unroll-maths.js" */

/**
 * @typedef {object} Scene
 * @property {Net} net
 * @property {Trace} trace
 * @property {(number | string)[]} symbols
 * @property {number[] | null} wanted
 * @property {boolean} apart
 * @property {number} step
 */

/** @param {HTMLElement} root */
export function createTables(root) {
  const products = folded("All products of this step, for every neuron", productTable);
  const steps = folded("All steps as a table", stepTable);
  root.append(products.element, steps.element);
  return {
    /** @param {Scene} scene */
    update(scene) {
      products.update(scene);
      steps.update(scene);
    },
    destroy() {
      products.element.remove();
      steps.element.remove();
    },
  };
}

/** @param {string} title @param {(scene: Scene) => HTMLElement} table */
function folded(title, table) {
  const place = h("div", { class: "un-table", tabindex: 0, role: "group", "aria-label": title });
  const element = h("details", { class: "un-details" }, h("summary", {}, title), place);
  /** @type {Scene | null} */
  let scene = null;
  const draw = () => element.open && scene && place.replaceChildren(table(scene));
  element.addEventListener("toggle", draw);
  return {
    element,
    /** @param {Scene} now */
    update(now) {
      scene = now;
      draw();
    },
  };
}

/** @param {Scene} scene */
function productTable({ net, trace, symbols, apart, step }) {
  const state = apart ? "h" : "y";
  const units = Array.from({ length: trace.units }, (_, j) => j);
  const columns = units.map((j) => productsOf(net, trace, step, j));
  const rows = columns[0].map(({ weight }, at) => {
    const { kind, place } = weight;
    const from =
      kind === "b" ? "b" : kind === "Wy" ? `${state}${sub(place[0])}(${step})` : `x = ${shown(symbols[step])}`;
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, from),
      columns.map((terms) => {
        const { value, by, product } = terms[at];
        const text = kind === "b" ? show(product) : `${show(value)} × ${show(by)} = ${show(product)}`;
        return h("td", { dataset: { product: nameOf(terms[at].weight) } }, text);
      }),
    );
  });
  /** @param {string} name @param {Float64Array} values */
  const sums = (name, values) =>
    h(
      "tr",
      { class: "un-first" },
      h("th", { scope: "row" }, name),
      units.map((j) => h("td", {}, show(values[step * trace.units + j], 3))),
    );
  return h(
    "table",
    { class: "un-plain" },
    h("caption", {}, `Step ${step + 1}`),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("td", {}),
        units.map((j) => h("th", { scope: "col" }, `${state}${sub(j)}`)),
      ),
    ),
    h("tbody", {}, rows, sums("sum z", trace.z), sums("φ(z)", trace.y)),
  );
}

/** @param {Scene} scene */
function stepTable({ trace, symbols, wanted, apart }) {
  const state = apart ? "h" : "y";
  const units = Array.from({ length: trace.units }, (_, j) => j);
  const head = ["t", "x", ...units.map((j) => `${state}${sub(j)}`)];
  if (apart) head.push("output y");
  if (wanted) head.push("wanted");
  const rows = symbols.map((symbol, t) => {
    const cells = [shown(symbol), ...units.map((j) => show(trace.y[t * trace.units + j], 3))];
    if (apart) cells.push(show(trace.said[t], 3));
    if (wanted) cells.push(show(wanted[t], 3));
    return h(
      "tr",
      {},
      h("th", { scope: "row" }, t + 1),
      cells.map((cell) => h("td", {}, cell)),
    );
  });
  return h(
    "table",
    { class: "un-plain" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head.map((name) => h("th", { scope: "col" }, name)),
      ),
    ),
    h("tbody", {}, rows),
  );
}
