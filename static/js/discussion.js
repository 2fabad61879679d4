// @ts-check
/* What htmx brings into a page: formulas are typeset, messages are said, and what went wrong is told in its place. */

import { h } from "./dom.js";
import { announce } from "./live.js";
import { stylesheet } from "./stylesheet.js";

stylesheet(new URL("../css/discussion.css", import.meta.url).href);

document.addEventListener("htmx:load", (event) => {
  /** @type {HTMLElement} */
  const element = /** @type {CustomEvent} */ (event).detail.elt;
  if (element === document.body) return; // the page as it came; page.js sees to that
  /** @type {HTMLElement[]} */
  const formulas = [...element.querySelectorAll(/** @type {any} */ (".math:not([data-typeset])"))];
  if (formulas.length > 0) import("./math.js").then(({ typeset }) => typeset(formulas));
  for (const message of element.querySelectorAll(".messages li")) announce(message.textContent ?? "");
});

for (const name of ["htmx:responseError", "htmx:sendError"]) {
  document.addEventListener(name, (event) => {
    /** @type {HTMLElement} */
    const target = /** @type {CustomEvent} */ (event).detail.target;
    if (!target.matches("[data-discussion]") || target.querySelector("[data-trouble]")) return;
    const words = "That did not work. Copy what you have written, reload the page, then try again.";
    target.prepend(h("p", { class: "notice error", role: "alert", dataset: { trouble: "" } }, words));
  });
}
