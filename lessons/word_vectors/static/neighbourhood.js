// @ts-check
/* The explorer's map as a figure: a neighbourhood of words on the plane on which it spreads most. No page here. */

import { placeLabels } from "./labels.js";

/**
 * @typedef {{word: string, role: string, x: number, y: number, similarity: number | null}} Point
 * @typedef {{points: Point[], explained: [number, number]}} WordMap
 * @typedef {{task: string, asked: string[], answer: string | null, map: WordMap}} Result
 */

/** Each role has its own shape as well as its colour. */
const ROLES = [
  { role: "asked", name: "your words", symbol: "diamond", size: 12, color: "var(--ink)" },
  { role: "target", name: "the point looked for", symbol: "x-thin-open", size: 12, color: "var(--cat-2)" },
  { role: "mean", name: "their mean", symbol: "cross-thin-open", size: 13, color: "var(--cat-2)" },
  { role: "answer", name: "the answer", symbol: "star", size: 15, color: "var(--cat-3)" },
  { role: "odd", name: "the odd one out", symbol: "square-x-open", size: 14, color: "var(--bad)" },
  { role: "near", name: "near words", symbol: "circle", size: 9, color: "var(--cat-1)" },
];

/**
 * @param {Result} result
 * @param {{a: string, b: string, c: string}} params
 * @param {{width: number, height: number}} size of the picture in pixels
 */
export function figureOf(result, params, { width, height }) {
  const { points, explained } = result.map;
  const ordered = ROLES.flatMap(({ role }) => points.filter((point) => point.role === role));
  const pixels = toPixels(ordered, width, height);
  const sides = placeLabels(
    ordered.map(({ word }, index) => ({ ...pixels.points[index], label: word })),
    { within: { width, height } },
  );
  const traces = ROLES.map(({ role, name, symbol, size, color }) => {
    const own = ordered.flatMap((point, index) => (point.role === role ? [{ point, side: sides[index] }] : []));
    return {
      type: "scatter",
      mode: "markers+text",
      name,
      x: own.map(({ point }) => point.x),
      y: own.map(({ point }) => point.y),
      text: own.map(({ point }) => escaped(point.word)),
      customdata: own.map(({ point }) => point.word || null),
      textposition: own.map(({ side }) => plotlySide(side)),
      textfont: { size: 13, color: role === "near" ? "var(--ink-2)" : "var(--ink)" },
      marker: { symbol, size, color, line: { width: symbol.endsWith("open") ? 2.5 : 0, color } },
      hovertemplate: own.map(({ point }) => `${hoverText(point)}<extra></extra>`),
      cliponaxis: false,
    };
  }).filter(({ x }) => x.length > 0);
  const percent = (/** @type {number} */ share) => `${Math.round(share * 100)}\u00a0%`;
  return {
    traces,
    layout: {
      xaxis: { ...AXIS, range: pixels.rangeX, title: `First component (${percent(explained[0])} of the variance)` },
      yaxis: { ...AXIS, range: pixels.rangeY, scaleanchor: "x", title: `Second (${percent(explained[1])})` },
      margin: { l: 32, r: 8, t: 8, b: 36 },
      showlegend: true,
      hovermode: "closest",
      annotations: result.task === "analogy" ? arrows(points, params) : [],
    },
    table: {
      caption: "The words of the map",
      columns: [
        { key: "word", label: "Word" },
        { key: "role", label: "What it is" },
        { key: "similarity", label: "Similarity", numeric: true },
        { key: "x", label: "First component", numeric: true },
        { key: "y", label: "Second component", numeric: true },
      ],
      rows: ordered.map((point) => ({
        ...point,
        word: point.word || "(no word)",
        role: ROLES.find(({ role }) => role === point.role)?.name,
      })),
    },
  };
}

const AXIS = { showticklabels: false, ticks: "", zeroline: false };

/**
 * Where the points fall in a picture whose two axes have the same scale, with room for labels around them.
 * @param {Point[]} points
 * @param {number} width
 * @param {number} height
 */
function toPixels(points, width, height) {
  const [left, right] = extent(points.map(({ x }) => x));
  const [bottom, top] = extent(points.map(({ y }) => y));
  const inner = { width: Math.max(100, width - 150), height: Math.max(100, height - 60) };
  const scale = Math.min(inner.width / (right - left), inner.height / (top - bottom));
  const middle = { x: (left + right) / 2, y: (bottom + top) / 2 };
  return {
    points: points.map(({ x, y }) => ({
      x: width / 2 + (x - middle.x) * scale,
      y: height / 2 - (y - middle.y) * scale,
    })),
    rangeX: [middle.x - width / 2 / scale, middle.x + width / 2 / scale],
    rangeY: [middle.y - height / 2 / scale, middle.y + height / 2 / scale],
  };
}

/** @param {number[]} values @returns {[number, number]} */
function extent(values) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return high > low ? [low, high] : [low - 0.5, high + 0.5];
}

/** @param {import("./labels.js").Side} side */
function plotlySide(side) {
  if (side === "left" || side === "right") return `middle ${side}`;
  return side.includes(" ") ? side : `${side} center`;
}

/** @param {Point} point */
function hoverText({ word, role, similarity }) {
  if (!word) return role === "mean" ? "the mean of the words" : "the point looked for";
  return similarity === null ? escaped(word) : `${escaped(word)}: ${similarity.toFixed(3)}`;
}

/**
 * Plotly reads a few tags in its texts.
 * @param {string} text
 */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/**
 * The two parallel sides of an analogy: from a to b, and from c to the point where the answer is looked for.
 * @param {Point[]} points
 * @param {{a: string, b: string, c: string}} params
 */
function arrows(points, { a, b, c }) {
  const at = (/** @type {string} */ word) => points.find((point) => point.word === word);
  const target = points.find(({ role }) => role === "target");
  return [
    [at(a), at(b)],
    [at(c), target],
  ].flatMap(([from, to]) => {
    if (!from || !to || from === to) return [];
    return [
      {
        ...{ x: to.x, y: to.y, xref: "x", yref: "y", ax: from.x, ay: from.y, axref: "x", ayref: "y" },
        ...{ showarrow: true, arrowhead: 2, arrowsize: 1.2, arrowwidth: 1.6, standoff: 6, startstandoff: 6 },
        ...{ arrowcolor: "var(--cat-2)", text: "" },
      },
    ];
  });
}
