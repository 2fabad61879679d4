// @ts-check
/* The picture to draw on: 8 × 8 pixels. A pointer draws a line; arrow keys move, and the space bar inks or clears. */

import { h } from "../js/dom.js";
import { GREYS } from "./shapes-plan.js";

const SIDE = 8;
const INK = 16;

/**
 * @param {HTMLElement} root
 * @param {{onDraw: (drawn: string) => void}} options drawn: "" for the picture as it was
 */
export function createPad(root, { onDraw }) {
  let pixels = Array(SIDE * SIDE).fill(0);
  let at = 0;
  /** @type {number | null} what the pointer leaves, while it is down */
  let brush = null;
  const cells = pixels.map((_, i) =>
    h("button", {
      type: "button",
      class: "sh-pixel",
      role: "gridcell",
      tabindex: i === 0 ? 0 : -1,
      dataset: { pixel: i },
    }),
  );
  const rows = Array.from({ length: SIDE }, (_, row) =>
    h("div", { role: "row" }, cells.slice(row * SIDE, row * SIDE + SIDE)),
  );
  const grid = h(
    "div",
    {
      class: "sh-pad",
      role: "grid",
      "aria-label": "The picture, 8 by 8. Arrow keys move, the space bar inks or clears.",
    },
    rows,
  );
  const element = h(
    "div",
    { class: "sh-pad-box" },
    grid,
    h(
      "div",
      { class: "sh-pad-buttons" },
      h("p", { class: "sh-note" }, "Draw on it: with a pointer, or with arrow keys and the space bar."),
      h("button", { type: "button", class: "quiet small", onclick: () => onDraw("") }, "Undo my drawing"),
    ),
  );
  root.append(element);

  grid.addEventListener("keydown", (event) => {
    const way = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -SIDE, ArrowDown: SIDE }[event.key];
    if (way !== undefined) {
      event.preventDefault();
      const sideways = Math.abs(way) === 1;
      const to = at + way;
      if (to >= 0 && to < SIDE * SIDE && (!sideways || Math.floor(to / SIDE) === Math.floor(at / SIDE))) focus(to);
    }
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      ink(at, pixels[at] > 0 ? 0 : INK);
      tell();
    }
  });
  grid.addEventListener("pointerdown", (event) => {
    const pixel = pixelAt(event);
    if (pixel === null) return;
    event.preventDefault();
    brush = pixels[pixel] > INK / 2 ? 0 : INK;
    grid.setPointerCapture(event.pointerId);
    focus(pixel);
    ink(pixel, brush);
  });
  grid.addEventListener("pointermove", (event) => {
    const pixel = brush === null ? null : pixelAt(event);
    if (pixel !== null && brush !== null) ink(pixel, brush);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    grid.addEventListener(end, () => {
      if (brush === null) return;
      brush = null;
      tell();
    });
  }

  /** @param {PointerEvent} event */
  function pixelAt({ clientX, clientY }) {
    const { left, top, width, height } = grid.getBoundingClientRect();
    const [x, y] = [(clientX - left) / width, (clientY - top) / height];
    return x < 0 || y < 0 || x >= 1 || y >= 1 ? null : Math.floor(y * SIDE) * SIDE + Math.floor(x * SIDE);
  }

  /** @param {number} to */
  function focus(to) {
    cells[at].tabIndex = -1;
    at = to;
    cells[at].tabIndex = 0;
    cells[at].focus();
  }

  /** @param {number} pixel @param {number} grey */
  function ink(pixel, grey) {
    pixels[pixel] = grey;
    paint(pixel);
  }

  /** @param {number} pixel */
  function paint(pixel) {
    const grey = pixels[pixel];
    cells[pixel].style.setProperty("--grey", `${Math.round((100 * grey) / INK)}%`);
    cells[pixel].ariaLabel =
      `Row ${Math.floor(pixel / SIDE) + 1}, column ${(pixel % SIDE) + 1}: ${grey === 0 ? "paper" : `ink ${grey} of ${INK}`}`;
  }

  function tell() {
    onDraw(pixels.map((grey) => GREYS[grey]).join(""));
  }

  for (const i of pixels.keys()) paint(i);

  return {
    /** @param {number[]} given */
    update(given) {
      if (brush !== null) return; // a line is being drawn
      pixels = [...given];
      for (const i of pixels.keys()) paint(i);
    },
    /** @param {boolean} shows */
    show(shows) {
      element.hidden = !shows;
    },
  };
}
