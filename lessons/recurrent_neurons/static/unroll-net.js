// @ts-check
/*
 * The unrolled net: a column for each step with its input, its neurons and its output, the same weights between all of
 * them, and below it the curve of one neuron. Built once for a size; then only what is different is written.
 */

import { h, svg } from "../js/dom.js";
import { largest, show, weightNamed } from "./unroll-maths.js";
import { set, shown, sub, write } from "./unroll-page.js";
import {
  CURVE,
  lineOf,
  loopOf,
  middle,
  pathsOf,
  reach,
  rolledAt,
  STRENGTHS,
  scaleOf,
  shapeOf,
  strongestOf,
  widthOf,
} from "./unroll-shape.js";

/** @import { Net, Trace } from "./unroll-maths.js" */
/** @import { Shape } from "./unroll-shape.js" */

/**
 * @typedef {object} Scene
 * @property {Net} net
 * @property {Trace} trace
 * @property {Trace | null} before what it was with the weights as given, where some are changed
 * @property {(number | string)[]} symbols
 * @property {number[] | null} wanted
 * @property {boolean} apart
 * @property {number} step
 * @property {number} unit
 * @property {string} weight the chosen one's name
 * @property {boolean} rolled one column that stands for all, with its loop
 */

const LEVELS = 7;

/**
 * @param {HTMLElement} root
 * @param {{onPick: (step: number, unit: number | null) => void}} options
 */
