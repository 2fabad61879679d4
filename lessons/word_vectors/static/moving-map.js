// @ts-check
/* A map of a few words that move from frame to frame: SVG, so that each word glides to its next place. */

import { tableOf } from "../js/chart.js";
import { h, svg } from "../js/dom.js";
import { placeLabels } from "./labels.js";

/**
 * @typedef {import("./labels.js").Side} Side
 * @typedef {{step: number, epoch: number, words: string[], x: number[], y: number[], explained: [number, number]}} Frame
 */

const TALLEST = 400;
const LETTER = 7.4;
const TRAIL = 40; // frames

/** @type {Record<string, {anchor: string, dx: number, dy: number}>} where the text of a side begins */
const TEXT = Object.fromEntries(
  ["right", "left", "top", "bottom", "top right", "top left", "bottom right", "bottom left"].map((side) => [
    side,
    {
      anchor: side.endsWith("right") ? "start" : side.endsWith("left") ? "end" : "middle",
      dx: side.endsWith("right") ? 9 : side.endsWith("left") ? -9 : 0,
      dy: side.startsWith("top") ? -15 : side.startsWith("bottom") ? 15 : 0,
    },
  ]),
);

/**
 * @param {HTMLElement} root
 * @param {{onPoint: (word: string | null) => void, onPick: (word: string) => void}} listeners a word is pointed at, or
 *   clicked
 */
export function createMovingMap(root, { onPoint, onPick }) {
  const trail = svg("polyline", { class: "trail" });
  const dots = svg("g", {});
  const axes = svg("path", { class: "axis" });
  const picture = svg(
    "svg",
    { height: TALLEST, role: "img", "aria-label": "Map of the watched words" },
    axes,
    trail,
    dots,
  );
  const twin = h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Places of the words" });
  twin.hidden = true;
  const toggle = h("button", { type: "button", class: "quiet small", "aria-expanded": "false" }, "Show as table");
  const tools = h("div", { class: "chart-tools" }, toggle);
  const element = h("div", { class: "wv-map chart" }, picture, tools, twin);
  root.append(element);

  let width = 0;
  let height = TALLEST;
  /** @type {Frame[]} */
  let frames = [];
  let index = -1;
  let extent = 0;
  /** @type {string | null} */
  let lit = null;
  /** @type {Side[]} */
  let sides = [];
  /** @type {Map<string, {group: SVGGElement, text: SVGTextElement}>} */
  let drawn = new Map();

  toggle.addEventListener("click", () => {
    twin.hidden = !twin.hidden;
    toggle.setAttribute("aria-expanded", String(!twin.hidden));
    toggle.textContent = twin.hidden ? "Show as table" : "Hide the table";
    fillTable();
  });

  // One unit of the drawing is one pixel, on a phone too: labels keep their size.
  const sized = new ResizeObserver(() => {
    width = picture.clientWidth;
    height = Math.min(TALLEST, Math.max(280, 0.85 * width));
    picture.setAttribute("height", String(height));
    axes.setAttribute("d", `M0 ${height / 2}H${width}M${width / 2} 0V${height}`);
    element.classList.add("jump");
    draw();
  });
  sized.observe(picture);

  /** @param {Frame} frame @param {number} i */
  function place({ x, y }, i) {
    const scale = Math.min(width - 90, height - 40) / 2 / extent;
    return { x: width / 2 + x[i] * scale, y: height / 2 - y[i] * scale };
  }

  /** @param {string[]} words */
  function makeDots(words) {
    if (words.length === drawn.size && words.every((word) => drawn.has(word))) return;
    drawn = new Map(
      words.map((word) => {
        const text = svg("text", {}, word);
        const group = svg("g", { class: "dot" }, svg("circle", { r: 5 }), text);
        group.addEventListener("pointerenter", () => onPoint(word));
        group.addEventListener("pointerleave", () => onPoint(null));
        group.addEventListener("click", () => onPick(word));
        return [word, { group, text }];
      }),
    );
    dots.replaceChildren(...[...drawn.values()].map(({ group }) => group));
    sides = [];
  }

  function draw() {
    const frame = frames[index];
    if (!frame || width === 0) return;
    makeDots(frame.words);
    const places = frame.words.map((word, i) => ({ ...place(frame, i), label: word }));
    sides = placeLabels(places, { letter: LETTER, within: { width, height }, before: sides });
    for (const [i, word] of frame.words.entries()) {
      const { group, text } = /** @type {{group: SVGGElement, text: SVGTextElement}} */ (drawn.get(word));
      const { anchor, dx, dy } = TEXT[sides[i]];
      group.style.transform = `translate(${places[i].x}px, ${places[i].y}px)`;
      text.setAttribute("text-anchor", anchor);
      text.setAttribute("x", String(dx));
      text.setAttribute("y", String(dy));
    }
    drawLit();
    fillTable();
  }

  /** The word that is pointed at or picked, with the way that it came. */
  function drawLit() {
    for (const [word, { group }] of drawn) group.classList.toggle("lit", word === lit);
    const chosen = lit === null ? undefined : drawn.get(lit);
    if (chosen) dots.append(chosen.group); // on top of the others
    const points = frames.slice(Math.max(0, index - TRAIL), index + 1).flatMap((frame) => {
      const i = lit === null ? -1 : frame.words.indexOf(lit);
      if (i < 0) return [];
      const { x, y } = place(frame, i);
      return [`${x.toFixed(1)},${y.toFixed(1)}`];
    });
    trail.setAttribute("points", points.join(" "));
  }

  function fillTable() {
    const frame = frames[index];
    if (twin.hidden || !frame) return;
    const columns = [
      { key: "word", label: "Word" },
      { key: "x", label: "Across", numeric: true },
      { key: "y", label: "Up", numeric: true },
    ];
    const rows = frame.words.map((word, i) => ({ word, x: frame.x[i], y: frame.y[i] }));
    twin.replaceChildren(
      tableOf({ caption: `Places of the words after ${frame.epoch.toFixed(2)} epochs`, columns, rows }),
    );
  }

  return {
    /**
     * @param {Frame[]} all so far; the scale fits them all, so that it does not change while one scrubs
     * @param {number} to the one to show
     */
    show(all, to) {
      element.classList.toggle("jump", Math.abs(to - index) > 3 || all !== frames);
      if (all !== frames) extent = 0.6;
      const known = all === frames ? index : 0;
      frames = all;
      for (const { x, y } of all.slice(Math.max(0, known)))
        extent = Math.max(extent, ...x.map(Math.abs), ...y.map(Math.abs));
      index = to;
      draw();
    },
    /** @param {string | null} word */
    light(word) {
      if (word === lit) return;
      lit = word;
      drawLit();
    },
    destroy() {
      sized.disconnect();
      element.remove();
    },
  };
}
