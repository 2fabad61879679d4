// @ts-check
/*
 * A run, unrolled: a column for each step with what it reads, its cell, what it says, and below it the state as a strip of
 * colours, one stripe a unit.
 */

import { h, svg } from "../js/dom.js";
import { shown, stepInWords } from "./shapes-plan.js";

/** @import { Step } from "./shapes-plan.js" */

const OUT = 24;
const CELL = 82;
const IN = 140;
const TIME = 174;
const HEIGHT = 182;
const BOX = 30;

/**
 * @param {HTMLElement} root
 * @param {{onPick: (step: number) => void}} options
 */
export function createDrawing(root, { onPick }) {
  const drawing = svg("svg", { class: "sh-drawing", role: "img" });
  const strips = h("div", { class: "sh-strips", "aria-hidden": "true" });
  const inner = h("div", { class: "sh-inner" }, drawing, strips);
  const element = h(
    "div",
    {
      class: "sh-scroller",
      tabindex: 0,
      role: "group",
      "aria-label": "The steps of the run. Left and right choose one.",
    },
    inner,
  );
  root.append(element);
  /** @type {SVGElement[]} */
  let columns = [];
  let room = 0;
  let now = -1;

  element.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: columns.length - 1 }[event.key];
    if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    onPick(Math.max(0, Math.min(columns.length - 1, way)));
  });
  inner.addEventListener("click", (event) => {
    const place = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-step]"));
    if (place) onPick(Number(place.dataset.step));
  });

  /**
   * @param {{steps: Step[], pixels: number[] | null, recurrent: boolean}} scene
   */
  function update({ steps, pixels, recurrent }) {
    const longest = Math.max(...steps.flatMap(({ read, output }) => [read, output].map((text) => width(text))));
    const back = steps.some(({ fed }) => fed !== null); // and the lines of what is read again need room
    room = Math.max(back ? 56 : 40, longest + 20);
    const all = room * steps.length;
    columns = steps.map((step, t) => column(step, t, { room, pixels, recurrent }));
    drawing.setAttribute("viewBox", `0 0 ${all} ${HEIGHT}`);
    drawing.setAttribute("width", String(all));
    drawing.setAttribute("height", String(HEIGHT));
    drawing.setAttribute("aria-label", steps.map(stepInWords).join(" "));
    drawing.replaceChildren(...columns);
    inner.style.width = `${all}px`;
    strips.replaceChildren(
      ...steps.map(({ state }, t) => {
        const strip = h("div", { class: "sh-strip", dataset: { step: t } });
        strip.style.width = `${room}px`;
        const bar = h("div", {});
        if (state.length > 0) bar.style.backgroundImage = stripes(state);
        strip.append(bar);
        return strip;
      }),
    );
    now = -1;
  }

  /** @param {number} step */
  function choose(step) {
    if (step === now) return;
    for (const [t, column] of columns.entries()) column.classList.toggle("sh-now", t === step);
    for (const [t, strip] of [...strips.children].entries()) strip.classList.toggle("sh-now", t === step);
    const far = (step + 0.5) * room;
    const { scrollLeft, clientWidth } = element;
    if (far < scrollLeft + room || far > scrollLeft + clientWidth - room) element.scrollLeft = far - clientWidth / 2;
    now = step;
  }

  return { update, choose, destroy: () => element.remove() };
}

/** @param {string | null} text the room it takes */
function width(text) {
  return text === "picture" ? 0 : shown(text).length * 8.5;
}

/**
 * @param {Step} step
 * @param {number} t
 * @param {{room: number, pixels: number[] | null, recurrent: boolean}} scene
 */
