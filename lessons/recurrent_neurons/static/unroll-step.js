// @ts-check
/* One step of one neuron written out: each product, the sum, φ of it; and what the output makes of the state. */

import { h, svg } from "../js/dom.js";
import { ACTIVATIONS, nameOf, outputProductsOf, productsOf, show } from "./unroll-maths.js";
import { set, shown, sub, wordsOf, write } from "./unroll-page.js";

/** @import { Activation, Net, Trace, Weight } from "./unroll-maths.js" */

/**
 * @typedef {object} Step
 * @property {Net} net
 * @property {Trace} trace
 * @property {(number | string)[]} symbols
 * @property {Activation} activation
 * @property {Activation} answers
 * @property {boolean} apart
 * @property {number} step
 * @property {number} unit
 * @property {string} weight
 * @property {{reads: string, letters: string, apart: boolean}} names
 */

const WORDS = { tanh: "tanh", relu: "relu", sigmoid: "σ", linear: "" };

/**
 * @param {HTMLElement} root
 * @param {{onChoose: (name: string) => void}} options
 */
export function createStep(root, { onChoose }) {
  const formula = h("p", { class: "un-formula" });
  const state = sumTable(onChoose);
  const curve = phi();
  const out = sumTable(onChoose);
  const readout = h("div", { class: "un-readout" }, h("p", { class: "un-formula" }), out.element);
  const element = h(
    "div",
    { class: "un-step" },
    formula,
    h("div", { class: "un-sum" }, state.element, curve.element),
    readout,
  );
  root.append(element);

  return {
    /** @param {Step} now */
    update(now) {
      const { net, trace, activation, answers, apart, step, unit, weight, symbols, names } = now;
      const name = apart ? "h" : "y";
      const t = step + 1;
      const squash = (/** @type {string} */ inner, /** @type {Activation} */ how) =>
        how === "linear" ? inner : `${WORDS[how]}( ${inner} )`;
      const one = trace.x[step].length > 1 ? `“${shown(symbols[step])}”` : "";
      write(formula, `${name}${sub(unit)}(${t}) = ${squash(`x(${t})·Wx + ${name}(${t - 1})·Wy + b`, activation)}`);
      const words = (/** @type {Weight} */ { kind, place }) => {
        if (kind === "Wx") return one ? `x(${t}) = ${one}` : `x(${t})`;
        if (kind === "Wy") return `${name}${sub(place[0])}(${t - 1})`;
        return kind === "V" ? `h${sub(place[0])}(${t})` : "bias";
      };
      const whole = (/** @type {Weight} */ which) => wordsOf(which, names);
      const at = step * trace.units + unit;
      const end = (/** @type {number} */ z, /** @type {Activation} */ how, /** @type {number} */ y) =>
        how === "linear" ? "" : `${WORDS[how]}(${show(z)}) = ${show(y)}`;
      state.update(productsOf(net, trace, step, unit), words, whole, weight, trace.z[at], {
        sum: activation === "linear" ? `${name}${sub(unit)}(${t})` : "sum z",
        end: end(trace.z[at], activation, trace.y[at]),
      });
      curve.update(activation, trace.z[at], trace.y[at]);
      readout.hidden = !apart;
      if (!apart) return;
      const terms = outputProductsOf(net, trace, step);
      const sum = terms.reduce((all, { product }) => all + product, 0);
      write(/** @type {Element} */ (readout.firstElementChild), `y(${t}) = ${squash(`h(${t})·V + c`, answers)}`);
      out.update(terms, words, whole, weight, sum, {
        sum: answers === "linear" ? `y(${t})` : "sum",
        end: end(sum, answers, trace.said[step]),
      });
    },
    destroy() {
      element.remove();
    },
  };
}

