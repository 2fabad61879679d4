// @ts-check
/* A series' rows in time, its windows, and what a run has said so far. No page here. */

/**
 * @typedef {object} Data what a run says of its series
 * @property {string} title
 * @property {string} name
 * @property {string} unit
 * @property {string[]} features
 * @property {string[]} columns
 * @property {string | null} start
 * @property {string} every
 * @property {number | null} period
 * @property {string} source
 * @property {string} licence
 * @property {string[]} notes
 * @property {number} gaps
 * @property {number[]} filled
 * @property {number} train
 * @property {number} validation
 * @property {number} rows
 * @property {number} windows
 * @property {number[]} values
 * @property {Record<string, number | null>} baselines
 *
 * @typedef {object} Row
 * @property {number} step
 * @property {number} epoch
 * @property {number | null} loss
 * @property {number | null} gradient
 * @property {number | null} validation
 * @property {number | null} error
 *
 * @typedef {object} Frame
 * @property {number} step
 * @property {number} epoch
 * @property {(number | null)[]} one
 * @property {(number | null)[]} many
 * @property {(number | null)[]} low
 * @property {(number | null)[]} high
 *
 * @typedef {{start: string | null, every: string}} Clock
 */

/** @type {Record<string, number>} */
const SECONDS = { week: 604_800, day: 86_400, hour: 3600, minute: 60 };
/** @type {Record<string, number>} */
const MONTHS = { month: 1, quarter: 3, year: 12 };

/**
 * Where a row stands on an axis of time: a year, a moment as Plotly reads it, or its number.
 * @param {Clock} clock
 * @param {number} row
 * @returns {number | string}
 */
export function placeOf({ start, every }, row) {
  if (start === null) return row + 1;
  if (every === "year") return Number(start.slice(0, 4)) + row;
  return momentOf(start, every, row).toISOString().slice(0, 16);
}

/**
 * A row in words: "1816", "1958-03-29", "1959 Q2", "row 17".
 * @param {Clock} clock
 * @param {number} row
 */
export function wordsOf({ start, every }, row) {
  if (start === null) return `row ${row + 1}`;
  const moment = momentOf(start, every, row);
  const text = moment.toISOString();
  if (every === "year") return text.slice(0, 4);
  if (every === "month") return text.slice(0, 7);
  if (every === "quarter") return `${text.slice(0, 4)} Q${Math.floor(moment.getUTCMonth() / 3) + 1}`;
  return every === "week" || every === "day" ? text.slice(0, 10) : text.slice(0, 16).replace("T", " ");
}

/**
 * @param {string} start
 * @param {string} every
 * @param {number} row
 */
function momentOf(start, every, row) {
  const moment = new Date(`${start.slice(0, 19)}Z`);
  if (every in SECONDS) return new Date(moment.getTime() + row * SECONDS[every] * 1000);
  const day = moment.getUTCDate();
  moment.setUTCDate(1);
  moment.setUTCMonth(moment.getUTCMonth() + row * (MONTHS[every] ?? 0));
  const last = new Date(Date.UTC(moment.getUTCFullYear(), moment.getUTCMonth() + 1, 0)).getUTCDate();
  moment.setUTCDate(Math.min(day, last));
  return moment;
}

/**
 * One training instance: the rows of its inputs, and those of its targets, the same one step later.
 * @param {number} index
 * @param {number} length
 */
export function windowAt(index, length) {
  const inputs = Array.from({ length }, (_, place) => index + place);
  return { inputs, targets: inputs.map((row) => row + 1) };
}

/**
 * How many windows of a length have all of their rows in the training part.
 * @param {Data} data
 * @param {number} length
 */
export function windowCount({ train }, length) {
  return Math.max(0, train - length);
}

/**
 * A number for a reader: four digits that count, and the unit.
 * @param {number | null | undefined} value
 * @param {string} [unit]
 */
export function shown(value, unit = "") {
  if (value === null || value === undefined) return "–";
  const text =
    Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-4)
      ? value.toExponential(2)
      : value.toLocaleString("en", { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
  return unit ? `${text}\u00a0${unit}` : text;
}

/**
 * Whether a curve spans so much that only a logarithmic axis shows it.
 * @param {(number | null)[]} values
 */
export function spansDecades(values) {
  const positive = values.filter((value) => value !== null && value > 0).map(Number);
  return positive.length > 1 && Math.max(...positive) / Math.min(...positive) > 100;
}
