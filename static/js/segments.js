// @ts-check
/* A few choices beside each other, of which one holds. */

import { h, newId } from "./dom.js";

/**
 * @param {string} label
 * @param {Record<string, string>} choices
 * @param {(value: string) => void} onChange
 */
export function segments(label, choices, onChange) {
  const name = newId("segments");
  /** @type {Record<string, HTMLInputElement>} */
  const inputs = {};
  for (const value of Object.keys(choices)) {
    inputs[value] = h("input", { type: "radio", name, value });
    inputs[value].addEventListener("change", () => onChange(value));
  }
  const labels = Object.entries(choices).map(([value, words]) => h("label", {}, inputs[value], h("span", {}, words)));
  return {
    element: h("div", { class: "segments", role: "radiogroup", "aria-label": label }, labels),
    get value() {
      return Object.keys(inputs).find((value) => inputs[value].checked) ?? "";
    },
    /** @param {string} value what is no choice is the first one */
    set(value) {
      (inputs[value] ?? Object.values(inputs)[0]).checked = true;
    },
    /** @param {string} value @param {boolean} enabled */
    enable(value, enabled) {
      inputs[value].disabled = !enabled;
    },
  };
}
