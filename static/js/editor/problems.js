// @ts-check
/* What is wrong with the text: a list below it, each line a way to its place, and marks beside the text. */

import { h } from "../dom.js";

/** @import { TextField } from "./text-field.js" */
/** @typedef {{line: number, message: string}} Problem */

/**
 * @param {object} options
 * @param {HTMLElement} options.list
 * @param {HTMLElement} options.none what is said where there is nothing
 * @param {TextField} options.text
 * @param {() => void} options.onGo the text has to be seen
 */
export function mountProblems({ list, none, text, onGo }) {
  let shown = "";
  return {
    /** @param {Problem[]} problems */
    show(problems) {
      text.mark(problems);
      if (JSON.stringify(problems) === shown) return; // a screen reader is not told again
      shown = JSON.stringify(problems);
      list.replaceChildren(
        ...problems.map(({ line, message }) => {
          const onclick = () => {
            onGo();
            text.goTo(line);
          };
          return h("li", {}, h("button", { type: "button", onclick }, `Line ${line}: ${message}`));
        }),
      );
      none.hidden = problems.length > 0;
    },
  };
}