export function createNet(root, { onPick }) {
  const gutter = svg("svg", { class: "un-gutter", "aria-hidden": "true" });
  const drawing = svg("svg", { class: "un-drawing" });
  const scroller = h(
    "div",
    {
      class: "un-scroller",
      tabindex: 0,
      role: "group",
      "aria-label": "The unrolled net. Left and right choose the step, up and down the neuron.",
    },
    drawing,
  );
  const element = h("div", { class: "un-net" }, gutter, scroller);
  root.append(element);

  /** @type {Shape | null} */
  let shape = null;
  let built = "";
  /** @type {Column[]} */
  let columns = [];
  /** @type {Record<string, SVGElement>} */
  let marks = {};
  /** @type {Scene | null} */
  let scene = null;
  let centred = -1;
  let wide = 0; // asked for only where it may be another one: the answer takes a layout
  let labelled = "";

  scroller.addEventListener("keydown", (event) => {
    if (!scene) return;
    const { step, unit } = scene;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onPick(step + way[0], unit + way[1]);
  });
  drawing.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const column = /** @type {SVGElement | null} */ (target.closest("[data-step]"));
    if (!column) return;
    const neuron = /** @type {SVGElement | null} */ (target.closest("[data-unit]"));
    onPick(Number(column.dataset.step), neuron ? Number(neuron.dataset.unit) : null);
  });

  /** @param {Shape} made */
  function build(made) {
    shape = made;
    columns = Array.from({ length: made.steps }, (_, t) => new Column(made, t));
    const width = widthOf(made);
    marks = {
      zero: svg("path", { class: "un-zero", d: `M0 ${made.top + CURVE / 2}H${width}` }),
      before: svg("path", { class: "un-curve un-before" }),
      said: svg("path", { class: "un-curve un-said" }),
      curve: svg("path", { class: "un-curve" }),
      dot: svg("circle", { class: "un-dot", r: 5 }),
      loop: svg(
        "g",
        { class: "un-loop", transform: `translate(${rolledAt(made)} 0)` },
        svg("path", { d: loopOf(made) }),
        svg("path", { class: "un-arrow", d: arrowAt(made) }),
      ),
    };
    const start = made.state.map((y) =>
      svg("circle", { class: "un-start", cx: middle(made, -1), cy: y, r: made.radius * 0.55 }),
    );
    drawing.setAttribute("viewBox", `0 0 ${width} ${made.height}`);
    drawing.setAttribute("width", String(width));
    drawing.setAttribute("height", String(made.height));
    drawing.classList.toggle("un-many", made.units > 8);
    drawing.replaceChildren(...start, ...columns.map(({ element }) => element), ...Object.values(marks));
    centred = -1;
  }

  /** @param {Shape} made @param {Scene} now @param {number} most */
  function labels(made, { apart, unit }, most) {
    const state = apart ? "h" : "y";
    const digits = most < 1 ? 2 : most < 10 ? 1 : 0;
    const [high, low] = [show(most, digits), show(-most, digits)];
    const words = [built, unit, high].join();
    if (words === labelled) return;
    labelled = words;
    const line = (/** @type {number} */ y, /** @type {string} */ text, /** @type {string} */ more = "") =>
      svg("text", { x: 58, y: y + 4, class: `un-label ${more}` }, text);
    const names = made.state.map((y, j) => line(y, `${state}${sub(j)}`, j === unit ? "un-chosen" : ""));
    gutter.setAttribute("viewBox", `0 0 64 ${made.height}`);
    gutter.setAttribute("height", String(made.height));
    gutter.replaceChildren(
      ...(apart ? [line(made.out, "output y")] : []),
      ...names,
      line(made.input, "input x"),
      line(made.time, "step t"),
      line(made.top + 4, high, "un-fine"),
      line(made.top + CURVE / 2, `${state}${sub(unit)}(t)`, "un-chosen"),
      line(made.top + CURVE - 4, low, "un-fine"),
    );
  }

  /** @param {Scene} now */
  function update(now) {
    scene = now;
    const { trace, apart, rolled } = now;
    if (wide === 0) wide = scroller.clientWidth || 640;
    const key = [trace.steps, trace.units, apart, wide].join();
    if (key !== built) {
      build(shapeOf({ steps: trace.steps, units: trace.units, apart, width: wide }));
      built = key;
    }
    if (!shape) return;
    const most = Math.max(1, largest(trace.y));
    const all = [largest(trace.y), apart ? largest(trace.said) : 0, now.before ? largest(now.before.y) : 0];
    const curveMost = reach(Math.max(...all));
    labels(shape, now, curveMost);
    drawing.classList.toggle("un-rolled", rolled);
    drawColumns(shape, now, most);
    drawCurve(shape, now, scaleOf(curveMost));
    if (rolled) {
      scroller.scrollLeft = 0;
      centred = -1;
    } else follow(shape, now.step);
  }

  /** @param {Shape} made @param {Scene} now @param {number} most */
  function drawColumns(made, now, most) {
    const { net, trace, weight } = now;
    const strongest = strongestOf(net);
    const recurrent = pathsOf(linesOf(made, "Wy", net.Wy), strongest.Wy);
    const output = made.apart ? pathsOf(linesOf(made, "V", net.V), strongest.V) : new Map();
    /** @type {Map<string, Map<number, string>>} the same for the same input */
    const inputs = new Map();
    const { kind, place } = weightNamed(weight);
    for (const column of columns) {
      const x = trace.x[column.t];
      const row = x.length === 1 ? 0 : x.indexOf(1);
      const wakes = x[row] !== 0;
      const known = `${row}`;
      if (!inputs.has(known)) inputs.set(known, pathsOf(linesOf(made, "Wx", [net.Wx[row]]), strongest.Wx));
      column.lines("Wx", /** @type {Map<number, string>} */ (inputs.get(known)), wakes);
      column.lines("Wy", recurrent, true);
      column.lines("V", output, true);
      const lit = kind === "Wy" || (kind === "Wx" && place[0] === row) || (kind === "V" && made.apart);
      column.light(lit ? lineOf(made, kind, place[0], place[1] ?? 0) : "");
      column.values(now, most);
    }
  }

  /** @param {Shape} made @param {Scene} now @param {(value: number) => number} scale */
  function drawCurve(made, { trace, before, apart, step, unit }, scale) {
    const centre = made.top + CURVE / 2;
    const y = (/** @type {number} */ value) => centre - scale(value) * (CURVE / 2 - 5);
    const path = (/** @type {(t: number) => number} */ value) =>
      columns.map(({ t }) => `${t === 0 ? "M" : "L"}${middle(made, t)} ${round(y(value(t)))}`).join("");
    const of = (/** @type {Trace} */ one) => (/** @type {number} */ t) => one.y[t * one.units + unit];
    set(marks.curve, "d", path(of(trace)));
    set(marks.before, "d", before ? path(of(before)) : "");
    set(marks.said, "d", apart ? path((t) => trace.said[t]) : "");
    set(marks.dot, "cx", String(middle(made, step)));
    set(marks.dot, "cy", String(round(y(of(trace)(step)))));
  }

  /** @param {Shape} made @param {number} step the one to be seen */
  function follow(made, step) {
    if (step === centred) return;
    const jump = centred < 0;
    centred = step;
    const at = middle(made, step);
    const { scrollLeft, clientWidth } = scroller;
    if (!jump && at > scrollLeft + made.column && at < scrollLeft + clientWidth - made.column) return;
    scroller.scrollLeft = jump && at < clientWidth - made.column ? 0 : at - clientWidth / 2;
  }

  return {
    element,
    update,
    /** The size has changed. */
    resize() {
      if (wide === scroller.clientWidth) return;
      wide = 0;
      if (scene) update(scene);
    },
    destroy() {
      element.remove();
    },
  };
}

/** @param {Shape} shape @param {"Wx" | "Wy" | "V"} kind @param {number[][]} weights */
function linesOf(shape, kind, weights) {
  return weights.flatMap((row, from) => row.map((weight, to) => ({ d: lineOf(shape, kind, from, to), weight })));
}

