// @ts-check
/* What a training on characters has said so far, its windows, and its numbers in words. No page here. */

/**
 * @typedef {object} Data what a run says of its text
 * @property {string} title
 * @property {string} credit
 * @property {number} characters
 * @property {number} train
 * @property {number} validated
 * @property {string} symbols
 * @property {number} left_out
 * @property {string} example
 * @property {string} excerpt
 * @property {string} prompt
 * @property {number[]} unknown
 * @property {number} vector
 * @property {number} weights
 * @property {number} an_update
 * @property {number} an_epoch
 * @property {Record<string, number>} baselines
 *
 * @typedef {{step: number, epoch: number, loss: number | null, validation: number | null}} Row in nats
 * @typedef {{step: number, epoch: number, text: string, made_up: string[], vectors: number[][], alike: string[]}} Frame
 */

export const BASELINES = /** @type {Record<string, string>} */ ({
  equal: "any character",
  single: "single characters",
  pairs: "pairs",
  triples: "three in a row",
});

/**
 * From nats to bits.
 * @param {number | null | undefined} nats
 */
export function bits(nats) {
  return nats === null || nats === undefined ? null : nats / Math.LN2;
}

/** @param {number | null | undefined} value */
export function shown(value) {
  return value === null || value === undefined ? "–" : value.toFixed(2);
}

/** @param {number} count */
export function updates(count) {
  return `${count.toLocaleString("en")} ${count === 1 ? "update" : "updates"}`;
}

/**
 * A character as a sign that can be seen.
 * @param {string} symbol
 */
export function sign(symbol) {
  return symbol === "\n" ? "⏎" : symbol === " " ? "␣" : symbol;
}

/**
 * The same for one who hears it.
 * @param {string} symbol
 */
export function named(symbol) {
  return symbol === "\n" ? "line end" : symbol === " " ? "space" : `“${symbol}”`;
}

/**
 * How many windows of a length a text shows, each with its target.
 * @param {string} text
 * @param {number} length
 */
export function windowCount(text, length) {
  return Math.max(0, Math.floor(([...text].length - 1) / length));
}

/**
 * One window and its target, the same characters one place later. A window begins where the one before it ends.
 * @param {string} text
 * @param {number} index
 * @param {number} length
 */
export function windowAt(text, index, length) {
  const symbols = [...text];
  const first = index * length;
  return { input: symbols.slice(first, first + length), target: symbols.slice(first + 1, first + length + 1) };
}

/**
 * A text cut into words and what lies between them; of the words, whether the learned text lacks them.
 * @param {string} text
 * @param {string[]} madeUp in small letters
 */
