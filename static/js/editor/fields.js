// @ts-check
/* The fields of a lesson: what they say, and what is wrong with one of them. */

import { h } from "../dom.js";

/** @import { TextField } from "./text-field.js" */
/** @typedef {Record<string, string>} Values */

const NAMES = ["title", "summary", "aims", "body", "quiz"];

/**
 * @param {HTMLFormElement} form
 * @param {Record<string, TextField>} texts those that are a CodeMirror
 * @param {() => void} onWrite they have been given other values
 */
export function fieldsOf(form, texts, onWrite) {
  /** @param {string} name */
  const control = (name) => /** @type {HTMLInputElement | HTMLTextAreaElement} */ (form.elements.namedItem(name));

  return {
    /** @returns {Values} */
    read: () => Object.fromEntries(NAMES.map((name) => [name, texts[name]?.text ?? control(name).value])),
    /** @param {Values} values */
    write(values) {
      for (const name of NAMES) {
        const value = values[name] ?? "";
        if (texts[name]) texts[name].text = value;
        else control(name).value = value;
      }
      onWrite();
    },
    /** @param {Record<string, string[]>} errors by field, as the server tells them */
    mark(errors) {
      for (const name of [...NAMES, "message"]) {
        const box = control(name).closest(".field");
        const text = errors[name]?.join(" ") ?? "";
        box?.classList.toggle("bad", text !== "");
        for (const old of box?.querySelectorAll(".error") ?? []) old.remove();
        if (!text) continue;
        box?.append(h("div", { class: "error", id: `${name}-error` }, text));
        control(name).setAttribute("aria-describedby", `${name}-error`);
        const details = box?.closest("details");
        if (details) details.open = true;
      }
    },
  };
}

/** @param {Values} one @param {Values} other */
export function sameValues(one, other) {
  return NAMES.every((name) => (one[name] ?? "") === (other[name] ?? ""));
}
