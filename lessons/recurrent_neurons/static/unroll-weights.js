// @ts-check
/*
 * All weights as a table of numbers that can be dragged, and an editor of the chosen one. A column is what flows into a
 * neuron: from the inputs, from the step before, the bias; the last rows are what the output reads.
 */

import { fill, h, newId } from "../js/dom.js";
import { MAX_WEIGHT, nameOf, show, weightNamed, weightOf } from "./unroll-maths.js";
import { set, shown, sub, wordsOf, write } from "./unroll-page.js";
import { strongestOf } from "./unroll-shape.js";

/** @import { Net, Weight } from "./unroll-maths.js" */

const PER_PIXEL = 0.02;
const STEP = 0.05;
const REACH = 4;
const LEVELS = 7;

/**
 * @typedef {object} Weights what is shown
 * @property {Net} net
 * @property {Net} given before any change
 * @property {Map<string, number>} changes
 * @property {{reads: string, letters: string, apart: boolean}} names
 * @property {number[]} rows of Wx that the sequence uses
 * @property {number | null} hot the one of this step
 * @property {number} unit
 * @property {string} weight the chosen one's name
 */

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {(name: string) => void} options.onChoose
 * @param {(name: string, value: number) => void} options.onChange
 * @param {(name: string | null) => void} options.onReset of one, or of all
 * @param {(text: string) => void} options.onProblem
 */
