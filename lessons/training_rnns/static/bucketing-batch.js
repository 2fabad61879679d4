// @ts-check
/* One padded batch as a picture: a row for each sentence, words against padding. */

import { h, svg } from "../js/dom.js";
import { batchWords } from "./bucketing-numbers.js";

/** @import { Batch } from "./bucketing-numbers.js" */

const TALLEST = 380;

/**
 * @param {HTMLElement} root
 * @param {{sentence: (member: number) => string | undefined}} options a sentence's words, once they are known
 */
export function createBatch(root, { sentence }) {
  const picture = svg("svg", {
    class: "tr-batch",
    role: "img",
    "aria-label": "The padded batch",
    preserveAspectRatio: "none",
  });
  const stage = h(
    "div",
    {
      class: "tr-stage",
      tabindex: "0",
      role: "group",
      "aria-label": "The padded batch. Arrow up and arrow down go through its sentences.",
    },
    picture,
  );
  const words = h("p", { class: "tr-about" });
  const chosen = h("p", { class: "tr-sentence", "aria-live": "polite" });
  root.append(words, stage, chosen);

  /** @type {Batch | null} */
  let batch = null;
  /** @type {number[]} */
  let lengths = [];
  let row = 0;

  stage.addEventListener("keydown", (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!move || !batch) return;
    event.preventDefault();
    choose(Math.max(0, Math.min(batch.members.length - 1, row + move)));
  });
  picture.addEventListener("pointermove", (event) => {
    if (!batch) return;
    const { top, height } = picture.getBoundingClientRect();
    const at = Math.floor(((event.clientY - top) / height) * batch.members.length);
    choose(Math.max(0, Math.min(batch.members.length - 1, at)));
  });

  /** @param {number} to */
  function choose(to) {
    if (to === row) return;
    row = to;
    showRow();
  }

  function showRow() {
    if (!batch) return;
    for (const [index, group] of [...picture.querySelectorAll("g")].entries()) {
      group.classList.toggle("now", index === row);
    }
    const member = batch.members[row];
    const text = sentence(member);
    const empty = batch.width - lengths[member];
    chosen.replaceChildren(
      h("b", {}, `${lengths[member]} words`),
      empty > 0 ? `, ${empty} empty. ` : ". ",
      text ? `“${text}”` : "",
    );
  }

  return {
    /**
     * @param {Batch} next
     * @param {number[]} all lengths of all sentences
     * @param {number} widest of all batches: so that they can be compared
     */
    draw(next, all, widest) {
      batch = next;
      lengths = all;
      row = Math.min(row, next.members.length - 1);
      const count = next.members.length;
      const height = Math.max(5, Math.min(16, TALLEST / count));
      picture.setAttribute("viewBox", `0 0 ${widest} ${count}`);
      picture.style.height = `${count * height}px`;
      picture.replaceChildren(
        ...next.members.map((member, index) => {
          const length = all[member];
          const place = { y: index + 0.08, height: 0.84 };
          return svg(
            "g",
            {},
            svg("rect", { class: "words", x: 0, width: length, ...place }),
            svg("rect", { class: "pad", x: length, width: next.width - length, ...place }),
          );
        }),
        // The places: one line between any two.
        svg("path", {
          class: "places",
          d: Array.from({ length: next.width - 1 }, (_, at) => `M${at + 1} 0V${count}`).join(""),
        }),
        svg("path", { class: "edge", d: `M${next.width} 0V${count}` }),
      );
      words.textContent = batchWords(next, all);
      showRow();
    },
    destroy() {
      for (const element of [words, stage, chosen]) element.remove();
    },
  };
}
