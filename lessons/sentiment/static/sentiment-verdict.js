// @ts-check
/* Three classes, and what two models say of each. A class is pressed to see what speaks for it. */

import { h } from "../js/dom.js";
import { classOf } from "./sentiment-maths.js";
import { CLASS_SIGNS, CLASSES, percent } from "./sentiment-words.js";

/**
 * @param {HTMLElement} root
 * @param {(which: number) => void} onChoose
 */
export function createVerdict(root, onChoose) {
  const read = h("span", { class: "fe-head" });
  const rows = CLASSES.map((name, which) => {
    const bars = ["network", "bag"].map((model) => {
      const fill = h("i", { class: `fe-class-${which}` });
      const number = h("span", { class: "fe-number" });
      return {
        fill,
        number,
        element: h(
          "span",
          { class: `fe-part fe-${model}` },
          h("span", { class: "fe-track", "aria-hidden": "true" }, fill),
          number,
        ),
      };
    });
    const button = h(
      "button",
      { type: "button", class: "fe-choose", onclick: () => onChoose(which), title: `What speaks for “${name}”?` },
      h("span", { class: `fe-mark fe-class-${which}`, "aria-hidden": "true" }, CLASS_SIGNS[which]),
      h("span", { class: "fe-class" }, name),
      bars.map((bar) => bar.element),
    );
    return { button, bars };
  });
  const element = h(
    "div",
    { class: "fe-verdict", role: "group", "aria-label": "Classes: press one to see what speaks for it" },
    h("div", { class: "fe-heads" }, read, h("span", { class: "fe-head" }, "bag of words")),
    rows.map((row) => row.button),
  );
  root.append(element);
  return {
    /**
     * @param {{network: number[], bag: number[], which: number, words: number, of: number}} scene
     */
    update({ network, bag, which, words, of }) {
      read.textContent = words === of ? "network, all words" : `network, ${words} of ${of} words`;
      for (const [at, { button, bars }] of rows.entries()) {
        button.setAttribute("aria-pressed", String(at === which));
        for (const [i, parts] of [network, bag].entries()) {
          bars[i].fill.style.width = `${100 * parts[at]}%`;
          bars[i].number.textContent = percent(parts[at]);
          bars[i].element.classList.toggle("fe-said", classOf(parts) === at);
          bars[i].number.setAttribute("aria-label", `${i === 0 ? "network" : "bag of words"} ${percent(parts[at])}`);
        }
      }
    },
    destroy() {
      element.remove();
    },
  };
}
