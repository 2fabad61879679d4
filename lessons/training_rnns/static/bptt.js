// @ts-check
/* Backpropagation through time, step by step: the unrolled net, the formula of the moment, and the shared weights. */

import { tableOf } from "../js/chart.js";
import { h, svg } from "../js/dom.js";
import { createScrubber } from "../js/scrubber.js";
import { stylesheet } from "../js/stylesheet.js";
import * as bptt from "./bptt-numbers.js";
import { createPicture } from "./bptt-picture.js";

/** @import { Line, Phase, Result, Weight } from "./bptt-numbers.js" */

await stylesheet(new URL("training-rnns.css", import.meta.url).href);

/** What stands lower between underscores, and higher between carets. */
const FORMULAS = {
  forward: "y_t_ = φ(x_t_ · Wx + y_t−1_ · Wy + b)",
  cost: "L = ½ Σ_t_ (y_t_ − target_t_)²",
  backward: "δ_t_ = (∂L/∂y_t_ + δ_t+1_ · Wy^T^) ⊙ φ′(z_t_)",
  sum: "∂L/∂Wx = Σ_t_ x_t_^T^ · δ_t_,  ∂L/∂Wy = Σ_t_ y_t−1_^T^ · δ_t_,  ∂L/∂b = Σ_t_ δ_t_",
};

/**
 * @param {HTMLElement} root
 * @param {any} stream
 */
