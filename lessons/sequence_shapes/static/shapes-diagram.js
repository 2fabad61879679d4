// @ts-check
/* A wiring as a small drawing: inputs below, cells in the middle, outputs above, time from left to right. */

import { svg } from "../js/dom.js";

/**
 * @param {boolean[]} inputs
 * @param {boolean[]} outputs
 * @param {{room?: number}} [options] room: a step's width
 */
export function diagram(inputs, outputs, { room = 18 } = {}) {
  const box = room * 0.62;
  const [above, middle, below] = [room * 0.5, room * 1.7, room * 2.9];
  const width = room * inputs.length;
  const parts = inputs.flatMap((reads, t) => {
    const x = room * (t + 0.5);
    const square = (/** @type {number} */ y, /** @type {string} */ kind) =>
      svg("rect", { class: kind, x: x - box / 2, y: y - box / 2, width: box, height: box, rx: 2 });
    const line = (/** @type {number} */ from, /** @type {number} */ to) =>
      svg("path", { class: "sh-wire", d: `M${x} ${from}V${to}` });
    return [
      reads ? line(below - box / 2, middle + box / 2) : null,
      outputs[t] ? line(middle - box / 2, above + box / 2) : null,
      t > 0 ? svg("path", { class: "sh-wire", d: `M${x - room + box / 2} ${middle}H${x - box / 2}` }) : null,
      square(middle, "sh-cell"),
      reads ? square(below, "sh-in") : null,
      outputs[t] ? square(above, "sh-out") : null,
    ];
  });
  const height = room * 3.4;
  return svg(
    "svg",
    { class: "sh-diagram", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" },
    parts,
  );
}
