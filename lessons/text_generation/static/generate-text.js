// @ts-check
/* A text whose characters can be pointed at, walked through by keys, and are shaded by how surprising they are. */

import { h } from "../js/dom.js";
import { large, level, mean } from "./generate-steps.js";

/** @import { Text } from "./generate-steps.js" */

/**
 * @typedef {object} Page
 * @property {HTMLElement} element
 * @property {(text: Text, prompt: string, chosen: (at: number) => boolean) => void} begin
 * @property {(words: string) => void} head
 * @property {() => void} grow draws what has come to the text since
 * @property {(at: number | null, options?: {pointed?: boolean, replaying?: boolean, show?: boolean}) => void} mark
 */

/**
 * @param {object} options
 * @param {(at: number) => void} options.onPick
 * @param {(at: number | null) => void} options.onPoint
 * @returns {Page}
 */
export function textPage({ onPick, onPoint }) {
  const heading = h("p", { class: "tg-heading" });
  const place = h("div", {
    class: "tg-text",
    role: "group",
    tabindex: 0,
    "aria-label": "The text. The arrow keys go from character to character.",
  });
  const numbers = h("p", { class: "tg-numbers" });
  const element = h("div", { class: "tg-page" }, heading, place, numbers);

  /** @type {HTMLElement[]} */
  let spans = [];
  /** @type {Text | null} */
  let text = null;
  /** @type {(at: number) => boolean} */
  let isChosen = () => false;
  /** @type {HTMLElement | undefined} */
  let now;
  /** @type {HTMLElement | undefined} */
  let pointed;

  /** @param {Event} event */
  const placeOf = ({ target }) => {
    const span = target instanceof Element ? target.closest("[data-at]") : null;
    return span instanceof HTMLElement ? Number(span.dataset.at) : null;
  };
  place.addEventListener("pointerover", (event) => event.pointerType === "mouse" && onPoint(placeOf(event)));
  place.addEventListener("pointerleave", () => onPoint(null));
  place.addEventListener("click", (event) => {
    const at = placeOf(event);
    if (at !== null && getSelection()?.isCollapsed !== false) onPick(at);
  });
  place.addEventListener("keydown", (event) => {
    const at = now ? Number(now.dataset.at) : spans.length - 1;
    const to = goal(event.key, at);
    if (to === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (spans.length > 0) onPick(Math.max(0, Math.min(spans.length - 1, to)));
  });

  /**
   * @param {string} key
   * @param {number} at
   */
  function goal(key, at) {
    if (key === "ArrowLeft") return at - 1;
    if (key === "ArrowRight") return at + 1;
    if (key === "Home") return 0;
    if (key === "End") return spans.length - 1;
    if (key === "ArrowUp") return inLine(at, -1);
    if (key === "ArrowDown") return inLine(at, 1);
    return null;
  }

  /**
   * The character above or below.
   * @param {number} from
   * @param {1 | -1} way
   */
  function inLine(from, way) {
    if (!spans[from]) return from;
    const here = boxOf(spans[from]);
    let best = from;
    let line = here.top;
    let off = Number.POSITIVE_INFINITY;
    for (let at = from + way; at >= 0 && at < spans.length; at += way) {
      const box = boxOf(spans[at]);
      if (Math.abs(box.top - here.top) < 4) continue;
      if (line === here.top) line = box.top;
      if (Math.abs(box.top - line) > 4) break;
      if (Math.abs(box.left - here.left) < off) {
        off = Math.abs(box.left - here.left);
        best = at;
      }
    }
    return best;
  }

  /** @param {number} at */
  function span(at) {
    const one = /** @type {Text} */ (text);
    const symbol = one.symbols[at];
    if (one.nats[at] === null) return h("s", { class: "tg-unknown", dataset: { at } }, symbol);
    const classes = [`tg-${level(one.nats[at])}`, symbol === "\n" && "tg-end", isChosen(at) && "tg-chosen"];
    return h("span", { class: classes.filter(Boolean).join(" "), dataset: { at } }, symbol);
  }

  function grow() {
    if (!text) return;
    const fresh = document.createDocumentFragment();
    for (let at = spans.length; at < text.symbols.length; at += 1) {
      spans.push(span(at));
      fresh.append(spans[at]);
    }
    place.append(fresh);
    const average = mean(text);
    numbers.textContent = average
      ? `Mean surprise ${average.bits.toFixed(2)} bits (${average.nats.toFixed(2)} nats) per character, perplexity ${large(average.perplexity)}.`
      : "";
  }

  return {
    element,
    begin(fresh, prompt, chosen) {
      text = fresh;
      isChosen = chosen;
      spans = [];
      now = undefined;
      pointed = undefined;
      place.replaceChildren(...promptOf(prompt, fresh.unknown));
      grow();
    },
    head(words) {
      heading.hidden = words === "";
      heading.textContent = words;
    },
    grow,
    mark(at, { pointed: isPointed = false, replaying = false, show = false } = {}) {
      const span = at === null ? undefined : spans[at];
      if (isPointed) {
        pointed?.classList.remove("tg-pointed");
        span?.classList.add("tg-pointed");
        pointed = span;
        return;
      }
      now?.classList.remove("tg-now");
      span?.classList.add("tg-now");
      now = span;
      place.classList.toggle("tg-replaying", replaying);
      if (show) span?.scrollIntoView({ block: "nearest" });
    },
  };
}

/**
 * Where a character stands. (A line end stands in two lines.)
 * @param {HTMLElement} span
 */
function boxOf(span) {
  return span.getClientRects()[0] ?? span.getBoundingClientRect();
}

/**
 * @param {string} prompt
 * @param {number[]} unknown
 */
function promptOf(prompt, unknown) {
  if (prompt === "") return [];
  const symbols = [...prompt].map((symbol, at) =>
    unknown.includes(at) ? h("s", { class: "tg-unknown" }, symbol) : symbol,
  );
  return [h("span", { class: "tg-prompt" }, ...symbols)];
}