export function mount(root, stream) {
  const places = {
    net: h("div", {}),
    time: h("div", {}),
    lines: h("div", { class: "tr-lines" }),
    weights: h("div", { class: "tr-weights" }),
    update: h("div", { class: "tr-update" }),
    check: h("p", { class: "tr-note" }),
    twin: h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "All numbers", hidden: true }),
  };
  const toggle = h("button", { type: "button", class: "quiet small", "aria-expanded": "false" }, "Show as tables");
  const element = h(
    "div",
    { class: "tr" },
    ...[places.net, places.time, places.lines],
    h("div", { class: "tr-columns" }, places.weights, h("div", {}, places.update, places.check)),
    h("div", { class: "chart-tools" }, toggle),
    places.twin,
  );
  root.append(element);

  /** @type {Result | null} */
  let result = null;
  /** @type {Phase[]} */
  let phases = [];
  /** @type {Weight | null} the one that is pointed at */
  let pointed = null;
  let picked = stream.url.get("weight") ?? "Wy-1-1";
  /** Where the URL or the reader is; null: at the end. @type {number | null} */
  let wanted = numberOf(stream.url.get("step"));

  const picture = createPicture(places.net, { onStep: lookAt });
  const scrubber = createScrubber(places.time, {
    label: "Forward and backward",
    count: 0,
    format: (index) => bptt.phaseWords(phases[index]),
    onChange: goTo,
    fps: 1.5,
  });

  toggle.addEventListener("click", () => {
    places.twin.hidden = !places.twin.hidden;
    toggle.setAttribute("aria-expanded", String(!places.twin.hidden));
    toggle.textContent = places.twin.hidden ? "Show as tables" : "Hide the tables";
    fillTables();
  });

  const unsubscribe = stream.subscribe({ reset: show, event: show });

  function show() {
    if (!stream.result || stream.result === result) return;
    result = /** @type {Result} */ (stream.result);
    const before = phases.length;
    phases = bptt.phasesOf(result.x.length);
    if (before > 0 && before !== phases.length) lookFrom(phases.length - 1); // the step has another meaning now
    scrubber.setCount(phases.length);
    scrubber.setIndex(wanted ?? phases.length - 1);
    drawWeights();
    drawUpdate();
    drawCheck();
    draw();
    fillTables();
  }

  /** @param {number} index */
  function goTo(index) {
    lookFrom(index);
    draw();
  }

  /** @param {number} index */
  function lookFrom(index) {
    wanted = index >= phases.length - 1 ? null : index;
    stream.url.set("step", wanted);
  }

  /** A column was clicked: its step, on the way that is being gone. @param {number} t */
  function lookAt(t) {
    const { kind } = phases[scrubber.index];
    const way = kind === "forward" ? "forward" : "backward";
    const index = phases.findIndex((phase) => phase.kind === way && phase.t === t);
    scrubber.setIndex(index);
    goTo(index);
  }

  /** The weight that is lit: pointed at, or picked, or the first one where the picked one is of a larger net. */
  function weight() {
    const all = bptt.weightsOf(/** @type {Result} */ (result).weights);
    return pointed ?? all.find((one) => bptt.keyOf(one) === picked) ?? all[0];
  }

  function draw() {
    if (!result) return;
    const phase = phases[scrubber.index];
    const chosen = weight();
    picture.draw(result, phase, chosen);
    places.lines.replaceChildren(
      h("p", { class: "tr-formula" }, formula(FORMULAS[phase.kind])),
      h("ol", {}, linesOf(result, phase, chosen).map(lineOf)),
      h("p", { class: "tr-note" }, noteOf(result, phase)),
    );
    const key = bptt.keyOf(chosen);
    for (const button of places.weights.querySelectorAll("button")) {
      button.classList.toggle("lit", button.dataset.key === key);
      button.setAttribute("aria-pressed", String(button.dataset.key === picked));
    }
  }

  /**
   * @param {Result} result
   * @param {Phase} phase
   * @param {Weight} chosen
   * @returns {Line[]}
   */
  function linesOf(result, { kind, t }, chosen) {
    const { activation } = stream.params;
    if (kind === "forward") return bptt.forwardLines(result, t, activation);
    if (kind === "cost") return bptt.costLines(result);
    if (kind === "backward") return bptt.backwardLines(result, t, activation);
    const gradient = bptt.numberAt(result.gradient, chosen);
    const value = bptt.numberAt(result.weights, chosen);
    const rate = result.learning_rate;
    const parts = bptt.contributionsOf(result, chosen);
    return [
      { symbols: `∂L/∂${bptt.nameOf(chosen)}`, numbers: parts.map(bptt.inner).join(" + "), value: bptt.num(gradient) },
      {
        symbols: "a step down",
        numbers: `${bptt.num(value)} − ${rate} × ${bptt.inner(gradient)}`,
        value: bptt.num(value - rate * gradient),
      },
    ];
  }

  function drawWeights() {
    if (!result) return;
    const { weights } = result;
    places.weights.replaceChildren(
      h("p", { class: "tr-label" }, "The shared weights, and below each its gradient. Point at one, or choose it."),
      grid("Wx", "from the inputs", weights.Wx),
      grid("Wy", "from the step before", weights.Wy),
      grid("b", "bias", [weights.b]),
    );
  }

  /**
   * @param {"Wx" | "Wy" | "b"} name
   * @param {string} words
   * @param {number[][]} rows
   */
  function grid(name, words, rows) {
    const buttons = rows.flatMap((row, from) =>
      row.map((value, to) => {
        const one = { name, from, to };
        const gradient = bptt.numberAt(/** @type {Result} */ (result).gradient, one);
        const whole = `${bptt.nameOf(one)}, ${bptt.weightWords(one)}`;
        return h(
          "button",
          {
            type: "button",
            title: whole,
            dataset: { key: bptt.keyOf(one) },
            onclick: () => pick(one),
            onpointerenter: () => point(one),
            onpointerleave: () => point(null),
            onfocus: () => point(one),
            onblur: () => point(null),
          },
          h("span", { class: "visually-hidden" }, `${whole}: `),
          h("span", {}, bptt.num(value)),
          h("span", { class: "visually-hidden" }, ", gradient "),
          h("small", {}, bptt.num(gradient)),
        );
      }),
    );
    const shape = h("div", { class: "tr-grid", style: `--columns: ${rows[0].length}` }, buttons);
    return h(
      "div",
      { role: "group", "aria-label": `${name}, ${words}` },
      h("p", {}, h("b", {}, name), ` ${words}`),
      shape,
    );
  }

  /** @param {Weight | null} one */
  function point(one) {
    pointed = one;
    draw();
  }

  /** @param {Weight} one */
  function pick(one) {
    picked = bptt.keyOf(one);
    stream.url.set("weight", picked);
    draw();
  }

  function drawUpdate() {
    if (!result) return;
    const { curve, next_cost, update, learning_rate, diverged } = result;
    const asked = stream.params.updates;
    const step = h("button", { type: "button", class: "now" }, "Take one step down the gradient");
    step.addEventListener("click", () => stream.submit({ updates: update + 1 }));
    const back = h("button", { type: "button", class: "quiet" }, "Back to the start");
    back.addEventListener("click", () => stream.submit({ updates: 0 }));
    step.disabled = next_cost === null || asked >= 200;
    back.disabled = asked === 0;
    const cost = bptt.num(curve[update]);
    const words =
      next_cost === null
        ? `The next step would lead beyond all bounds: the cost is ${cost}, and with learning rate ${learning_rate} it explodes. Choose a smaller one.`
        : `One step with learning rate ${learning_rate} takes the cost from ${cost} to ${bptt.num(next_cost)}.`;
    const taken = diverged && update < asked ? `Of ${asked} gradient steps only ${update} could be taken. ` : "";
    places.update.replaceChildren(
      h(
        "p",
        { class: "tr-label" },
        update === 0 ? "Before any gradient step" : `After ${update} gradient ${update === 1 ? "step" : "steps"}`,
      ),
      h("p", { class: next_cost === null ? "tr-cost bad" : "tr-cost" }, taken, words),
      curve.length > 1 ? curveOf(curve) : "",
      h("div", { class: "tr-buttons" }, step, back),
    );
  }

  function drawCheck() {
    if (!result) return;
    const count = bptt.weightsOf(result.weights).length;
    const agree = result.worst_error < 1e-4;
    places.check.replaceChildren(
      `Checked: each of the ${count} weights was moved by ±0.00001 and the cost computed anew. `,
      agree ? "The gradients agree; the largest relative error is " : "The largest relative error is ",
      h("b", {}, bptt.num(result.worst_error)),
      `.${agree ? "" : whyNot(result)}`,
    );
  }

  function fillTables() {
    if (places.twin.hidden || !result) return;
    places.twin.replaceChildren(...tablesOf(result));
  }

  return () => {
    unsubscribe();
    scrubber.destroy();
    picture.destroy();
    element.remove();
  };
}

