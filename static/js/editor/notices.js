// @ts-check
/* What happened, in boxes above the text: one of each kind at a time. */

import { h } from "../dom.js";

/** @typedef {{label: string, run: () => void}} Action */

/** @param {HTMLElement} root */
export function noticesIn(root) {
  /** @type {Map<string, HTMLElement>} */
  const shown = new Map();

  return {
    /**
     * @param {string} kind what it is about; the next of this kind takes its place
     * @param {"info" | "warning" | "error"} tone
     * @param {(string | Node)[]} words
     * @param {Action[]} [actions] each takes the notice away
     */
    show(kind, tone, words, actions = []) {
      this.hide(kind);
      const box = h(
        "div",
        { class: `notice ${tone}`, role: tone === "error" ? "alert" : "status" },
        h("p", {}, ...words),
        actions.length > 0 &&
          h(
            "div",
            { class: "form-actions" },
            actions.map(({ label, run }) =>
              h(
                "button",
                {
                  type: "button",
                  class: "small",
                  onclick: () => {
                    this.hide(kind);
                    run();
                  },
                },
                label,
              ),
            ),
          ),
      );
      shown.set(kind, box);
      root.append(box);
    },
    /** @param {string} kind */
    hide(kind) {
      shown.get(kind)?.remove();
      shown.delete(kind);
    },
  };
}
