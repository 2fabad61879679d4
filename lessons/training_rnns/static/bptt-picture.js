// @ts-check
/*
 * The unrolled net as a picture: a column for each time step, with inputs below and the cost above. Outputs go right
 * along the arrows, gradients come back left; below it what each step adds to the gradient of one weight, as bars that
 * add up.
 */

import { h, svg } from "../js/dom.js";
import { contributionsOf, factors, known, low, nameOf, num, waterfall } from "./bptt-numbers.js";

/** @import { Phase, Result, Weight } from "./bptt-numbers.js" */

const LEFT = 84; // the sum's column, and the names of the rows
const PITCH = 178;
const BOX = 116;
const GAP = PITCH - BOX;
const ROW = 22;
const HEAD = 20;
const COST = { top: 26, height: 42 };
const CELL = 112; // top of the cells
const BARS = 132; // height of the strip

/**
 * @param {HTMLElement} root
 * @param {{onStep: (t: number) => void}} listeners a column was clicked
 */
export function createPicture(root, { onStep }) {
  const picture = svg("svg", { role: "img", "aria-label": "The network unrolled through time" });
  const scroll = h(
    "div",
    { class: "tr-net", tabindex: "0", role: "region", "aria-label": "The network unrolled through time" },
    picture,
  );
  root.append(scroll);
  let shown = -1;

  /**
   * @param {Result} result
   * @param {Phase} phase
   * @param {Weight} weight
   */
  function draw(result, phase, weight) {
    const steps = result.x.length;
    const units = result.weights.b.length;
    const features = result.x[0].length;
    const bottom = CELL + HEAD + units * ROW + 4;
    const input = bottom + 46;
    const strip = input + features * ROW + 24;
    const width = LEFT + steps * PITCH - GAP + 36; // the last numbers stand a little out
    const height = strip + BARS;
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.setAttribute("width", String(width));
    picture.setAttribute("height", String(height));
    const at = { bottom, input, strip, units, features, steps, width };
    const seen = known(phase, steps);
    picture.replaceChildren(
      arrowHeads(),
      rowNames(at),
      ...result.x.map((_, t) => column(result, t, { phase, seen, weight, at })),
      ...result.x.slice(1).map((_, t) => between(result, t, LEFT + t * PITCH + BOX, seen, at)),
      bars(result, weight, seen.back, phase, at),
    );
    keepInView(phase);
  }

  /** The step that is looked at stays in sight, where the picture is wider than its place. */
  function keepInView(/** @type {Phase} */ { kind, t }) {
    const column = kind === "sum" ? -1 : t;
    if (column === shown) return;
    shown = column;
    const x = LEFT + column * PITCH;
    if (column < 0) scroll.scrollLeft = 0;
    else if (x - GAP < scroll.scrollLeft || x + BOX + 8 > scroll.scrollLeft + scroll.clientWidth) {
      scroll.scrollLeft = x + BOX / 2 - scroll.clientWidth / 2;
    }
  }

  /**
   * @param {Result} result
   * @param {number} t
   * @param {{phase: Phase, seen: ReturnType<typeof known>, weight: Weight, at: any}} now
   */
  function column(result, t, { phase, seen, weight, at }) {
    const x = LEFT + t * PITCH;
    const here = (phase.kind === "forward" || phase.kind === "backward") && phase.t === t;
    const there = t < seen.outputs;
    const back = t >= seen.back;
    const parts = [
      svg("rect", { class: "hit", x: x - 6, y: 0, width: BOX + 12, height: at.strip - 8 }),
      text(x + BOX / 2, 14, `t = ${t + 1}`, "time"),
      costBox(result, t, x, seen.cost, phase.kind === "cost"),
      // up to the cost and down from it
      arrow(`M${x + 34} ${CELL - 3}V${COST.top + COST.height + 4}`, there && result.counts[t] ? "out" : "faint"),
      there && result.counts[t] && text(x + 28, CELL - 17, num(result.y[t][0]), "out end"),
      arrow(`M${x + BOX - 34} ${COST.top + COST.height + 3}V${CELL - 4}`, back && result.counts[t] ? "back" : "faint"),
      back && result.counts[t] && text(x + BOX - 28, CELL - 17, num(result.direct[t][0]), "back start"),
      // up from the input
      arrow(`M${x + BOX / 2} ${at.input - 3}V${at.bottom + 4}`, there ? "out" : "faint"),
      cell(result, t, x, { there, back, at }),
      inputs(result.x[t], t, x, at),
      trace(weight, t, x, at, back),
    ];
    const group = svg("g", { class: `column ${here ? "now" : ""}` }, parts);
    group.addEventListener("click", () => onStep(t));
    return group;
  }

  return {
    draw,
    destroy() {
      scroll.remove();
    },
  };
}

