// @ts-check
/* What a run will read, known before it has run; and what a run says, in words. No page here. */

import { wiringOf } from "./wirings.js";

/**
 * @typedef {object} Step
 * @property {string | null} read
 * @property {string | null} fed what the net said at the step before
 * @property {string | null} output
 * @property {{symbol: string, share: number}[]} likely
 * @property {number[]} state
 * @property {boolean} [open] not computed yet
 *
 * @typedef {object} Result
 * @property {string} wiring
 * @property {Step[]} steps
 * @property {string} answer
 * @property {string | null} wanted
 * @property {number[] | null} pixels
 * @property {string} score
 */

const READS = /** @type {Record<string, string[]>} */ ({
  "one-to-one": ["picture", "drawn"],
  "one-to-many": ["picture", "drawn"],
  "many-to-one": ["word"],
  "many-to-many": ["text", "waits"],
  delayed: ["numeral"],
});
export const GREYS = "0123456789abcdefg";
const END = "end";
const WAIT = 4; // steps that the second net for accents reads on

/** Which params the answer depends on. @param {string} wiring */
export function readsOf(wiring) {
  return READS[wiring] ?? [];
}

/**
 * Whether a run was asked what the form says now.
 * @param {Record<string, any>} params
 * @param {Record<string, any>} values
 */
export function sameQuestion(params, values) {
  return ["wiring", ...readsOf(values.wiring)].every(
    (name) => asRead(name, params[name]) === asRead(name, values[name]),
  );
}

/** @param {string} name @param {any} value */
function asRead(name, value) {
  const text = String(value ?? "")
    .trim()
    .replace(/\s+/g, " ");
  if (name === "numeral") return text.toLowerCase().replaceAll("-", " ").replace(/\s+/g, " ");
  return name === "word" ? text.toLowerCase() : text;
}

/** Accents off, as the net reads it. @param {string} text */
export function withoutAccents(text) {
  return text
    .replaceAll("œ", "oe")
    .replaceAll("Œ", "OE")
    .replaceAll("’", "'")
    .normalize("NFD")
    .replace(/[\u0300\u0301\u0302\u0308\u0327]/g, "")
    .normalize("NFC");
}

/**
 * The steps of a run that is not there yet: where it reads, and where it will be asked.
 * @param {Record<string, any>} values
 * @returns {Step[]}
 */
export function planOf(values) {
  const open = (/** @type {string | null} */ read, /** @type {boolean} */ asked) => ({
    read,
    fed: null,
    output: asked ? "?" : null,
    likely: [],
    state: [],
    open: true,
  });
  const first = readsOf(values.wiring)[0];
  const given = asRead(first, values[first]) || " "; // a form that is being emptied still has a step to draw
  switch (values.wiring) {
    case "one-to-one":
      return [open("picture", true)];
    case "one-to-many":
      return ["picture", null, null, null].map((read) => open(read, true));
    case "many-to-one":
      return Array.from(given, (letter, t) => open(letter, t === Array.from(given).length - 1));
    case "many-to-many":
      return values.waits
        ? waiting(Array.from(withoutAccents(given)), open)
        : Array.from(withoutAccents(given), (letter) => open(letter, true));
    default:
      return [...given.split(" ").map((word) => open(word, false)), ...Array.from("···", () => open(null, true))];
  }
}

/**
 * @param {string[]} letters
 * @param {(read: string | null, asked: boolean) => Step} open
 */
function waiting(letters, open) {
  return [
    ...letters.map((letter, t) => open(letter, t >= WAIT)),
    ...Array.from({ length: WAIT }, () => open(null, true)),
  ];
}

/** @param {string | null} symbol as it is drawn */
export function shown(symbol) {
  if (symbol === null) return "";
  return symbol === " " ? "␣" : symbol === END ? "■" : symbol;
}

/** @param {string | null} symbol as it is said */
export function spoken(symbol) {
  if (symbol === END) return "the end mark ■";
  return symbol === " " ? "a blank" : `“${symbol}”`;
}

/** @param {number} share */
export function percent(share) {
  const value = 100 * share;
  return value > 0 && value < 1 ? "< 1%" : value > 99 && value < 100 ? "> 99%" : `${Math.round(value)}%`;
}

/**
 * What came out, in a sentence.
 * @param {Result} result
 * @param {Record<string, any>} values
 */
export function headline({ wiring, steps, answer, wanted }, values) {
  const last = steps[steps.length - 1];
  const right = wanted === null ? "" : answer === wanted ? " Right." : ` Wrong: it is ${wanted}.`;
  switch (wiring) {
    case "one-to-one":
      return `It sees a ${answer} (${percent(last.likely[0].share)}).${right}`;
    case "one-to-many":
      return `It writes “${answer}”, letter by letter.${wanted !== null && answer !== wanted ? ` Wrong: the picture is of “${wanted}”.` : right}`;
    case "many-to-one":
      return `After ${steps.length} letter${steps.length > 1 ? "s" : ""} it takes “${asRead("word", values.word)}” for ${answer} (${percent(last.likely[0].share)}).`;
    case "many-to-many":
      return `It writes “${answer}”.${accentsInWords(answer, wanted)}`;
    default:
      return `It reads ${values.numeral.trim()}, and answers ${answer === "" ? "with nothing" : answer}.${wanted === null ? " These words spell no number from 0 to 9,999; it answers all the same." : right}`;
  }
}

/** @param {string} answer @param {string | null} wanted */
function accentsInWords(answer, wanted) {
  if (wanted === null) return "";
  if (answer === wanted) return " All accents are as you typed them.";
  const [said, typed, bare] = [answer, wanted, withoutAccents(wanted)].map((text) => Array.from(text));
  const count = typed.filter((letter, t) => letter !== bare[t]).length;
  const found = typed.filter((letter, t) => letter !== bare[t] && letter === said[t]).length;
  const wrong = said.filter((letter, t) => letter !== bare[t] && letter !== typed[t]).length;
  const added = wrong === 0 ? "" : `, and wrote ${wrong} that you did not`;
  return ` Of your ${count} accent${count > 1 ? "s" : ""} it found ${found === 0 ? "none" : found}${added}.`;
}

/**
 * A step in words, for those who cannot see it.
 * @param {Step} step
 * @param {number} t
 */
export function stepInWords({ read, fed, output }, t) {
  const reads =
    read === "picture"
      ? "reads the picture"
      : read !== null
        ? `reads ${spoken(read)}`
        : fed !== null
          ? `reads its own ${spoken(fed)}`
          : "reads nothing";
  return `Step ${t + 1}: ${reads}, ${output === null ? "says nothing" : `says ${spoken(output)}`}.`;
}

/** @param {{wiring: string}} result how its wiring is called */
export function nameOf({ wiring }) {
  return wiringOf(wiring).name;
}
