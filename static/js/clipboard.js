// @ts-check
/* Copying for the reader. A browser has no clipboard for http pages, which is what a local network's addresses give. */

import { announce } from "./live.js";

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it could be copied; where not, show it selected and let the reader do it
 */
export async function copy(text) {
  const copied = navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  );
  return (await copied) ?? false;
}

/** @param {HTMLElement} button names in `data-copy` the field that it copies */
export async function copyField(button) {
  const field = /** @type {HTMLInputElement} */ (document.getElementById(button.dataset.copy ?? ""));
  const copied = await copy(field.value);
  if (!copied) selectAll(field);
  button.textContent = copied ? "Copied" : "Copy it by hand";
  announce(copied ? "Copied." : "It is selected. Copy it by hand.");
}

/** @param {HTMLInputElement} field */
export function selectAll(field) {
  field.focus();
  field.select();
}
