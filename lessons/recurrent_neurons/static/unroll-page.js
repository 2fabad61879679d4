// @ts-check
/* Writing to the page only what is different: most of a picture is what it was. */

/** @type {WeakMap<Element, Record<string, string>>} what was written last: reading it from the page costs more */
const written = new WeakMap();

/**
 * Whether `name` of an element is to be written.
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
function isNew(element, name, value) {
  let known = written.get(element);
  if (!known) {
    known = {};
    written.set(element, known);
  }
  if (known[name] === value) return false;
  known[name] = value;
  return true;
}

/**
 * An attribute.
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
export function set(element, name, value) {
  if (isNew(element, name, value)) element.setAttribute(name, value);
}

/**
 * The text.
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (isNew(element, "#text", text)) element.textContent = text;
}

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

/** @param {number} j counted from 0, shown from 1 */
export function sub(j) {
  return Array.from(String(j + 1), (digit) => SUBSCRIPTS[Number(digit)]).join("");
}

/** @param {number | string} symbol */
export function shown(symbol) {
  if (symbol === " ") return "␣";
  return typeof symbol === "number" ? String(symbol).replace("-", "−") : symbol;
}

/**
 * What a weight leads from and to, in words.
 * @param {import("./unroll-maths.js").Weight} weight
 * @param {{reads: string, letters: string, apart: boolean}} names
 */
export function wordsOf({ kind, place }, { reads, letters, apart }) {
  const state = apart ? "h" : "y";
  const [from, to] = place;
  if (kind === "Wy") return `Wy, from ${state}${sub(from)}(t−1) to ${state}${sub(to)}(t)`;
  if (kind === "Wx") {
    const one = reads === "letters" || reads === "brackets";
    return `Wx, from ${one ? `x = “${shown(letters[from])}”` : "x(t)"} to ${state}${sub(to)}(t)`;
  }
  if (kind === "b") return `b, the bias of ${state}${sub(from)}`;
  return kind === "V" ? `V, from h${sub(from)}(t) to the output` : "c, the bias of the output";
}
