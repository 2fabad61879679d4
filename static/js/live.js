// @ts-check
/* One polite live region for the page. What comes fast is said together, so that nobody is talked over. */

import { h } from "./dom.js";

const PAUSE = 700;
const FORGET = 4000;

/** @type {HTMLElement | null} */
let region = null;
/** @type {string[]} */
let waiting = [];

/** @param {string} text */
export function announce(text) {
  const said = text.trim();
  if (!said || waiting.at(-1) === said) return;
  if (!region) {
    region = h("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
    document.body.append(region);
  }
  waiting.push(said);
  if (waiting.length === 1) setTimeout(say, PAUSE);
}

function say() {
  const line = h("p", {}, waiting.join(" "));
  waiting = [];
  region?.append(line);
  setTimeout(() => line.remove(), FORGET);
}