/** The arrows' heads are one shape in the colour of their line. */
function arrowHeads() {
  const head = svg("path", { d: "M0 0L8 4L0 8z", fill: "context-stroke" });
  const size = { viewBox: "0 0 8 8", refX: 6, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" };
  return svg("defs", {}, svg("marker", { id: "tr-head", markerUnits: "userSpaceOnUse", ...size }, head));
}

/** @param {string} d @param {string} kind */
function arrow(d, kind) {
  return svg("path", { class: `arrow ${kind}`, d, "marker-end": "url(#tr-head)" });
}

/** @param {number} x @param {number} y @param {string} words @param {string} [kind] */
function text(x, y, words, kind = "") {
  return svg("text", { x, y, class: kind }, words);
}

/** @param {any} at */
function rowNames({ units, features, input }) {
  const names = [
    text(LEFT - 12, COST.top + 26, "cost", "name"),
    ...Array.from({ length: units }, (_, j) =>
      text(LEFT - 12, CELL + HEAD + j * ROW + 15, j === 0 && units > 1 ? "unit 1 (out)" : `unit ${j + 1}`, "name"),
    ),
    ...Array.from({ length: features }, (_, d) =>
      text(LEFT - 12, input + d * ROW + 15, features > 1 ? `input ${d + 1}` : "input", "name"),
    ),
  ];
  return svg("g", {}, names);
}

/**
 * @param {Result} result
 * @param {number} t
 * @param {number} x
 * @param {boolean} there
 * @param {boolean} now
 */
function costBox({ counts, target, costs }, t, x, there, now) {
  const box = { x, y: COST.top, width: BOX, height: COST.height, rx: 6 };
  if (!counts[t]) {
    return svg(
      "g",
      { class: "cost none" },
      svg("rect", box),
      text(x + BOX / 2, COST.top + 26, "does not count", "quiet"),
    );
  }
  return svg(
    "g",
    { class: `cost ${now ? "now" : ""}` },
    svg("rect", box),
    text(x + BOX / 2, COST.top + 17, `target ${num(target[t])}`, "quiet"),
    text(x + BOX / 2, COST.top + 34, there ? `cost ${num(costs[t])}` : "", "strong"),
  );
}

/**
 * @param {Result} result
 * @param {number} t
 * @param {number} x
 * @param {{there: boolean, back: boolean, at: any}} now
 */
function cell({ y, delta }, t, x, { there, back, at }) {
  const half = BOX / 2;
  const rows = y[t].flatMap((output, j) => {
    const top = CELL + HEAD + j * ROW;
    return [
      shade(x + 2, top, half - 3, there ? output : 0),
      shade(x + half + 1, top, half - 3, back ? delta[t][j] : 0),
      text(x + half / 2, top + 15, there ? num(output) : "·", "out"),
      text(x + 1.5 * half, top + 15, back ? num(delta[t][j]) : "·", "back"),
    ];
  });
  return svg(
    "g",
    { class: "cell" },
    svg("rect", { x, y: CELL, width: BOX, height: at.bottom - CELL, rx: 6 }),
    text(x + half / 2, CELL + 14, `y${low(t + 1)}`, "head out"),
    text(x + 1.5 * half, CELL + 14, `δ${low(t + 1)}`, "head back"),
    rows,
  );
}

/**
 * A ground that says sign and size: beyond ±1 it gets no stronger.
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} value
 */
function shade(x, y, width, value) {
  const share = Math.round(Math.min(1, Math.abs(value)) * 45);
  const color = `color-mix(in oklab, var(${value < 0 ? "--neg" : "--pos"}) ${share}%, transparent)`;
  return svg("rect", { class: "shade", x, y, width, height: ROW - 2, rx: 3, style: `fill: ${color}` });
}

/** @param {number[]} values @param {number} t @param {number} x @param {any} at */
function inputs(values, t, x, at) {
  return svg(
    "g",
    { class: "input" },
    svg("rect", { x: x + 22, y: at.input, width: BOX - 44, height: values.length * ROW + 2, rx: 6 }),
    values.map((value, d) => text(x + BOX / 2, at.input + d * ROW + 16, num(value), "")),
    text(x + BOX / 2 + 44, at.input + 16, `x${low(t + 1)}`, "quiet start"),
  );
}

/**
 * The arrows to the next step and back from it, with the numbers that go along them.
 * @param {Result} result
 * @param {number} t
 * @param {number} x right edge of the cell
 * @param {ReturnType<typeof known>} seen
 * @param {any} at
 */
function between({ y, future }, t, x, seen, at) {
  const onward = t < seen.outputs;
  const returned = t >= seen.back;
  const numbers = y[t].map((output, j) =>
    text(
      x + GAP / 2,
      CELL + HEAD + j * ROW + 15,
      returned ? num(future[t][j]) : onward ? num(output) : "",
      `halo ${returned ? "back" : "out"}`,
    ),
  );
  return svg(
    "g",
    {},
    arrow(`M${x + 4} ${CELL + 10}H${x + GAP - 5}`, onward ? "out" : "faint"),
    arrow(`M${x + GAP - 4} ${at.bottom + 8}H${x + 5}`, returned ? "back" : "faint"),
    numbers,
  );
}

/**
 * Where the chosen weight acts in this step: the same one in every column.
 * @param {Weight} weight
 * @param {number} t
 * @param {number} x
 * @param {any} at
 * @param {boolean} back
 */
function trace({ name, from, to }, t, x, at, back) {
  const middle = (/** @type {number} */ unit) => CELL + HEAD + unit * ROW + 10;
  const half = BOX / 2;
  /** @type {SVGElement[]} */
  const marks = [
    svg("rect", { class: "mark", x: x + half + 1, y: CELL + HEAD + to * ROW, width: half - 3, height: ROW - 2, rx: 3 }),
  ];
  if (name === "Wx") {
    marks.push(
      svg("rect", { class: "mark", x: x + 25, y: at.input + from * ROW + 2, width: BOX - 50, height: ROW - 3, rx: 3 }),
      svg("path", {
        class: "mark",
        d: `M${x + half} ${at.input + from * ROW + 2}C${x + half} ${at.bottom - 4} ${x + half - 4} ${middle(to)} ${x + half + 1} ${middle(to)}`,
      }),
    );
  } else if (name === "Wy" && t > 0) {
    const before = x - PITCH;
    marks.push(
      svg("rect", {
        class: "mark",
        ...{ x: before + 2, y: CELL + HEAD + from * ROW, width: half - 3, height: ROW - 2, rx: 3 },
      }),
      svg("path", {
        class: "mark",
        d: `M${x - GAP + 1} ${middle(from)}C${x - GAP / 2} ${middle(from)} ${x - GAP / 2} ${middle(to)} ${x - 1} ${middle(to)}`,
      }),
    );
  }
  return svg("g", { class: `weight ${back ? "" : "waiting"}` }, marks);
}

/**
 * What each step adds to the chosen weight's gradient, from the last step on the right to the sum on the left.
 * @param {Result} result
 * @param {Weight} weight
 * @param {number} back the earliest step that the gradients have reached
 * @param {Phase} phase
 * @param {any} at
 */
function bars(result, weight, back, phase, at) {
  const parts = contributionsOf(result, weight);
  const { bars: all, sum, low: least, high: most } = waterfall(parts);
  const top = at.strip + 34;
  const tall = BARS - 34 - 22;
  const place = (/** @type {number} */ value) => top + ((most - value) / (most - least || 1)) * tall;
  const drawn = [
    svg("path", { class: "zero", d: `M8 ${place(0)}H${at.width - 36}` }),
    text(8, at.strip + 10, `${nameOf(weight)}: what each step adds to its gradient`, "strong start"),
  ];
  for (let t = at.steps - 1; t >= back; t--) {
    const x = LEFT + t * PITCH;
    const { from, to } = all[t];
    const [one, other] = factors(result, weight, t);
    const now = phase.kind === "backward" && phase.t === t;
    const y = Math.min(place(from), place(to));
    const previous = t > 0 ? LEFT + (t - 1) * PITCH + BOX : LEFT - 16;
    drawn.push(
      svg("rect", {
        class: `part ${parts[t] < 0 ? "neg" : "pos"} ${now ? "now" : ""}`,
        ...{ x: x + 24, y, width: BOX - 48, height: Math.max(1.5, Math.abs(place(from) - place(to))), rx: 2 },
      }),
      svg("path", { class: "carry", d: `M${x + 24} ${place(to)}H${previous - 24}` }),
      text(x + BOX / 2, at.strip + 28, `${num(one)} × ${num(other)}`, "quiet"),
      text(x + BOX / 2, at.strip + BARS - 6, num(parts[t]), now ? "strong now" : "strong"),
    );
  }
  if (back === 0) {
    const y = Math.min(place(0), place(sum));
    drawn.push(
      svg("rect", {
        class: `part sum ${phase.kind === "sum" ? "now" : ""}`,
        ...{ x: 14, y, width: LEFT - 40, height: Math.max(1.5, Math.abs(place(0) - place(sum))), rx: 2 },
      }),
      text(14 + (LEFT - 40) / 2, at.strip + BARS - 6, `Σ ${num(sum)}`, phase.kind === "sum" ? "strong now" : "strong"),
    );
  }
  return svg("g", { class: "bars" }, drawn);
}