export function pieces(text, madeUp) {
  const lacking = new Set(madeUp);
  const found = [];
  let at = 0;
  for (const match of text.matchAll(/\p{L}+(?:['’]\p{L}+)*/gu)) {
    if (match.index > at) found.push({ text: text.slice(at, match.index), word: false, madeUp: false });
    found.push({ text: match[0], word: true, madeUp: lacking.has(match[0].toLowerCase()) });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ text: text.slice(at), word: false, madeUp: false });
  return found;
}

/**
 * How many of a sample's words the learned text has, in words. The last one may be cut, and does not count.
 * @param {Frame} frame
 */
export function wordsKnown({ text, made_up }) {
  const all = pieces(text, made_up);
  if (all.at(-1)?.word) all.pop();
  const words = all.filter(({ word }) => word);
  const known = words.filter(({ madeUp }) => !madeUp);
  return { words: words.length, known: known.length };
}

/**
 * What a number of bits a character is worth, beside what counting reaches.
 * @param {number | null} reached
 * @param {Record<string, number>} baselines
 */
export function verdict(reached, { equal, single, pairs, triples }) {
  if (reached === null) return "";
  const than = (/** @type {number} */ bits) => `(${shown(bits)})`;
  // Before the first update it says each character with about the same probability.
  if (reached > 1.02 * equal) return `Worse than saying that every character is equally likely ${than(equal)}.`;
  if (reached > 0.98 * equal) return `As good as saying that every character is equally likely ${than(equal)}.`;
  if (reached > single) return `Not yet as good as knowing how frequent each character is ${than(single)}.`;
  if (reached > pairs) return `Not yet as good as counting which characters form pairs ${than(pairs)}.`;
  if (reached > triples) {
    return `Better than counting pairs ${than(pairs)}, not yet as good as counting three in a row ${than(triples)}.`;
  }
  return `Better than counting three characters in a row ${than(triples)}: it uses what lies further back.`;
}

/**
 * How strongly a number colours its cell, from −1 to 1.
 * @param {number} value
 * @param {number} largest
 */
export function strength(value, largest) {
  return largest > 0 ? Math.max(-1, Math.min(1, value / largest)) : 0;
}

/**
 * Bits a character by updates, beside the lines of counting and of earlier runs.
 * @param {object} told
 * @param {Row[]} told.rows
 * @param {Record<string, number>} told.baselines
 * @param {number} told.step now
 * @param {number} told.steps in all, so that the axis stands still while the curve grows
 * @param {{name: string, curve: {step: number, validation: number}[]}[]} told.others
 * @param {"bits" | "nats"} told.unit
 */
export function curveFigure({ rows, baselines, step, steps, others, unit }) {
  const scale = unit === "bits" ? 1 / Math.LN2 : 1;
  const name = unit === "bits" ? "bits a character" : "loss, nats a character";
  const learned = rows.filter(({ loss }) => loss !== null);
  const watched = rows.filter(({ validation }) => validation !== null);
  const line = (/** @type {any} */ trace) => ({ type: "scatter", mode: "lines", ...trace });
  const lines = Object.values(baselines);
  const curves = [...watched, ...others.flatMap(({ curve }) => curve)].map(
    ({ validation }) => Number(validation) / Math.LN2,
  );
  // What is far worse than knowing nothing leaves the picture, or nothing else could be told apart.
  const highest = Math.min(Math.max(...lines, ...curves), 1.5 * Math.max(...lines));
  const lowest = Math.min(...lines, ...curves, ...learned.map(({ loss }) => Number(loss) / Math.LN2));
  return {
    traces: [
      line({
        name: "Training",
        ...{ x: learned.map((row) => row.step), y: learned.map((row) => Number(row.loss) * scale) },
        line: { color: "var(--cat-1)", width: 1.4 },
        hovertemplate: "training, update %{x}: %{y:.3f}<extra></extra>",
      }),
      ...others.map(({ name: whose, curve }, index) =>
        line({
          ...{ name: whose, x: curve.map((point) => point.step), y: curve.map((point) => point.validation * scale) },
          line: { color: `var(--cat-${(index % 4) + 3})`, width: 1.4, dash: ["dash", "dot", "dashdot"][index % 3] },
          hovertemplate: `${whose}, update %{x}: %{y:.3f}<extra></extra>`,
        }),
      ),
      line({
        ...{ mode: "lines+markers", name: "Validation", marker: { color: "var(--cat-2)", size: 6 } },
        ...{ x: watched.map((row) => row.step), y: watched.map((row) => Number(row.validation) * scale) },
        customdata: watched.map((row) => String(row.step)),
        line: { color: "var(--cat-2)", width: 2 },
        hovertemplate: "validation, update %{x}: %{y:.3f}<extra></extra>",
      }),
    ],
    layout: {
      showlegend: true,
      xaxis: { title: "Update", range: [-0.03 * steps, 1.03 * steps] },
      yaxis: { title: name, range: [0.9 * lowest, 1.06 * highest].map((bits) => bits * Math.LN2 * scale) },
      shapes: [
        ...lines.map((value) => ({
          ...{
            type: "line",
            xref: "paper",
            yref: "y",
            x0: 0,
            x1: 1,
            y0: value * Math.LN2 * scale,
            y1: value * Math.LN2 * scale,
          },
          ...{ layer: "below", line: { color: "var(--edge)", width: 1, dash: "dot" } },
        })),
        {
          ...{ type: "line", xref: "x", yref: "paper", x0: step, x1: step, y0: 0, y1: 1 },
          line: { color: "var(--now)", width: 1.5 },
        },
      ],
      annotations: Object.entries(baselines).map(([key, value]) => ({
        ...{
          xref: "paper",
          yref: "y",
          x: 1,
          y: value * Math.LN2 * scale,
          xanchor: "right",
          yanchor: "bottom",
          showarrow: false,
        },
        ...{ text: BASELINES[key], font: { size: 11, color: "var(--ink-2)" } },
      })),
      hovermode: "closest",
    },
    table: {
      caption: "The training, update by update",
      columns: [
        { key: "step", label: "Update", numeric: true },
        { key: "loss", label: "Loss (nats)", numeric: true },
        { key: "bits", label: "Bits a character", numeric: true },
        { key: "validation", label: "Validation loss (nats)", numeric: true },
        { key: "held", label: "Validation, bits a character", numeric: true },
      ],
      rows: [
        ...Object.entries(baselines).map(([key, value]) => ({ step: `Counting: ${BASELINES[key]}`, held: value })),
        ...rows.map((row) => ({ ...row, bits: bits(row.loss), held: bits(row.validation) })),
      ],
    },
  };
}
