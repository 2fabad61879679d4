// @ts-check
/* What the events of a text that is written or read add up to, and how to say it. No page here. */

/**
 * One text, a column for each thing that is known of its characters.
 * @typedef {object} Text
 * @property {string[]} symbols
 * @property {(number | null)[]} nats −ln p of each; null for what the network never saw
 * @property {string[]} top the likeliest characters at each place, the likeliest first
 * @property {number[][]} likely how likely the network held them
 * @property {number[][]} allowed what they were drawn with
 * @property {(number | null)[]} given what the character that stands there was drawn with; null where nothing was drawn
 * @property {number[]} kept how many characters could be drawn
 * @property {number[]} unknown places in the prompt, or in the text that is read
 *
 * @typedef {{symbol: string, likely: number, allowed: number | null, stands: boolean}} Row
 */

const COLUMNS = /** @type {const} */ (["nats", "top", "likely", "allowed", "given", "kept"]);
/** Bits at which the shading gets stronger. */
export const LEVELS = [1, 3, 5, 8];
const CHOSEN = /^[01](?:\.\d+){2}$/;

/** @returns {Text} */
export function noText() {
  return { symbols: [], nats: [], top: [], likely: [], allowed: [], given: [], kept: [], unknown: [] };
}

/**
 * Adds what one `tokens` event says to the text it belongs to.
 * @param {Text[]} texts
 * @param {any} data
 */
export function take(texts, data) {
  while (texts.length <= data.of) texts.push(noText());
  const text = texts[data.of];
  text.symbols.push(...data.text);
  for (const name of COLUMNS) /** @type {any[]} */ (text[name]).push(...data[name]);
  if (data.unknown) text.unknown = data.unknown;
}

/** @param {number} nats */
export function bits(nats) {
  return nats / Math.LN2;
}

/**
 * 0 for what was expected, up to the number of LEVELS.
 * @param {number | null} nats
 */
export function level(nats) {
  return nats === null ? 0 : LEVELS.filter((least) => bits(nats) >= least).length;
}

/**
 * The mean surprise over the characters that the network knows; null where there is none.
 * @param {Text} text
 */
export function mean({ nats }) {
  const known = nats.filter((one) => one !== null);
  if (known.length === 0) return null;
  const average = known.reduce((sum, one) => sum + one, 0) / known.length;
  return { known: known.length, nats: average, bits: bits(average), perplexity: Math.exp(average) };
}

/**
 * The most surprising places, the most surprising first.
 * @param {Text} text
 * @param {number} most
 */
export function surprising({ nats }, most) {
  return nats
    .map((one, at) => ({ at, nats: one ?? -1 }))
    .filter((place) => place.nats > Math.LN2)
    .sort((a, b) => b.nats - a.nats || a.at - b.at)
    .slice(0, most);
}

/**
 * What could have stood at a place: the likeliest, and what stands there.
 * @param {Text} text
 * @param {number} at
 * @returns {Row[]}
 */
export function rowsAt(text, at) {
  const symbols = [...text.top[at]];
  const drawn = text.allowed[at].length > 0;
  const rows = symbols.map((symbol, index) => ({
    symbol,
    likely: text.likely[at][index],
    allowed: drawn ? text.allowed[at][index] : null,
    stands: symbol === text.symbols[at],
  }));
  const nats = text.nats[at];
  if (nats !== null && !symbols.includes(text.symbols[at])) {
    rows.push({ symbol: text.symbols[at], likely: Math.exp(-nats), allowed: text.given[at], stands: true });
  }
  return rows;
}

/** @param {string} symbol a character as it can be read by itself */
export function label(symbol) {
  if (symbol === " ") return "space";
  if (symbol === "\n") return "new line";
  if (symbol === "\t") return "tab";
  return symbol;
}

/** @param {string} text with what has no shape of its own (and may turn what comes after it about) to be seen */
export function visible(text) {
  return text
    .replaceAll("\n", "↵")
    .replaceAll("\t", "⇥")
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, "�");
}

/** @param {number} value a perplexity, which may have many digits */
export function large(value) {
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString("en");
}

/** @param {number} share */
export function percent(share) {
  if (share === 0) return "0";
  if (share < 0.0005) return "< 0.1 %";
  return `${(100 * share).toFixed(share < 0.9995 ? 1 : 0)} %`;
}

/**
 * How many of the characters of each text were put there by hand.
 * @param {string} chosen as the param has it: `text.place.character`, separated by spaces
 * @returns {Set<string>} `text.place`
 */
export function chosenPlaces(chosen) {
  return new Set(
    chosen
      .split(" ")
      .filter((one) => CHOSEN.test(one))
      .map((one) => one.split(".").slice(0, 2).join(".")),
  );
}

/**
 * The param with one more character put there by hand. What was chosen after it in its text belonged to another text.
 * @param {string} chosen
 * @param {number} of
 * @param {number} at
 * @param {string} symbol
 */
export function choose(chosen, of, at, symbol) {
  const kept = chosen.split(" ").filter((one) => {
    if (!CHOSEN.test(one)) return false;
    const [text, place] = one.split(".").map(Number);
    return text !== of || place < at;
  });
  return [...kept, `${of}.${at}.${symbol.codePointAt(0)}`].sort(inOrder).join(" ");
}

/**
 * @param {string} one
 * @param {string} other
 */
function inOrder(one, other) {
  const [a, b] = [one, other].map((text) => text.split(".").map(Number));
  return a[0] - b[0] || a[1] - b[1];
}