class Column {
  /** @param {Shape} shape @param {number} t */
  constructor(shape, t) {
    const { units, radius, state, input, out, time, column, apart, words } = shape;
    this.t = t;
    this.shape = shape;
    /** @type {Record<string, SVGElement>} */
    this.paths = {};
    this.strokes = svg("g");
    this.lit = svg("path", { class: "un-lit" });
    this.cells = state.map((y, j) => {
      const fill = svg("circle", { cx: 0, cy: y, r: radius });
      const was = svg("path", { class: "un-was", d: below(y, radius) });
      const text = words ? svg("text", { x: 0, y: y + 4, class: "un-value" }) : null;
      const group = svg("g", { class: "un-cell", dataset: { unit: String(j) } }, fill, was, text);
      return { group, was, text };
    });
    this.symbol = svg("text", { x: 0, y: input + 5, class: "un-symbol" });
    this.said = svg("text", { x: 0, y: out + 4, class: "un-value" });
    this.outcome = svg("text", { x: 0, y: out - 17, class: "un-wanted" });
    const half = column / 2;
    const output = apart
      ? [svg("rect", { class: "un-out", x: -21, y: out - 12, width: 42, height: 24, rx: 5 }), this.said, this.outcome]
      : [];
    this.element = svg(
      "g",
      { class: "un-column", dataset: { step: String(t) } },
      svg("rect", { class: "un-ground", x: -half, y: 0, width: column, height: time + 16, rx: 6 }),
      this.strokes,
      this.lit,
      ...this.cells.map(({ group }) => group),
      svg("rect", { class: "un-in", x: -16, y: input - 14, width: 32, height: 28, rx: 5 }),
      this.symbol,
      ...output,
      svg("text", { x: 0, y: time + 5, class: "un-time" }, t + 1),
    );
    this.units = units;
    this.x = Number.NaN;
    this.stand(middle(shape, t));
  }

  /** @param {string} kind @param {Map<number, string>} paths @param {boolean} awake something but zero goes along them */
  lines(kind, paths, awake) {
    for (let key = -STRENGTHS; key <= STRENGTHS; key += 1) {
      const d = awake ? (paths.get(key) ?? "") : "";
      const name = kind + key;
      if (!this.paths[name]) {
        if (d === "") continue; // most are never needed
        this.paths[name] = svg("path", {
          class: `un-line un-${kind.toLowerCase()} ${key < 0 ? "un-neg" : "un-pos"} un-s${Math.abs(key)}`,
        });
        this.strokes.append(this.paths[name]);
      }
      set(this.paths[name], "d", d);
    }
  }

  /** @param {number} x */
  stand(x) {
    if (x === this.x) return;
    this.x = x;
    this.element.style.transform = `translate(${x}px, 0)`;
  }

  /** @param {string} d of the chosen weight */
  light(d) {
    set(this.lit, "d", d);
  }

  /** @param {Scene} scene @param {number} most */
  values({ trace, before, symbols, wanted, step, unit, rolled }, most) {
    const { t } = this;
    const tense = t === step ? "un-now" : t < step ? "un-past" : "un-future";
    set(this.element, "class", `un-column ${tense}`);
    this.stand(rolled ? rolledAt(this.shape) : middle(this.shape, t));
    for (let j = 0; j < this.units; j += 1) {
      const { group, was, text } = this.cells[j];
      const value = trace.y[t * this.units + j];
      const earlier = before ? before.y[t * this.units + j] : value;
      const other = Math.abs(earlier - value) > 0.02 * most;
      set(group, "class", `un-cell ${level(value, most)}${j === unit ? " un-chosen" : ""}`);
      set(was, "class", other ? `un-was ${level(earlier, Math.max(most, Math.abs(earlier)))}` : "un-was un-same");
      if (text) write(text, brief(value));
    }
    const symbol = symbols[t];
    const text = shown(symbol);
    write(this.symbol, typeof symbol === "number" && text.length > 4 ? brief(symbol) : text);
    if (!this.shape.apart) return;
    write(this.said, brief(trace.said[t]));
    write(this.outcome, wanted ? `${brief(wanted[t])} ${mark(trace.said[t], wanted[t])}` : "");
  }
}

/** The loop's arrowhead, at the state. @param {Shape} shape */
function arrowAt({ state, radius, units }) {
  const y = (state[0] + state[units - 1]) / 2;
  return `M${-radius - 2} ${y}l-9 -5v10z`;
}

/** @param {number} said @param {number} wanted */
function mark(said, wanted) {
  return Math.abs(said - wanted) < (Number.isInteger(wanted) ? 0.5 : 0.2) ? "✓" : "✗";
}

/** The lower part of a circle, where the value stands that was there before. @param {number} y @param {number} r */
function below(y, r) {
  const x = r * 0.87;
  return `M${-x} ${y + r / 2}A${r} ${r} 0 0 0 ${x} ${y + r / 2}Z`;
}

/** @param {number} value @param {number} most */
function level(value, most) {
  const scaled = most <= 20 ? value / most : Math.asinh(value) / Math.asinh(most);
  const steps = Math.round(scaled * LEVELS);
  return steps === 0 ? "un-v0" : `un-${steps < 0 ? "n" : "p"}${Math.abs(steps)}`;
}

/** @param {number} value for a small place */
function brief(value) {
  if (Math.abs(value) < 0.005) return "0";
  return Number.isInteger(value) && Math.abs(value) < 1000
    ? show(value, 0)
    : show(value, Math.abs(value) >= 10 ? 1 : 2);
}

/** @param {number} value */
function round(value) {
  return Math.round(value * 10) / 10;
}
