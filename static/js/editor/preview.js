// @ts-check
/*
 * Inside the frame beside the editor: shows the HTML that the editor hands over. Only what has changed is exchanged, so
 * that a demo that runs goes on, and what is read stays where it is.
 */

import { enliven } from "../enliven.js";
import { matched } from "./patch.js";

/** @typedef {{key: string, element: Element, end: () => void}} Part */

const article = /** @type {HTMLElement} */ (document.querySelector("[data-preview]"));
/** @type {Part[]} */
let parts = [];

addEventListener("message", ({ origin, source, data }) => {
  if (origin !== location.origin || source !== parent) return;
  if (data.kind === "text") show(data.html);
  else if (data.kind === "place") follow(data);
});
addEventListener("click", ({ target }) => {
  const link = target instanceof Element ? target.closest("a") : null;
  if (!link || link.getAttribute("href")?.startsWith("#")) return;
  link.target = "_blank"; // this frame stays with the lesson
  link.rel = "noopener";
});
parent.postMessage({ kind: "ready" }, location.origin);

/** @param {string} html as the server renders a lesson's text */
function show(html) {
  const fresh = [...new DOMParser().parseFromString(html, "text/html").body.children];
  const keys = fresh.map(keyOf);
  const kept = matched(
    parts.map(({ key }) => key),
    keys,
  );
  const stays = new Set(kept);
  for (const [index, { element, end }] of parts.entries()) {
    if (stays.has(index)) continue;
    end();
    element.remove();
  }
  parts = fresh.map((element, index) => {
    const old = parts[kept[index]];
    if (old) {
      if (element.matches(".demo")) takeIds(old.element, element);
      return old;
    }
    return { key: keys[index], element: document.adoptNode(element), end: () => {} };
  });
  let place = article.firstElementChild;
  for (const [index, part] of parts.entries()) {
    if (part.element === place) place = place.nextElementSibling;
    else article.insertBefore(part.element, place);
    if (kept[index] === -1) part.end = enliven(part.element);
  }
  article.dataset.shown = "";
}

/**
 * What a part says. A demo's ids name the line it stands on, which moves with every line above it.
 * @param {Element} element
 */
function keyOf(element) {
  if (!(element instanceof HTMLElement) || !element.matches(".demo")) return element.outerHTML;
  return `demo ${element.dataset.demo} ${element.dataset.preset ?? ""}`;
}

/** @param {Element} old @param {Element} fresh */
function takeIds(old, fresh) {
  const name = fresh.getAttribute("aria-labelledby") ?? "";
  const title = old.querySelector(".demo-title");
  if (title) title.id = name;
  old.setAttribute("aria-labelledby", name);
}

/**
 * Brings to sight what stands where the author writes.
 * @param {{section: number, headings: number, part: number, whole: number}} place
 */
function follow({ section, headings, part, whole }) {
  const found = [...article.querySelectorAll(":scope > :is(h2, h3, h4, h5, h6), :scope > h1:not(:first-child)")];
  const page = document.documentElement;
  /** @param {number} index */
  const topOf = (index) =>
    index < 0 ? 0 : index < found.length ? found[index].getBoundingClientRect().top + scrollY : page.scrollHeight;
  const same = found.length === headings;
  const top = same ? topOf(section) + part * (topOf(section + 1) - topOf(section)) : whole * page.scrollHeight;
  const seen = top - scrollY;
  if (seen < innerHeight * 0.05 || seen > innerHeight * 0.8) scrollTo({ top: top - innerHeight * 0.25 });
}