function column({ read, fed, output, open }, t, { room, pixels, recurrent }) {
  const x = room * t;
  const middle = x + room / 2;
  const half = room / 2;
  const reads = read !== null || fed !== null;
  const wide = Math.max(BOX, width(read) + 14, width(output) + 14);
  return svg(
    "g",
    { class: `sh-column${open ? " sh-open" : ""}`, dataset: { step: t } },
    svg("rect", { class: "sh-ground", x: x + 1, y: 1, width: room - 2, height: HEIGHT - 2, rx: 6 }),
    t > 0 && recurrent
      ? svg("path", {
          class: "sh-wire sh-arrow",
          d: `M${middle - room + 17} ${CELL}H${middle - 18}m-4 -3.5l4 3.5l-4 3.5`,
        })
      : null,
    fed !== null
      ? svg("path", {
          class: "sh-back",
          d: `M${middle - room + BOX / 2} ${OUT + 4}C${middle - half - 2} ${OUT + 8} ${middle - half - 6} ${IN} ${middle - BOX / 2} ${IN}`,
        })
      : null,
    reads
      ? svg("path", { class: "sh-wire sh-arrow", d: `M${middle} ${IN - 16}V${CELL + 18}m-3.5 4l3.5 -4l3.5 4` })
      : null,
    output !== null
      ? svg("path", { class: "sh-wire sh-arrow", d: `M${middle} ${CELL - 17}V${OUT + 17}m-3.5 4l3.5 -4l3.5 4` })
      : null,
    svg("rect", { class: "sh-cell", x: middle - 16, y: CELL - 16, width: 32, height: 32, rx: 7 }),
    recurrent ? loop(middle) : null,
    output !== null ? boxed("sh-out", middle, OUT, wide, shown(output)) : null,
    read === "picture" ? raster(middle, IN, pixels) : null,
    read !== null && read !== "picture" ? boxed("sh-in", middle, IN, wide, shown(read)) : null,
    read === null && fed !== null ? boxed("sh-in sh-own", middle, IN, wide, shown(fed)) : null,
    svg("text", { class: "sh-time", x: middle, y: TIME }, t + 1),
  );
}

/** The sign of a recurrent cell. @param {number} x */
function loop(x) {
  return svg("path", { class: "sh-loop", d: `M${x - 5} ${CELL + 4}a6.5 6.5 0 1 1 9 1m-1.5 -4.5l1.5 4.5l4.5 -1.5` });
}

/** @param {string} kind @param {number} x @param {number} y @param {number} wide @param {string} text */
function boxed(kind, x, y, wide, text) {
  return [
    svg("rect", { class: kind, x: x - wide / 2, y: y - BOX / 2, width: wide, height: BOX, rx: 5 }),
    svg("text", { class: "sh-symbol", x, y: y + 5 }, text),
  ];
}

/** @param {number} x @param {number} y @param {number[] | null} pixels */
function raster(x, y, pixels) {
  const dot = 4;
  const [left, top] = [x - 4 * dot, y - 4 * dot];
  return [
    svg("rect", { class: "sh-in", x: left - 1.5, y: top - 1.5, width: 8 * dot + 3, height: 8 * dot + 3, rx: 2 }),
    ...(pixels ?? []).map((ink, i) =>
      ink === 0
        ? null
        : svg("rect", {
            class: "sh-ink",
            x: left + dot * (i % 8),
            y: top + dot * Math.floor(i / 8),
            width: dot,
            height: dot,
            "fill-opacity": (ink / 16).toFixed(2),
          }),
    ),
  ];
}

/** A state from −1 (blue) to 1 (orange), top to bottom. @param {number[]} state */
function stripes(state) {
  const part = 100 / state.length;
  const stops = state.map((value, j) => {
    const strength = Math.round(Math.min(1, Math.abs(value)) * 100);
    const colour = `color-mix(in oklab, var(${value < 0 ? "--neg" : "--pos"}) ${strength}%, var(--zero))`;
    return `${colour} ${(part * j).toFixed(2)}% ${(part * (j + 1)).toFixed(2)}%`;
  });
  return `linear-gradient(to bottom, ${stops.join(", ")})`;
}
