// @ts-check
/* The steps of backpropagation through time, and each of them in numbers. No page here. */

/**
 * @typedef {{Wx: number[][], Wy: number[][], b: number[]}} Weights
 *
 * @typedef {object} Result what the demo computes; T steps, D inputs, H units
 * @property {Weights} weights
 * @property {number[][]} x [T][D]
 * @property {number[][]} z [T][H] before φ
 * @property {number[][]} y [T][H] after φ
 * @property {number[]} target [T]
 * @property {boolean[]} counts [T] whether the cost looks at this step
 * @property {number[]} costs [T]
 * @property {number} cost
 * @property {number[][]} direct [T][H] ∂L/∂y from the cost itself
 * @property {number[][]} future [T][H] ∂L/∂y from the step after
 * @property {number[][]} slope [T][H] φ′(z)
 * @property {number[][]} delta [T][H]
 * @property {{Wx: number[][][], Wy: number[][][], b: number[][]}} contributions [T] of each weight
 * @property {Weights} gradient
 * @property {Weights} numerical
 * @property {Weights} error
 * @property {number} worst_error
 * @property {boolean} corner
 * @property {number[]} curve the cost before each gradient step, and now
 * @property {number | null} next_cost
 * @property {boolean} diverged
 * @property {number} update
 * @property {number} learning_rate
 *
 * @typedef {{kind: "forward" | "cost" | "backward" | "sum", t: number}} Phase `t` counts from 0
 * @typedef {{name: "Wx" | "Wy" | "b", from: number, to: number}} Weight leads from an input, a unit a step before, or
 *   (the bias) from nowhere, to a unit
 * @typedef {{symbols: string, numbers: string, value: string}} Line
 */

/** @param {number} steps */
export function phasesOf(steps) {
  const times = [...Array(steps).keys()];
  return /** @type {Phase[]} */ ([
    ...times.map((t) => ({ kind: "forward", t })),
    { kind: "cost", t: steps - 1 },
    ...times.reverse().map((t) => ({ kind: "backward", t })),
    { kind: "sum", t: 0 },
  ]);
}

/** @param {Phase} phase */
export function phaseWords({ kind, t }) {
  if (kind === "forward") return `forward, t = ${t + 1}`;
  if (kind === "backward") return `backward, t = ${t + 1}`;
  return kind === "cost" ? "the cost" : "the sum over time";
}

/**
 * What is known at a phase: outputs up to a step, whether the cost, and what has come back from the last step on.
 * @param {Phase} phase
 * @param {number} steps
 */
export function known({ kind, t }, steps) {
  return {
    outputs: kind === "forward" ? t + 1 : steps,
    cost: kind !== "forward",
    back: kind === "backward" ? t : kind === "sum" ? 0 : steps,
  };
}

/**
 * A number in at most seven signs or so, with a true minus; very small and very large ones with an exponent.
 * @param {number} value
 */
export function num(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 0.0005 || size >= 99_999.5) return value.toExponential(1).replace("e+", "e").replaceAll("-", "−");
  const text = value.toFixed(size < 9.9995 ? 3 : size < 99.995 ? 2 : size < 999.95 ? 1 : 0);
  return text.replace("-", "−");
}

/** @param {number} value in a product or a sum: a negative one in brackets */
export function inner(value) {
  return value < 0 ? `(${num(value)})` : num(value);
}

/** @param {number} number as an index below a letter */
export function low(number) {
  return [...String(number)].map((sign) => "₀₁₂₃₄₅₆₇₈₉"[Number(sign)]).join("");
}

/** @type {Record<string, {call: string, slope: (z: string) => string}>} φ and its derivative in words */
const FUNCTIONS = {
  tanh: { call: "tanh", slope: (y) => `(1 − ${y}²)` },
  relu: { call: "ReLU", slope: () => "" },
  sigmoid: { call: "σ", slope: (y) => `${y}·(1 − ${y})` },
  linear: { call: "", slope: () => "" },
};

/**
 * The forward pass of one step, unit by unit.
 * @param {Result} result
 * @param {number} t
 * @param {string} activation
 * @returns {Line[]}
 */
export function forwardLines({ weights, x, y, z }, t, activation) {
  const { call } = FUNCTIONS[activation];
  return weights.b.map((bias, j) => {
    const terms = [
      ...x[t].map((input, i) => `${inner(input)} × ${inner(weights.Wx[i][j])}`),
      ...(t > 0 ? y[t - 1].map((before, i) => `${inner(before)} × ${inner(weights.Wy[i][j])}`) : []),
      inner(bias),
    ];
    const sum = terms.join(" + ");
    return {
      symbols: `unit ${j + 1}`,
      numbers: call ? `${call}(${sum}) = ${call}(${num(z[t][j])})` : sum,
      value: num(y[t][j]),
    };
  });
}

