// @ts-check
/*
 * A sentence as a score: its words in lines, and under each line what is known of them, in staves. A word, its piece of
 * the ribbon and its bars share a column.
 */

import { h, svg } from "../js/dom.js";
import { balanced, classOf, linesOf, ribbon, stretched } from "./sentiment-maths.js";
import { CLASS_SIGNS, STAVES } from "./sentiment-words.js";

/** @import { Sentence, Weights } from "./sentiment-maths.js" */

/**
 * @typedef {object} Scene
 * @property {Sentence} sentence
 * @property {number} which the class that weights are for
 * @property {Weights} weights
 * @property {Record<string, number>} scales
 * @property {number[]} apart places where the two ways disagree
 * @property {boolean[]} changed words that another sentence has not
 * @property {Set<string>} staves those that are shown
 *
 * @typedef {{button: HTMLButtonElement, ground: SVGRectElement, line: number, x: number, width: number}} Column
 */

const NARROW = 560; // below it numbers stand for the names of staves
const GUTTER = { wide: 104, narrow: 20 };
const LEAST = 28; // a comma too can be pointed at
const AROUND = 14;
const BAR = 12;
const SIGNS = 18; // of the first stave, for − ○ +
const GAP = 8;
const TINY = 1.5; // a bar that is no longer says neither for nor against

/** A sentence is written as large as fits on so many lines. */
const SIZES = {
  large: { lines: 1, ribbon: 84, bars: 50 },
  middle: { lines: 2, ribbon: 58, bars: 42 },
  small: { lines: Number.POSITIVE_INFINITY, ribbon: 44, bars: 32 },
};

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {string} options.label
 * @param {(at: number) => void} options.onPick
 * @param {(at: number | null) => void} options.onPeek
 */
