// @ts-check
/* Brings a page to life: each part only where the page has it, so that a page without demos loads none of their code. */

import { enliven } from "./enliven.js";

enliven(document);

/**
 * @template {Element} T
 * @param {string} selector
 * @returns {T[]}
 */
const all = (selector) => [...document.querySelectorAll(/** @type {any} */ (selector))];

// A form that came back with a mistake is shown there, wherever on the page it stands.
/** @type {HTMLElement[]} */
const mistakes = all("main form .notice.error, main .field.bad");
const mistake = mistakes.find((box) => box.offsetParent !== null);
mistake?.scrollIntoView({ block: "center" });
/** @type {HTMLElement | null | undefined} */ (mistake?.querySelector("input, select, textarea"))?.focus();

/** @type {HTMLElement[]} */
const rails = all("[data-toc]");
if (rails.length > 0) {
  import("./toc.js").then(({ mount }) => {
    for (const rail of rails) mount(rail);
  });
}

if (all(".lesson-panel, [data-discussion]").length > 0) import("./discussion.js");

/** @type {HTMLElement[]} */
const demos = all("article.prose [data-demo]");
if (demos.length > 0 && location.hash) import("./place.js").then(({ keepPlace }) => keepPlace(demos));

/** @type {HTMLElement[]} */
const terms = all("a.term");
if (terms.length > 0) import("./glossary.js").then(({ mount }) => mount(terms));

/** @type {HTMLElement[]} */
const lessons = all("[data-lesson-progress]");
if (lessons.length > 0) import("./lesson-progress.js").then(({ mount }) => lessons.map(mount));

/** @type {HTMLDetailsElement[]} */
const menus = all("details.menu");
if (menus.length > 0) {
  document.addEventListener("click", ({ target }) => {
    for (const menu of menus) if (!menu.contains(/** @type {Node} */ (target))) menu.open = false;
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    for (const menu of menus) {
      if (menu.open && menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
      menu.open = false;
    }
  });
}

/** @type {HTMLElement[]} */
const copies = all("[data-copy]");
if (copies.length > 0) {
  const clipboard = import("./clipboard.js");
  for (const button of copies) button.addEventListener("click", async () => (await clipboard).copyField(button));
}