/**
 * The cost, and how it depends on each output that it looks at.
 * @param {Result} result
 * @returns {Line[]}
 */
export function costLines({ y, target, counts, costs, cost }) {
  const lines = y.flatMap((outputs, t) =>
    counts[t]
      ? [
          {
            symbols: `t = ${t + 1}`,
            numbers: `½ · (${num(outputs[0])} − ${inner(target[t])})²`,
            value: num(costs[t]),
          },
        ]
      : [],
  );
  return [...lines, { symbols: "L", numbers: lines.map(({ value }) => value).join(" + "), value: num(cost) }];
}

/**
 * The way back through one step, unit by unit.
 * @param {Result} result
 * @param {number} t
 * @param {string} activation
 * @returns {Line[]}
 */
export function backwardLines({ weights, y, direct, delta, slope }, t, activation) {
  const after = delta[t + 1];
  return weights.b.map((_, i) => {
    const terms = [
      num(direct[t][i]),
      ...(after ? after.map((change, j) => `${inner(change)} × ${inner(weights.Wy[i][j])}`) : []),
    ];
    const written = FUNCTIONS[activation].slope(inner(y[t][i]));
    const factor = written ? `${written}` : num(slope[t][i]);
    return {
      symbols: `unit ${i + 1}`,
      numbers: `(${terms.join(" + ")}) × ${factor}`,
      value: num(delta[t][i]),
    };
  });
}

/**
 * The two numbers whose product a step adds to a weight's gradient.
 * @param {Result} result
 * @param {Weight} weight
 * @param {number} t
 * @returns {[number, number]}
 */
export function factors({ x, y, delta }, { name, from, to }, t) {
  const carried = name === "Wx" ? x[t][from] : name === "b" ? 1 : t > 0 ? y[t - 1][from] : 0;
  return [carried, delta[t][to]];
}

/**
 * What each step adds to a weight's gradient.
 * @param {Result} result
 * @param {Weight} weight
 * @returns {number[]} [T]
 */
export function contributionsOf({ contributions }, { name, from, to }) {
  if (name === "b") return contributions.b.map((step) => step[to]);
  return contributions[name].map((step) => step[from][to]);
}

/**
 * The bars that add up: from the last step to the first each begins where the one after it ends.
 * @param {number[]} parts [T]
 * @returns {{bars: {from: number, to: number}[], sum: number, low: number, high: number}}
 */
export function waterfall(parts) {
  let sum = 0;
  /** @type {{from: number, to: number}[]} */
  const bars = [];
  for (let t = parts.length - 1; t >= 0; t--) {
    bars[t] = { from: sum, to: sum + parts[t] };
    sum += parts[t];
  }
  const ends = bars.flatMap(({ from, to }) => [from, to]);
  return { bars, sum, low: Math.min(0, ...ends), high: Math.max(0, ...ends) };
}

/** @param {Weights} weights @param {Weight} weight */
export function numberAt(weights, { name, from, to }) {
  return name === "b" ? weights.b[to] : weights[name][from][to];
}

/** @param {Weights} weights @returns {Weight[]} all of them, Wx first, then Wy, then b */
export function weightsOf({ Wx, Wy, b }) {
  return [
    ...Wx.flatMap((row, from) => row.map((_, to) => ({ name: /** @type {const} */ ("Wx"), from, to }))),
    ...Wy.flatMap((row, from) => row.map((_, to) => ({ name: /** @type {const} */ ("Wy"), from, to }))),
    ...b.map((_, to) => ({ name: /** @type {const} */ ("b"), from: 0, to })),
  ];
}

/** @param {Weight} weight its name in the URL */
export function keyOf({ name, from, to }) {
  return name === "b" ? `b-${to + 1}` : `${name}-${from + 1}-${to + 1}`;
}

/** @param {Weight} weight its name in the text */
export function nameOf({ name, from, to }) {
  if (name === "b") return `b${low(to + 1)}`;
  return `${name === "Wx" ? "Wx" : "Wy"}${low(from + 1)}${low(to + 1)}`;
}

/** @param {Weight} weight what it does, for who points at it */
export function weightWords({ name, from, to }) {
  if (name === "b") return `the bias of unit ${to + 1}`;
  if (name === "Wx") return `from input ${from + 1} to unit ${to + 1}`;
  return `from unit ${from + 1}, a step before, to unit ${to + 1}`;
}