export function createScore(root, { label, onPick, onPeek }) {
  const lines = h("div", { class: "fe-score", role: "group", "aria-label": label });
  const rest = h("p", { class: "fe-rest", hidden: true });
  root.append(lines, rest);
  /** @type {Scene | null} */
  let scene = null;
  /** @type {Column[]} */
  let columns = [];
  /** @type {SVGRectElement[]} what covers those parts of the ribbon that come later */
  let veils = [];
  let now = 0;
  let drawnFor = 0; // the width
  let size = SIZES.small;

  lines.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -columns.length, End: columns.length }[event.key];
    if (step === undefined || columns.length === 0) return;
    event.preventDefault();
    onPick(Math.max(0, Math.min(columns.length - 1, now + step)));
    columns[now].button.focus({ preventScroll: false });
  });
  lines.addEventListener("pointerleave", () => onPeek(null));
  lines.addEventListener("focusout", () => onPeek(null));

  function draw() {
    if (!scene) return;
    const held = lines.contains(document.activeElement);
    const { sentence, staves } = scene;
    drawnFor = lines.clientWidth;
    const narrow = drawnFor < NARROW;
    const gutter = narrow ? GUTTER.narrow : GUTTER.wide;
    const room = Math.max(LEAST, drawnFor - gutter);
    const texts = textsOf(sentence);
    const widths = written(texts, room, narrow);
    columns = [];
    veils = [];
    lines.replaceChildren(
      ...balanced(widths, room).map(({ from, to }, line) => {
        let x = gutter;
        const places = widths.slice(from, to).map((width) => {
          x += width;
          return { x: x - width, width };
        });
        const height = [...staves].reduce((sum, key) => sum + heightOf(key) + GAP, 0);
        const grounds = places.map((place) => svg("rect", { class: "fe-ground", y: 0, height, ...place }));
        const picture = svg("svg", { class: "fe-staves", width: drawnFor, height, "aria-hidden": "true" }, grounds);
        const words = h("div", { class: "fe-line" });
        for (const [i, place] of places.entries()) {
          const at = from + i;
          const button = wordOf(at, texts[at], place);
          words.append(button);
          columns.push({ button, ground: grounds[i], line, ...place });
          for (const target of [button, grounds[i]]) {
            target.addEventListener("pointerenter", () => onPeek(at));
            target.addEventListener("click", () => onPick(at));
          }
        }
        let top = 0;
        for (const key of STAVES.map((stave) => stave.key).filter((key) => staves.has(key))) {
          picture.append(staveOf(key, { from, to, places, top, gutter, end: x }));
          top += heightOf(key) + GAP;
        }
        return h("div", { class: "fe-system" }, words, picture);
      }),
    );
    const unread = sentence.left_out > 0 ? unreadOf(sentence) : "";
    rest.hidden = unread === "";
    rest.textContent = unread;
    showNow();
    if (held) columns[now]?.button.focus({ preventScroll: true });
  }

  /**
   * Chooses the size, and says how wide each word is with it.
   * @param {string[]} texts
   * @param {number} room
   * @param {boolean} narrow
   */
  function written(texts, room, narrow) {
    for (const [name, candidate] of Object.entries(SIZES)) {
      if (narrow && candidate !== SIZES.small) continue;
      size = candidate;
      lines.dataset.size = name;
      const widths = widthsOf(texts, lines).map((width) => Math.min(room, Math.max(LEAST, Math.ceil(width) + AROUND)));
      if (linesOf(widths, room).length <= size.lines) return stretched(widths, room);
    }
    return [];
  }

  /** @param {number} at @param {string} text @param {{x: number, width: number}} place */
  function wordOf(at, text, { x, width }) {
    const { sentence, changed } = /** @type {Scene} */ (scene);
    const unknown = !sentence.known[at];
    const button = h(
      "button",
      {
        type: "button",
        class: `fe-word ${unknown ? "fe-unknown" : ""} ${changed[at] ? "fe-changed" : ""}`,
        title: unknown ? "The network does not know this word." : null,
        dataset: { word: at },
      },
      h("span", {}, text),
      unknown && h("span", { class: "visually-hidden" }, " (unknown to the network)"),
      changed[at] && h("span", { class: "visually-hidden" }, " (not in the other sentence)"),
    );
    button.style.left = `${x}px`;
    button.style.width = `${width}px`;
    button.addEventListener("focus", () => onPeek(at));
    return button;
  }

  /**
   * @param {string} key
   * @param {{from: number, to: number, places: {x: number, width: number}[], top: number, gutter: number, end: number}} where
   */
  function staveOf(key, where) {
    const { from, to, places, top, gutter, end } = where;
    const { sentence, weights, scales, which, apart } = /** @type {Scene} */ (scene);
    const height = heightOf(key);
    const inner = key === "after" ? height - SIGNS : height;
    const stave = svg("g", { class: `fe-stave fe-${key}`, transform: `translate(0 ${top})` });
    const number = STAVES.findIndex((one) => one.key === key) + 1;
    const name = gutter === GUTTER.narrow ? `${number}` : STAVES[number - 1].short;
    stave.append(svg("text", { class: "fe-name", x: 0, y: inner / 2 }, name));
    if (key === "after") {
      // A line goes on where the one above it ended.
      const lead = from === 0 ? [] : [{ x: gutter, width: 0 }];
      const bands = ribbon(sentence.after.slice(from - lead.length, to), [...lead, ...places], inner);
      stave.append(...bands.map((d, band) => svg("path", { class: `fe-band fe-class-${band}`, d })));
      const veil = svg("rect", { class: "fe-veil", y: -1, height: inner + 2, x: end, width: 0 });
      veil.dataset.end = String(end);
      veils.push(veil);
      stave.append(veil);
      for (const [i, { x, width }] of places.entries()) {
        const said = classOf(sentence.after[from + i]);
        stave.append(
          svg("text", { class: `fe-sign fe-class-${said}`, x: x + width / 2, y: inner + SIGNS / 2 }, CLASS_SIGNS[said]),
        );
      }
      return stave;
    }
    if (key === "heard") {
      const most = Math.max(1, ...sentence.heard);
      stave.append(svg("line", { class: "fe-zero", x1: gutter, x2: end, y1: inner, y2: inner }));
      for (const [i, { x, width }] of places.entries()) {
        const tall = (inner * sentence.heard[from + i]) / most;
        stave.append(
          svg("rect", { class: "fe-units", x: x + width / 2 - BAR / 2, width: BAR, y: inner - tall, height: tall }),
        );
      }
      return stave;
    }
    const middle = inner / 2;
    const values = /** @type {number[]} */ (weights[/** @type {keyof Weights} */ (key)]);
    stave.append(svg("line", { class: "fe-zero", x1: gutter, x2: end, y1: middle, y2: middle }));
    for (const [i, { x, width }] of places.entries()) {
      const at = from + i;
      const long = (values[at] / scales[key]) * (middle - 1);
      const counts = key === "bag" ? sentence.bag.known[at] && !sentence.bag.repeated[at] : sentence.known[at];
      stave.append(
        counts || Math.abs(long) >= 1
          ? svg("rect", {
              class: `fe-bar ${barClass(long, which)}`,
              x: x + width / 2 - BAR / 2,
              width: BAR,
              y: Math.min(middle, middle - long),
              height: Math.max(1, Math.abs(long)),
            })
          : svg("circle", { class: "fe-none", cx: x + width / 2, cy: middle, r: 3 }),
      );
      if (key === "without" && apart.includes(at))
        stave.append(svg("text", { class: "fe-apart", x: x + width / 2, y: -GAP / 2 }, "≠"));
    }
    return stave;
  }

  /** @param {string} key */
  function heightOf(key) {
    return key === "after" ? size.ribbon + SIGNS : size.bars;
  }

  function showNow() {
    for (const [at, { button, ground }] of columns.entries()) {
      button.tabIndex = at === now ? 0 : -1;
      button.classList.toggle("fe-now", at === now);
      button.classList.toggle("fe-later", at > now);
      if (at === now) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
      ground.classList.toggle("fe-now", at === now);
    }
    const here = columns[now];
    for (const [line, veil] of veils.entries()) {
      const first = columns.find((column) => column.line === line);
      const end = Number(veil.dataset.end);
      let x = end;
      if (here && line === here.line) x = here.x + here.width;
      else if (here && first && line > here.line) x = first.x;
      veil.setAttribute("x", String(x));
      veil.setAttribute("width", String(Math.max(0, end - x)));
    }
  }

  return {
    /** @param {Scene} next */
    update(next) {
      scene = next;
      draw();
    },
    /** @param {number} at */
    setNow(at) {
      now = at;
      showNow();
    },
    /** @param {number | null} at */
    light(at) {
      for (const [i, { button, ground }] of columns.entries()) {
        button.classList.toggle("fe-lit", i === at);
        ground.classList.toggle("fe-lit", i === at);
      }
    },
    resize() {
      if (lines.clientWidth !== drawnFor) draw();
    },
    destroy() {
      lines.remove();
      rest.remove();
    },
  };
}