/** @param {string} text */
function formula(text) {
  return text.split(/(_[^_]+_|\^[^^]+\^)/).map((part) => {
    if (part.startsWith("_")) return h("sub", {}, part.slice(1, -1));
    return part.startsWith("^") ? h("sup", {}, part.slice(1, -1)) : part;
  });
}

/** Why finite differences are no good check here. @param {Result} result */
function whyNot({ corner, cost }) {
  return corner
    ? " A ReLU stands at its corner (z = 0). There it has no derivative; 0 is taken for it, and finite differences see another slope."
    : ` The cost is ${bptt.num(cost)}: what so small a move changes in it is lost where the computer rounds.`;
}

/** @param {Line} line */
function lineOf({ symbols, numbers, value }) {
  return h("li", {}, h("span", {}, symbols), h("span", {}, `${numbers} = `, h("b", {}, value)));
}

/** @param {Result} result @param {Phase} phase */
function noteOf({ x, counts, weights }, { kind, t }) {
  if (kind === "forward") return t === 0 ? "Before the first step there is no output yet: y₀ = 0." : "";
  if (kind === "cost") {
    const others = weights.b.length > 1 ? " Unit 1 is the output; the others are memory, and no target is theirs." : "";
    return counts.every(Boolean) ? others.trim() : `Only the last output is compared.${others}`;
  }
  if (kind === "sum") return "One weight, used at every step: its gradient is the sum of what each step adds.";
  if (t === x.length - 1) return "The last step: nothing comes back from a step after it.";
  return counts[t]
    ? "Two gradients meet: one from this step's cost, one from the step after."
    : "This step's output does not count. What arrives has come back through time.";
}