/** @param {(name: string) => void} onChoose */
function sumTable(onChoose) {
  const body = h("tbody");
  const sumName = h("th", { scope: "row", colspan: 3 });
  const sum = h("td", { class: "un-number" });
  const bar = svg("svg", {
    class: "un-bar",
    viewBox: "-50 0 100 10",
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  const sumBar = svg("rect", { y: 1, height: 8 });
  bar.append(svg("path", { d: "M0 0V10", class: "un-zero" }), sumBar);
  const end = h("td", { colspan: 5, class: "un-end" });
  const head = ["value", "weight", "product"].map((text) => h("th", { scope: "col" }, text));
  const element = h(
    "table",
    { class: "un-products" },
    h("thead", {}, h("tr", {}, h("td"), head, h("td"))),
    body,
    h("tfoot", {}, h("tr", {}, sumName, sum, h("td", {}, bar)), h("tr", {}, end)),
  );
  /** @type {ReturnType<typeof line>[]} */
  let lines = [];

  function line() {
    const [name, value, by, product] = [h("th", { scope: "row" }), h("td"), h("button", { type: "button" }), h("td")];
    for (const cell of [value, product]) cell.className = "un-number";
    const rect = svg("rect", { y: 1, height: 8 });
    const drawing = svg(
      "svg",
      { class: "un-bar", viewBox: "-50 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
      svg("path", { d: "M0 0V10", class: "un-zero" }),
      rect,
    );
    const row = h("tr", {}, name, value, h("td", { class: "un-number" }, by), product, h("td", {}, drawing));
    by.className = "un-by";
    let weight = "";
    by.addEventListener("click", () => onChoose(weight));
    return {
      row,
      /**
       * @param {{weight: Weight, value: number, by: number, product: number}} term
       * @param {string} text what the weight works on
       * @param {string} whole the weight in words, for who cannot see where it stands
       * @param {string} chosen
       * @param {number} most
       */
      update(term, text, whole, chosen, most) {
        weight = nameOf(term.weight);
        const bias = term.weight.kind === "b" || term.weight.kind === "c";
        write(name, text);
        write(value, bias ? "" : show(term.value));
        write(by, bias ? show(term.by) : `× ${show(term.by)}`);
        set(by, "aria-label", `${whole}: ${show(term.by)}. Choose this weight.`);
        write(product, show(term.product));
        set(row, "class", weight === chosen ? "un-lit-row" : "");
        place(rect, term.product / most);
      },
    };
  }

  return {
    element,
    /**
     * @param {{weight: Weight, value: number, by: number, product: number}[]} terms
     * @param {(weight: Weight) => string} words
     * @param {(weight: Weight) => string} whole
     * @param {string} chosen
     * @param {number} total
     * @param {{sum: string, end: string}} names
     */
    update(terms, words, whole, chosen, total, names) {
      if (terms.length !== lines.length) {
        lines = terms.map(line);
        body.replaceChildren(...lines.map(({ row }) => row));
      }
      const most = terms.reduce((max, { product }) => Math.max(max, Math.abs(product)), Math.max(1, Math.abs(total)));
      terms.forEach((term, at) => {
        lines[at].update(term, words(term.weight), whole(term.weight), chosen, most);
      });
      write(sumName, names.sum);
      write(sum, show(total));
      place(sumBar, total / most);
      write(end, names.end);
      end.hidden = names.end === "";
    },
  };
}

/** @param {SVGElement} rect @param {number} part −1 to 1 */
function place(rect, part) {
  const width = Math.abs(part) * 49;
  set(rect, "x", (part < 0 ? -width : 0).toFixed(2));
  set(rect, "width", width.toFixed(2));
  set(rect, "class", part < 0 ? "un-minus" : "un-plus");
}

/** The curve of φ with the sum and its value on it. */
function phi() {
  const path = svg("path", { class: "un-curve" });
  const dot = svg("circle", { class: "un-dot", r: 4 });
  const drop = svg("path", { class: "un-drop" });
  const label = h("figcaption", {});
  const drawing = svg(
    "svg",
    { viewBox: "-62 -42 124 84", "aria-hidden": "true" },
    svg("path", { class: "un-zero", d: "M-60 0H60M0 -40V40" }),
    path,
    drop,
    dot,
  );
  const element = h("figure", { class: "un-phi" }, drawing, label);
  let drawn = "";
  return {
    element,
    /** @param {Activation} activation @param {number} z @param {number} y */
    update(activation, z, y) {
      const reach = Math.max(3, Math.min(Math.abs(z) * 1.15, 1e300));
      const bounded = activation === "tanh" || activation === "sigmoid";
      const top = bounded ? 1.15 : reach;
      const f = ACTIVATIONS[activation];
      const key = `${activation} ${reach.toPrecision(3)}`;
      const [sx, sy] = [60 / reach, 38 / top];
      if (key !== drawn) {
        drawn = key;
        const points = Array.from({ length: 61 }, (_, at) => ((at - 30) / 30) * reach);
        set(
          path,
          "d",
          points.map((v, at) => `${at ? "L" : "M"}${(v * sx).toFixed(1)} ${(-f(v) * sy).toFixed(1)}`).join(""),
        );
        write(label, activation === "linear" ? "no φ: the sum itself" : `φ = ${activation}`);
      }
      const [x, down] = [(z * sx).toFixed(1), (-y * sy).toFixed(1)];
      set(dot, "cx", x);
      set(dot, "cy", down);
      set(drop, "d", `M${x} 0V${down}H0`);
    },
  };
}
