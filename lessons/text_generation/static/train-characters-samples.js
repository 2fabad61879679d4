// @ts-check
/* What the network writes: the sample of one stage, and all of them as a strip. */

import { h } from "../js/dom.js";
import { bits, pieces, shown, sign, updates, wordsKnown } from "./train-characters-numbers.js";

/** @import { Data, Frame, Row } from "./train-characters-numbers.js" */

/** @param {HTMLElement} root */
export function createSample(root) {
  const title = h("p", { class: "tc-label" });
  const text = h("pre", { class: "tc-sample", tabindex: "0", role: "region", "aria-label": "What it writes" });
  const words = h("p", { class: "tc-said" });
  const element = h("div", {}, title, text, words);
  root.append(element);
  return {
    /**
     * @param {Data} data
     * @param {Frame} frame
     */
    show(data, frame) {
      title.textContent = frame.step === 0 ? "Written before any training" : `Written after ${updates(frame.step)}`;
      const unknown = new Set(data.unknown);
      const prompt = [...data.prompt].map((symbol, at) => (unknown.has(at) ? h("del", {}, symbol) : symbol));
      text.replaceChildren(
        h("span", { class: "tc-prompt" }, prompt),
        ...pieces(frame.text, frame.made_up).map((piece) => (piece.madeUp ? h("u", {}, piece.text) : piece.text)),
      );
      const { words: all, known } = wordsKnown(frame);
      const lost = [...new Set([...data.prompt].filter((_, at) => unknown.has(at)))].map(sign).join(" ");
      words.textContent = [
        all === 0 ? "No words yet." : `${known} of its ${all} words occur in the text; the others are underlined.`,
        lost ? `The text has no ${lost}: passed over.` : "",
      ].join(" ");
    },
    destroy: () => element.remove(),
  };
}

/**
 * @param {HTMLElement} root
 * @param {{onChoose: (index: number) => void}} options
 */
export function createStrip(root, { onChoose }) {
  const list = h("ol", { class: "tc-strip-of-samples", "aria-label": "The samples of all stages" });
  root.append(list);
  /** @type {HTMLButtonElement[]} */
  let cards = [];
  /** @type {Frame[]} */
  let drawn = [];

  return {
    /**
     * @param {Frame[]} frames
     * @param {Row[]} rows
     * @param {number} chosen
     */
    show(frames, rows, chosen) {
      if (drawn[0] !== frames[0] || drawn.length > frames.length) {
        cards = [];
        list.replaceChildren();
      }
      for (const [index, frame] of frames.entries()) {
        if (cards[index]) continue;
        const row = rows.find(({ step, validation }) => step === frame.step && validation !== null);
        const when = frame.step === 0 ? "before" : frame.step.toLocaleString("en");
        const reached = `${shown(bits(row?.validation))} bits`;
        const card = h(
          "button",
          { type: "button", onclick: () => onChoose(index) },
          h("b", {}, when),
          " ",
          h("small", {}, reached),
          " ",
          h("span", {}, frame.text.trim().slice(0, 90)),
        );
        cards[index] = card;
        list.append(h("li", {}, card));
      }
      drawn = [...frames];
      for (const [index, card] of cards.entries()) {
        if (index === chosen) card.setAttribute("aria-current", "step");
        else card.removeAttribute("aria-current");
      }
      const card = cards[chosen];
      if (!card) return;
      // Only the strip moves, never the page.
      const { offsetLeft, offsetWidth } = card;
      if (offsetLeft < list.scrollLeft || offsetLeft + offsetWidth > list.scrollLeft + list.clientWidth) {
        list.scrollLeft = offsetLeft - (list.clientWidth - offsetWidth) / 2;
      }
    },
    destroy: () => list.remove(),
  };
}