/** @param {number} long of a bar @param {number} which class */
function barClass(long, which) {
  if (Math.abs(long) <= TINY) return "fe-tiny";
  return long > 0 ? `fe-for fe-class-${which}` : "fe-against";
}

/** @param {Sentence} sentence @returns the words as they were written */
function textsOf({ pieces, words }) {
  const texts = [...words];
  for (const { text, word } of pieces) if (word !== null) texts[word] = text;
  return texts;
}

/** @param {Sentence} sentence */
function unreadOf({ pieces, words, left_out }) {
  const last = pieces.findIndex(({ word }) => word === words.length - 1);
  const text = pieces
    .slice(last + 1)
    .map((piece) => piece.text)
    .join("")
    .trim();
  const shown = text.length > 160 ? `${text.slice(0, 160)}…` : text;
  return `Not read, for only the first ${words.length} words are (${left_out} more): ${shown}`;
}

/**
 * How wide each word is on the page.
 * @param {string[]} texts
 * @param {HTMLElement} place where they will stand
 */
function widthsOf(texts, place) {
  const probe = h("button", { class: "fe-word", type: "button", tabindex: -1 }, "x");
  place.append(probe);
  const { font } = getComputedStyle(probe);
  probe.remove();
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return texts.map((text) => text.length * 10);
  context.font = font;
  return texts.map((text) => context.measureText(text).width);
}