/**
 * The cost after each gradient step.
 * @param {number[]} curve
 */
function curveOf(curve) {
  const width = 280;
  const height = 64;
  const most = Math.max(...curve);
  const x = (/** @type {number} */ index) => 4 + (index / (curve.length - 1)) * (width - 8);
  const y = (/** @type {number} */ value) => height - 4 - (value / (most || 1)) * (height - 8);
  const points = curve.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const last = curve.length - 1;
  return svg(
    "svg",
    {
      ...{ class: "tr-curve", viewBox: `0 0 ${width} ${height}`, role: "img" },
      "aria-label": `The cost fell from ${bptt.num(curve[0])} to ${bptt.num(curve[last])}`.replace(
        "fell",
        curve[last] <= curve[0] ? "fell" : "rose",
      ),
    },
    svg("path", { class: "zero", d: `M4 ${height - 4}H${width - 4}` }),
    svg("polyline", { points }),
    svg("circle", { cx: x(last), cy: y(curve[last]), r: 4 }),
  );
}

/** @param {Result} result */
function tablesOf(result) {
  const { x, y, z, slope, direct, future, delta, target, counts, costs, curve } = result;
  const exact = (/** @type {number} */ value) => bptt.num(value);
  const numbers = x.flatMap((_, t) =>
    y[t].map((output, j) => ({
      t: t + 1,
      unit: j + 1,
      x: x[t].map(exact).join(" "),
      z: exact(z[t][j]),
      y: exact(output),
      target: j === 0 && counts[t] ? exact(target[t]) : "–",
      cost: j === 0 && counts[t] ? exact(costs[t]) : "–",
      direct: exact(direct[t][j]),
      future: exact(future[t][j]),
      slope: exact(slope[t][j]),
      delta: exact(delta[t][j]),
    })),
  );
  const weights = bptt.weightsOf(result.weights).map((weight) => ({
    weight: bptt.nameOf(weight),
    value: exact(bptt.numberAt(result.weights, weight)),
    analytic: bptt.numberAt(result.gradient, weight).toPrecision(9).replace("-", "−"),
    numerical: bptt.numberAt(result.numerical, weight).toPrecision(9).replace("-", "−"),
    error: exact(bptt.numberAt(result.error, weight)),
  }));
  const column = (/** @type {string} */ key, label = key) => ({ key, label, numeric: true });
  return [
    tableOf({
      caption: "Each unit at each time step",
      columns: [
        ...[column("t"), column("unit", "Unit"), column("x", "xₜ"), column("z", "zₜ"), column("y", "yₜ")],
        ...[column("target", "Target"), column("cost", "Cost"), column("direct", "∂L/∂yₜ from the cost")],
        ...[column("future", "from the step after"), column("slope", "φ′(zₜ)"), column("delta", "δₜ")],
      ],
      rows: numbers,
    }),
    tableOf({
      caption: "The gradients, and the same by finite differences",
      columns: [
        { key: "weight", label: "Weight" },
        ...[column("value", "Value"), column("analytic", "Backpropagation"), column("numerical", "Finite differences")],
        column("error", "Relative error"),
      ],
      rows: weights,
    }),
    tableOf({
      caption: "The cost after each gradient step",
      columns: [column("step", "Gradient steps"), column("cost", "Cost")],
      rows: curve.map((cost, step) => ({ step, cost: exact(cost) })),
    }),
  ];
}

/** @param {string | null} text */
function numberOf(text) {
  const number = Number(text);
  return text === null || !Number.isInteger(number) ? null : number;
}
