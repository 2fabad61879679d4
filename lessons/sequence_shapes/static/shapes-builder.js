// @ts-check
/* Six steps whose inputs and outputs are switched on and off; which of the five wirings that is, and what has it. */

import { h, svg } from "../js/dom.js";
import { classify, lossOf, pattern, wiringOf } from "./wirings.js";

/** @import { UseCase, WiringId } from "./wirings.js" */

export const STEPS = 6;
const START = { in: "111000", out: "000111" };

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {UseCase[]} options.rows
 * @param {{get(name: string): string | null, set(name: string, value: string | null): void}} options.url
 * @param {(wiring: WiringId | null) => void} options.onLight
 * @param {(question: string) => void} options.onTasks
 */
export function createBuilder(root, { rows, url, onLight, onTasks }) {
  let inputs = fromUrl("in");
  let outputs = fromUrl("out");
  const outs = buttons("Output", (t) => {
    outputs[t] = !outputs[t];
  });
  const ins = buttons("Input", (t) => {
    inputs[t] = !inputs[t];
  });
  const cells = svg("svg", { class: "sh-build-cells", viewBox: `0 0 ${STEPS * 50} 50`, "aria-hidden": "true" });
  const name = h("p", { class: "sh-build-name" });
  const why = h("p", {});
  const loss = h("p", {});
  const tasks = h("div", {});
  root.append(
    h("p", { class: "sh-note" }, "Switch inputs (below) and outputs (above) on and off, step by step."),
    h(
      "div",
      { class: "sh-build" },
      h("div", { class: "sh-switches" }, outs),
      cells,
      h("div", { class: "sh-switches" }, ins),
    ),
    h("div", { "aria-live": "polite" }, name, why, loss, tasks),
  );

  /** @param {"in" | "out"} which */
  function fromUrl(which) {
    const given = url.get(which) ?? "";
    return pattern(/^[01]{6}$/.test(given) ? given : START[which]);
  }

  /** @param {string} kind @param {(t: number) => void} turn */
  function buttons(kind, turn) {
    return Array.from({ length: STEPS }, (_, t) =>
      h(
        "button",
        {
          type: "button",
          class: `sh-switch ${kind === "Input" ? "sh-switch-in" : "sh-switch-out"}`,
          "aria-label": `${kind} at step ${t + 1}`,
          onclick: () => {
            turn(t);
            draw();
          },
        },
        kind === "Input" ? "x" : "y",
      ),
    );
  }

  function draw() {
    for (const [which, on] of /** @type {const} */ ([
      ["in", inputs],
      ["out", outputs],
    ])) {
      const text = on.map((is) => (is ? "1" : "0")).join("");
      url.set(which, text === START[which] ? null : text);
      for (const [t, button] of (which === "in" ? ins : outs).entries())
        button.setAttribute("aria-pressed", String(on[t]));
    }
    cells.replaceChildren(
      ...inputs.flatMap((reads, t) => {
        const x = 25 + 50 * t;
        return [
          t > 0 ? svg("path", { class: "sh-wire", d: `M${x - 37} 25H${x - 14}` }) : null,
          reads ? svg("path", { class: "sh-wire sh-arrow", d: `M${x} 50V40m-3.5 4l3.5 -4l3.5 4` }) : null,
          outputs[t] ? svg("path", { class: "sh-wire sh-arrow", d: `M${x} 12V1m-3.5 4l3.5 -4l3.5 4` }) : null,
          svg("rect", { class: "sh-cell", x: x - 13, y: 12, width: 26, height: 26, rx: 6 }),
        ].filter((part) => part !== null);
      }),
    );
    const { wiring, why: reason } = classify(inputs, outputs);
    name.textContent = wiring ? capital(wiringOf(wiring).name) : "None of the five";
    name.classList.toggle("sh-none", wiring === null);
    why.textContent = reason;
    loss.textContent = lossOf(outputs);
    const same = rows.filter((row) => row.wiring === wiring);
    tasks.replaceChildren(
      ...(same.length === 0
        ? []
        : [
            h(
              "p",
              { class: "sh-note" },
              `So wired in the table (${same.length}): ${[...new Set(same.map(({ task }) => task.toLowerCase()))].join(", ").replace(/\b(kpi|dna)\b/g, (word) => word.toUpperCase())}.`,
            ),
            h(
              "button",
              {
                type: "button",
                class: "quiet small",
                onclick: () => onTasks(wiringOf(/** @type {string} */ (wiring)).name),
              },
              "See them in the table",
            ),
          ]),
    );
    onLight(wiring);
  }

  return {
    draw,
    /** Begin with one of the five. @param {WiringId} id */
    set(id) {
      const { inputs: reads, outputs: says } = wiringOf(id);
      const long = id === "delayed" ? pattern("111000") : stretched(reads);
      inputs = long;
      outputs = id === "delayed" ? pattern("000111") : stretched(says);
      draw();
    },
  };
}

/** To six steps: many is many. @param {boolean[]} on */
function stretched(on) {
  if (on.length === 1) return [...on, ...Array(STEPS - 1).fill(false)];
  const [first, second] = [on[0], on[1]];
  return [first, ...Array(STEPS - 2).fill(second), on[on.length - 1]];
}

/** @param {string} text */
function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