export function createWeights(root, { onChoose, onChange, onReset, onProblem }) {
  const id = newId("un");
  const table = h("table", { class: "un-weights" });
  const label = h("label", { class: "un-weight-name", for: id });
  const range = h("input", { type: "range", id, step: 0.01 });
  const box = h("input", { type: "text", inputmode: "decimal", class: "un-box", "aria-label": "Its value", size: 7 });
  const was = h("span", { class: "un-note" });
  const one = h("button", { type: "button", class: "small", onclick: () => onReset(chosen()) }, "Reset this weight");
  const all = h("button", { type: "button", class: "small", onclick: () => onReset(null) }, "Reset all weights");
  const editor = h(
    "div",
    { class: "un-editor" },
    label,
    h("div", { class: "un-slide" }, range, box),
    h("div", { class: "un-resets" }, one, all, was),
  );
  const hint = h(
    "p",
    { class: "un-note" },
    "Drag a number sideways, or focus it: up and down change it, left and right go to the next, Enter types one.",
  );
  const element = h("div", {}, h("div", { class: "un-table" }, table), hint, editor);
  root.append(element);

  /** @type {Weights | null} */
  let shownNow = null;
  let built = "";
  /** @type {Map<string, HTMLElement>} */
  let cells = new Map();
  /** @type {string} */
  let reach = "";

  const chosen = () => shownNow?.weight ?? "";
  const value = (/** @type {string} */ name) =>
    shownNow ? /** @type {number} */ (weightOf(shownNow.net, weightNamed(name))) : 0;

  /** @param {string} name @param {number} to */
  function change(name, to) {
    if (!Number.isFinite(to)) return onProblem("That is no number. Write one between −1000 and 1000.");
    if (Math.abs(to) > MAX_WEIGHT) return onProblem(`A weight is between −1000 and 1000 here; ${show(to)} is not.`);
    onProblem("");
    const rounded = Math.round(to * 100) / 100;
    if (rounded !== value(name)) onChange(name, rounded);
  }

  range.addEventListener("input", () => {
    fill(range);
    change(chosen(), Number(range.value));
  });
  const typed = () => {
    const text = box.value.trim().replace("−", "-").replace(",", ".");
    if (text === "" || Number.isNaN(Number(text)))
      return onProblem(`“${text.slice(0, 20)}” is no number. Write one between −1000 and 1000.`);
    change(chosen(), Number(text));
  };
  box.addEventListener("change", typed);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // not the form's button
    typed();
  });

  table.addEventListener("focusin", (event) => {
    const { weight } = /** @type {HTMLElement} */ (event.target).dataset;
    if (weight && weight !== chosen()) onChoose(weight);
  });
  table.addEventListener("keydown", (event) => {
    const { weight } = /** @type {HTMLElement} */ (event.target).dataset;
    if (!weight || event.ctrlKey || event.metaKey || event.altKey) return;
    const size = event.shiftKey ? 10 * STEP : STEP;
    const names = [...cells.keys()];
    const at = names.indexOf(weight);
    const acts = {
      ArrowUp: () => change(weight, value(weight) + size),
      ArrowDown: () => change(weight, value(weight) - size),
      PageUp: () => change(weight, value(weight) + 10 * STEP),
      PageDown: () => change(weight, value(weight) - 10 * STEP),
      ArrowLeft: () => cells.get(names[at - 1])?.focus(),
      ArrowRight: () => cells.get(names[at + 1])?.focus(),
      Home: () => cells.get(names[0])?.focus(),
      End: () => cells.get(names[names.length - 1])?.focus(),
      Enter: () => box.select(),
      Delete: () => onReset(weight),
    };
    const act = /** @type {Record<string, () => void>} */ (acts)[event.key];
    if (act) {
      event.preventDefault();
      act();
    } else if (/^[\d.,-]$/.test(event.key)) {
      event.preventDefault();
      box.value = event.key;
      box.focus();
    }
  });
  table.addEventListener("pointerdown", (event) => {
    const cell = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-weight]"));
    if (!cell || event.button !== 0) return;
    const name = /** @type {string} */ (cell.dataset.weight);
    const [from, start] = [event.clientX, value(name)];
    cell.setPointerCapture(event.pointerId);
    cell.classList.add("un-dragged");
    /** @param {PointerEvent} move */
    const drag = (move) => {
      const way = move.clientX - from;
      if (Math.abs(way) > 2) change(name, clamp(start + way * PER_PIXEL * (move.shiftKey ? 10 : 1)));
    };
    const end = () => {
      cell.classList.remove("un-dragged");
      cell.removeEventListener("pointermove", drag);
    };
    cell.addEventListener("pointermove", drag);
    cell.addEventListener("lostpointercapture", end, { once: true });
  });

  /** @param {Weights} now */
  function build({ net, names, rows }) {
    cells = new Map();
    const state = names.apart ? "h" : "y";
    const units = net.b.length;
    const columns = Array.from({ length: units }, (_, j) => j);
    const oneHot = net.Wx.length > 1;
    /** @param {string} head @param {Weight[]} weights @param {string} group */
    const line = (head, weights, group = "") =>
      h(
        "tr",
        { class: group },
        h("th", { scope: "row" }, head),
        weights.map((weight) => {
          const name = nameOf(weight);
          const cell = h("span", {
            role: "spinbutton",
            tabindex: -1,
            dataset: { weight: name },
            "aria-label": wordsOf(weight, names),
            "aria-valuemin": -MAX_WEIGHT,
            "aria-valuemax": MAX_WEIGHT,
          });
          cells.set(name, cell);
          return h("td", {}, cell);
        }),
      );
    /** @param {string} kind @param {number} row @returns {Weight[]} */
    const into = (kind, row) => columns.map((j) => ({ kind: /** @type {"Wx" | "Wy"} */ (kind), place: [row, j] }));
    const letter = (/** @type {number} */ row) => (oneHot ? `x = “${shown(names.letters[row])}”` : "x(t)");
    table.replaceChildren(
      h("caption", {}, `The weights. They are the same at every step.`),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("td", {}),
          columns.map((j) => h("th", { scope: "col", dataset: { unit: String(j) } }, `→ ${state}${sub(j)}(t)`)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row, at) => line(letter(row), into("Wx", row), at === 0 ? "un-first" : "")),
        columns.map((i) => line(`${state}${sub(i)}(t−1)`, into("Wy", i), i === 0 ? "un-first" : "")),
        line(
          "b",
          columns.map((j) => ({ kind: "b", place: [j] })),
          "un-first",
        ),
        names.apart &&
          line(
            "V → y(t)",
            columns.map((i) => ({ kind: "V", place: [i, 0] })),
            "un-first",
          ),
        names.apart && line("c", [{ kind: "c", place: [0] }]),
      ),
    );
  }

  /** @param {Weights} now */
  function update(now) {
    shownNow = now;
    const { net, given, changes, names, rows, hot, unit, weight } = now;
    const key = JSON.stringify([names, rows, net.b.length]);
    if (key !== built) {
      const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.weight;
      build(now);
      built = key;
      if (focused) cells.get(focused)?.focus();
    }
    const strongest = { ...strongestOf(net), b: 1, c: 1 };
    for (const [name, cell] of cells) {
      const which = weightNamed(name);
      const number = /** @type {number} */ (weightOf(net, which));
      const steps = Math.round((clamp(number, strongest[which.kind]) / strongest[which.kind]) * LEVELS);
      const colour = steps === 0 ? "un-v0" : `un-${steps < 0 ? "n" : "p"}${Math.abs(steps)}`;
      const into = which.kind !== "V" && which.kind !== "c" && which.place.at(-1) === unit;
      const asleep = which.kind === "Wx" && hot !== null && which.place[0] !== hot;
      const more = `${into ? " un-into" : ""}${asleep ? " un-asleep" : ""}${changes.has(name) ? " un-changed" : ""}`;
      set(cell, "class", `un-w ${colour}${more}${name === weight ? " un-lit-w" : ""}`);
      set(cell, "tabindex", name === weight ? "0" : "-1");
      set(cell, "aria-valuenow", String(number));
      write(cell, show(number));
    }
    const number = value(weight);
    write(label, wordsOf(weightNamed(weight), names));
    const most = Math.max(REACH, Math.ceil(Math.abs(number)));
    if (reach !== weight || most > Number(range.max)) {
      range.min = String(-most);
      range.max = String(most);
      reach = weight;
    }
    if (Number(range.value) !== number) range.value = String(number);
    fill(range);
    if (document.activeElement !== box || Number(box.value) === number) box.value = String(number);
    const before = /** @type {number} */ (weightOf(given, weightNamed(weight)));
    write(was, changes.has(weight) ? `It was ${show(before)}.` : "");
    one.disabled = !changes.has(weight);
    all.disabled = changes.size === 0;
  }

  return {
    update,
    destroy() {
      element.remove();
    },
  };
}

/** @param {number} value @param {number} most */
function clamp(value, most = MAX_WEIGHT) {
  return Math.max(-most, Math.min(most, value));
}
