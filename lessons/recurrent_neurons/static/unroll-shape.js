// @ts-check
/* Where everything stands in the drawing of an unrolled net, and its lines. No page here. */

/** @import { Net } from "./unroll-maths.js" */

/**
 * @typedef {object} Shape
 * @property {number} steps
 * @property {number} units
 * @property {boolean} apart whether there is an output apart from the state
 * @property {number} column how wide a step is
 * @property {number} radius of a neuron
 * @property {boolean} words whether there is room for numbers in the neurons
 * @property {number} out y of the output
 * @property {number[]} state y of each neuron
 * @property {number} input y of the input
 * @property {number} time y of the step's number
 * @property {number} top of the curve
 * @property {number} height
 */

export const CURVE = 78;
const ROOM = { few: 50, several: 34, many: 21 };

/**
 * @param {{steps: number, units: number, apart: boolean, width: number}} given width: that there is for the steps
 * @returns {Shape}
 */
export function shapeOf({ steps, units, apart, width }) {
  const room = units <= 4 ? ROOM.few : units <= 8 ? ROOM.several : ROOM.many;
  const least = units <= 4 ? 64 : 40;
  const column = Math.max(least, Math.min(150, Math.floor(width / (steps + 0.7))));
  const radius = units <= 4 ? 17 : units <= 8 ? 11 : 7;
  const out = 30;
  const first = (apart ? out + 52 : 16) + radius;
  const state = Array.from({ length: units }, (_, j) => first + j * room);
  const input = state[units - 1] + radius + 50;
  const time = input + 32;
  const top = time + 30;
  return {
    steps,
    units,
    apart,
    column,
    radius,
    words: units <= 4,
    out,
    state,
    input,
    time,
    top,
    height: top + CURVE + 12,
  };
}

/** @param {Shape} shape @param {number} t the middle of a step; −1: before the first one */
export function middle({ column }, t) {
  return (t + 1.1) * column;
}

/** Where the net stands that is rolled up. @param {Shape} shape */
export function rolledAt({ radius }) {
  return radius + 90;
}

/**
 * What a net that is rolled up has in the place of its past: the state comes back to itself.
 * @param {Shape} shape
 */
export function loopOf({ state, radius: r, units }) {
  const [top, bottom] = [state[0], state[units - 1]];
  const half = (top + bottom) / 2;
  const low = bottom + r + 22;
  return `M${r + 3} ${half}C${r + 72} ${half} ${r + 60} ${low} 0 ${low}S${-r - 72} ${half} ${-r - 5} ${half}`;
}

/** @param {Shape} shape */
export function widthOf(shape) {
  return middle(shape, shape.steps - 1) + shape.column * 0.6;
}

/**
 * The line that one weight is, within its column (whose middle is 0).
 * @param {Shape} shape
 * @param {string} kind
 * @param {number} from the neuron at the step before (Wy)
 * @param {number} to
 */
export function lineOf(shape, kind, from, to) {
  const { radius: r, column, state, input, out, units } = shape;
  if (kind === "Wy") {
    const x0 = -column + r + 1;
    const bend = (column - 2 * r) * 0.45;
    return `M${x0} ${state[from]}C${x0 + bend} ${state[from]} ${-r - 1 - bend} ${state[to]} ${-r - 1} ${state[to]}`;
  }
  if (kind === "Wx") return arc(units - 1 - to, input - 15, state[to], -1, shape);
  return arc(from, out + 13, state[from], 1, shape);
}

/**
 * Around the neurons between, on the left from the input, on the right to the output.
 * @param {number} between how many
 * @param {number} end
 * @param {number} neuron
 * @param {1 | -1} side
 * @param {Shape} shape
 */
function arc(between, end, neuron, side, { radius: r, column }) {
  const near = neuron + (end > neuron ? 1 : -1) * (r + 1);
  if (between === 0) return `M0 ${end}L0 ${near}`;
  const far = side * Math.min(column * 0.36, r + 5 + between * (r > 12 ? 7 : 2));
  const edge = neuron + (end > neuron ? 1 : -1) * r * 0.55;
  return `M${side * 2} ${end}C${far} ${end + (neuron - end) * 0.25} ${far * 1.15} ${edge + (end - neuron) * 0.12} ${side * r * 0.88} ${edge}`;
}

export const STRENGTHS = 4;

/**
 * A weight's line is thick where it is strong: 1 to STRENGTHS, with its sign; 0 where it is next to nothing.
 * @param {number} weight
 * @param {number} strongest of its kind, at least 1
 */
export function strength(weight, strongest) {
  const part = Math.abs(weight) / strongest;
  return part < 0.02 ? 0 : Math.sign(weight) * Math.max(1, Math.ceil(part * STRENGTHS));
}

/**
 * All lines of equal strength as one path: a net of sixteen neurons has 256 lines at each step, and eight paths.
 * @param {{d: string, weight: number}[]} lines
 * @param {number} strongest
 * @returns {Map<number, string>}
 */
export function pathsOf(lines, strongest) {
  const paths = new Map();
  for (const { d, weight } of lines) {
    const key = strength(weight, strongest);
    if (key !== 0) paths.set(key, (paths.get(key) ?? "") + d);
  }
  return paths;
}

/** @param {Net} net */
export function strongestOf({ Wx, Wy, V }) {
  /** @param {number[][]} rows */
  const most = (rows) => rows.reduce((high, row) => row.reduce((max, w) => Math.max(max, Math.abs(w)), high), 1);
  return { Wx: most(Wx), Wy: most(Wy), V: most(V) };
}

/**
 * How far the curve reaches: a quarter, a half, 1, or as far as needed.
 * @param {number} most
 */
export function reach(most) {
  return [0.25, 0.5, 1].find((end) => most <= end) ?? most;
}

/**
 * The height in the curve: even, or where something is very large, large values drawn together (a state that explodes
 * stays on the page).
 * @param {number} most
 * @returns {(value: number) => number} 1 at the top, −1 at the bottom
 */
export function scaleOf(most) {
  if (most <= 20) return (value) => value / most;
  const end = Math.asinh(most);
  return (value) => Math.asinh(value) / end;
}
