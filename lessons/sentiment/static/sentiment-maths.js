// @ts-check
/* What is measured and compared in the picture of a sentence. No page here. */

/**
 * @typedef {object} Sentence what `mlcore.feeling` says of one
 * @property {{text: string, word: number | null}[]} pieces
 * @property {string[]} words
 * @property {number} left_out
 * @property {number[]} probabilities
 * @property {boolean[]} known
 * @property {number[][]} after
 * @property {number[][]} gradient
 * @property {number[][]} without
 * @property {number[]} heard
 * @property {{probabilities: number[], known: boolean[], repeated: boolean[], contributions: number[][],
 *   before: number[]}} bag
 */

/** Below these a word's weight is small, whatever the others weigh: a point, or a twentieth of a bar. */
const FLOORS = { gradient: 0.5, without: 0.1, bag: 0.5 };
/** A weight is worth a word if it is such a part of the largest. */
const NOTABLE = 0.15;
const MOST_STRETCHED = 1.75;

/** @param {number[]} probabilities @returns the place of the greatest */
export function classOf(probabilities) {
  return probabilities.indexOf(Math.max(...probabilities));
}

/**
 * Words one after another, as many on each line as have room, and at least one.
 * @param {number[]} widths
 * @param {number} room
 * @returns {{from: number, to: number}[]} `to` is the first of the next line
 */
export function linesOf(widths, room) {
  /** @type {{from: number, to: number}[]} */
  const lines = [];
  let used = Number.POSITIVE_INFINITY;
  for (const [at, width] of widths.entries()) {
    if (used + width > room) {
      lines.push({ from: at, to: at });
      used = 0;
    }
    used += width;
    lines[lines.length - 1].to = at + 1;
  }
  return lines;
}

/**
 * The same, on no more lines, but with lines of about one length: no word is left alone on the last one.
 * @param {number[]} widths
 * @param {number} room
 */
export function balanced(widths, room) {
  const count = linesOf(widths, room).length;
  let [low, high] = [0, room];
  while (high - low > 1) {
    const middle = (low + high) / 2;
    if (linesOf(widths, middle).length > count) low = middle;
    else high = middle;
  }
  return linesOf(widths, high);
}

/**
 * Words that are few enough for one line get more room each, though never so much that they fall apart.
 * @param {number[]} widths
 * @param {number} room
 */
export function stretched(widths, room) {
  const all = widths.reduce((sum, width) => sum + width, 0);
  const factor = Math.min(MOST_STRETCHED, Math.floor((100 * room) / all) / 100);
  return factor > 1 ? widths.map((width) => Math.floor(width * factor)) : widths;
}

/**
 * What each word weighs for one class, by each way of asking.
 * @param {Sentence} sentence
 * @param {number} which class
 */
export function weightsOf({ gradient, without, bag }, which) {
  const column = (/** @type {number[][]} */ rows) => rows.map((row) => row[which]);
  return { gradient: column(gradient), without: column(without), bag: column(bag.contributions) };
}

/** @typedef {ReturnType<typeof weightsOf>} Weights */

/**
 * What a full bar stands for, so that bars of several sentences can be compared.
 * @param {Weights[]} all
 * @returns {{gradient: number, without: number, bag: number}}
 */
export function scalesOf(all) {
  const largest = (/** @type {keyof Weights} */ key) =>
    Math.max(FLOORS[key], ...all.flatMap((weights) => weights[key].map(Math.abs)));
  return { gradient: largest("gradient"), without: largest("without"), bag: largest("bag") };
}

/**
 * Where one way says that a word speaks for the class and the other that it speaks against it, and neither faintly.
 * @param {Weights} weights
 * @param {{gradient: number, without: number}} scales
 * @returns {number[]} places, the clearest first
 */
export function disagreements({ gradient, without }, scales) {
  const clear = (/** @type {number} */ at) =>
    Math.min(Math.abs(gradient[at]) / scales.gradient, Math.abs(without[at]) / scales.without);
  return gradient
    .map((_, at) => at)
    .filter((at) => gradient[at] * without[at] < 0 && clear(at) >= NOTABLE)
    .sort((a, b) => clear(b) - clear(a));
}

/**
 * What the bag of words says after the first `count` words.
 * @param {Sentence["bag"]} bag
 * @param {number} count
 */
export function bagAfter({ before, contributions }, count) {
  const scores = before.map((score, at) => contributions.slice(0, count).reduce((sum, row) => sum + row[at], score));
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/**
 * The words that two sentences have in common, in order, as many as there can be.
 * @param {string[]} one
 * @param {string[]} two
 * @returns {(number | null)[]} for each word of `one` its place in `two`
 */
export function matched(one, two) {
  // longest[i][j]: so many words can be matched from one[i] and two[j] on
  const longest = Array.from({ length: one.length + 1 }, () => new Uint16Array(two.length + 1));
  for (let i = one.length - 1; i >= 0; i -= 1)
    for (let j = two.length - 1; j >= 0; j -= 1)
      longest[i][j] = one[i] === two[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
  /** @type {(number | null)[]} */
  const places = one.map(() => null);
  for (let i = 0, j = 0; i < one.length && j < two.length; ) {
    if (one[i] === two[j]) {
      places[i] = j;
      i += 1;
      j += 1;
    } else if (longest[i + 1][j] >= longest[i][j + 1]) i += 1;
    else j += 1;
  }
  return places;
}

/**
 * A ribbon of several bands, one on another: flat under each word, and bent between two.
 * @param {number[][]} parts for each word the height of each band, 1 in all
 * @param {{x: number, width: number}[]} columns
 * @param {number} height
 * @returns {string[]} a path for each band, the first at the bottom
 */
export function ribbon(parts, columns, height) {
  if (parts.length === 0) return [];
  const edges = [parts.map(() => 0)];
  for (let band = 0; band < parts[0].length; band += 1)
    edges.push(parts.map((row, at) => Math.min(1, edges[band][at] + row[band])));
  return edges.slice(1).map((upper, band) => {
    const there = edgeOf(upper, columns, height);
    const back = edgeOf(edges[band], columns, height).reverse();
    return `M${there[0]}${along(there)}L${back[0]}${along(back)}Z`;
  });
}

/** @param {number[]} levels @param {{x: number, width: number}[]} columns @param {number} height @returns {number[][]} */
function edgeOf(levels, columns, height) {
  return columns.flatMap(({ x, width }, at) => {
    const y = round(height * (1 - levels[at]));
    const bend = width * 0.25;
    return [
      [round(at === 0 ? x : x + bend), y],
      [round(at === columns.length - 1 ? x + width : x + width - bend), y],
    ];
  });
}

/** @param {number[][]} points */
function along(points) {
  return points
    .slice(1)
    .map(([x, y], at) => {
      const [fromX, fromY] = points[at];
      const middle = round((fromX + x) / 2);
      return at % 2 === 0 ? `L${x},${y}` : `C${middle},${fromY} ${middle},${y} ${x},${y}`;
    })
    .join("");
}

/** @param {number} number */
function round(number) {
  return Math.round(number * 100) / 100;
}
