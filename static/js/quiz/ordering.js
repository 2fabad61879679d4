// @ts-check
/* Items that are put in order: by their buttons, or by choosing a place. */

import { announce } from "../live.js";
import { itemsOf, rank } from "./answers.js";

/**
 * @param {HTMLElement} question an ordering
 * @param {HTMLElement} control what was pressed or changed in it
 * @returns {boolean} whether an item has moved
 */
export function moveItem(question, control) {
  const items = itemsOf(question);
  const item = items.find((one) => one.contains(control));
  if (!item) return false;
  const from = items.indexOf(item);
  const step = Number(control.dataset.move ?? 0);
  const to = step ? from + step : Number(/** @type {HTMLSelectElement} */ (control).value) - 1;
  if (to === from || to < 0 || to >= items.length) return false;
  items[to][to > from ? "after" : "before"](item);
  rank(question);
  control.focus(); // moving it in the page has taken the focus away
  // At an end of the list the button has gone; the other one leads back.
  if (document.activeElement !== control) opposite(item, step)?.focus();
  announce(`Now in place ${to + 1}: ${item.querySelector(".ordering-text")?.textContent?.trim()}`);
  return true;
}

/**
 * @param {HTMLElement} item
 * @param {number} step
 * @returns {HTMLElement | null} the button that moves it the other way
 */
const opposite = (item, step) => item.querySelector(`[data-move="${-step}"]`);
