// @ts-check
/* What the unrolled net says, in sentences. No page here. */

import { largest, show } from "./unroll-maths.js";

/** @import { Activation, Trace } from "./unroll-maths.js" */

/**
 * @typedef {object} Scene
 * @property {string} example
 * @property {Activation} activation
 * @property {boolean} apart
 * @property {Trace} trace
 * @property {Trace | null} before
 * @property {number[] | null} wanted
 */

/** @param {Scene & {shown: string[], symbols: (number | string)[]}} scene */
export function headline({ example, apart, trace, wanted, shown, symbols }) {
  const read = typeof symbols[0] === "number" ? `${trace.steps} numbers` : `“${shown.join("")}”`;
  if (!wanted) {
    const many = trace.units === 1 ? "one neuron" : `${trace.units} neurons`;
    return `${many.charAt(0).toUpperCase()}${many.slice(1)} ${trace.units === 1 ? "reads" : "read"} ${read}, ${apart ? "and an output reads what they remember" : "and their state is the output"}.`;
  }
  const last = trace.steps - 1;
  return `After ${read} the net says ${answer(example, trace.said[last])}: ${good(example, trace.said[last], wanted[last])}`;
}

/** @param {string} example @param {number} said */
function answer(example, said) {
  if (example === "parity") return `“${said > 0.5 ? "odd" : "even"}” (${show(said)})`;
  if (example === "seen_a") return `“${said > 0.5 ? "yes, there was an a" : "no a so far"}” (${show(said)})`;
  return example === "brackets" ? `${show(said)} are open` : show(said);
}

/** @param {string} example @param {number} said @param {number} wanted */
function good(example, said, wanted) {
  const close = Math.abs(said - wanted) < (example === "mean" ? 0.2 : 0.5);
  if (example === "mean") return `the running mean is ${show(wanted)}${close ? "." : ", which is something else."}`;
  if (example === "brackets") return `${close ? "near enough, it is" : "but it is"} ${show(wanted, 0)}.`;
  if (close) return "right.";
  const word = example === "parity" ? (wanted ? "odd" : "even") : wanted ? "yes" : "no";
  return `wrong, the answer is “${word}”.`;
}

/**
 * What became of the changed weights, or of a state that nothing holds.
 * @param {Scene & {unit: number, step: number}} scene
 */
export function verdict(scene) {
  const { trace, before, wanted, example } = scene;
  const grown = explosion(scene);
  if (!before) return grown || rightSteps(example, trace, wanted);
  const steps = Array.from({ length: trace.steps }, (_, t) => t);
  const scale = Math.max(largest(before.y), largest(trace.y));
  const other = steps.filter((t) => differs(trace, before, t, scale));
  if (other.length === 0)
    return `${grown} The changed weights change no step by more than 0.5 % of the largest state.`.trim();
  const from = other[0] + 1;
  const tail = other.length === trace.steps - other[0];
  let where = `${other.length} of ${trace.steps} steps, first at step ${from}`;
  if (other.length === 1) where = `step ${from} only`;
  else if (tail) where = from === 1 ? "every step" : `step ${from} and every later one`;
  return `The changed weights work at each step; the state is another one at ${where}. ${grown || rightSteps(example, trace, wanted)}`.trim();
}

/**
 * By more than 0.5 % of the largest state; where states explode, of 1 or of those at hand: before what comes later every
 * early step would look the same.
 * @param {Trace} one @param {Trace} two @param {number} t @param {number} scale
 */
function differs(one, two, t, scale) {
  for (let j = 0; j < one.units; j += 1) {
    const at = t * one.units + j;
    const here = Math.max(Math.abs(one.y[at]), Math.abs(two.y[at]));
    const limit = 0.005 * Math.min(scale, Math.max(1, here));
    if (!(Math.abs(one.y[at] - two.y[at]) <= limit)) return true;
  }
  return false;
}

/** @param {string} example @param {Trace} trace @param {number[] | null} wanted */
function rightSteps(example, trace, wanted) {
  if (!wanted) return "";
  const limit = example === "mean" ? 0.2 : 0.5;
  const right = wanted.filter((value, t) => Math.abs(trace.said[t] - value) < limit).length;
  const all = right === trace.steps ? `all ${trace.steps} steps` : `${right} of ${trace.steps} steps`;
  return example === "mean" ? `The output is within 0.2 of the mean at ${all}.` : `The output is right at ${all}.`;
}

/** @param {Scene} scene */
function explosion({ trace, activation }) {
  if (activation === "tanh" || activation === "sigmoid") return "";
  const most = largest(trace.y);
  if (most < 1000 || trace.steps < 3) return "";
  const size = (/** @type {number} */ t) => {
    let sum = 0;
    for (let j = 0; j < trace.units; j += 1) sum = Math.max(sum, Math.abs(trace.y[t * trace.units + j]));
    return sum;
  };
  const last = trace.steps - 1;
  const half = Math.floor(last / 2);
  if (!(size(last) > 10 * size(half))) return "";
  const rate = (size(last) / Math.max(size(half), 1e-300)) ** (1 / (last - half));
  return `The state explodes: it grows about ${show(rate)} times at each step, to ${show(size(last))} at step ${trace.steps}. Nothing squashes the sums.`;
}

/**
 * @param {number | null} difference relative where numbers are large
 * @param {number} most
 */
export function checkWords(difference, most) {
  if (difference === null) return "Computed in the page; Python computes the same when you stop changing things.";
  const much =
    difference === 0
      ? "not one differs"
      : `the largest difference is ${show(difference)}${most > 1 ? ", as a share of the number" : ""}`;
  return `The same numbers, computed in Python: ${much}.`;
}
