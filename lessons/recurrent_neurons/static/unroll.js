// @ts-check
/*
 * A recurrent net, unrolled through time. Everything that is seen is computed here, at once, from what the form says; the
 * run in a worker computes the same in Python, and brings the trained weights.
 */

import { h } from "../js/dom.js";
import { createScrubber } from "../js/scrubber.js";
import { stylesheet } from "../js/stylesheet.js";
import {
  answersOf,
  changed,
  encode,
  forward,
  inputsOf,
  LETTERS,
  largest,
  largestDifference,
  problemOf,
  READS,
  randomNet,
  readChanges,
  show,
  symbolsOf,
  wanted,
  weightNamed,
  weightOf,
  writeChanges,
} from "./unroll-maths.js";
import { createNet } from "./unroll-net.js";
import { shown, wordsOf, write } from "./unroll-page.js";
import { createStep } from "./unroll-step.js";
import { createTables } from "./unroll-tables.js";
import { createWeights } from "./unroll-weights.js";
import { checkWords, headline, verdict } from "./unroll-words.js";

/** @import { Net, Trace } from "./unroll-maths.js" */

await stylesheet(new URL("recurrent-neurons.css", import.meta.url).href);

const MANY = 8; // different letters, whose weights are not all listed
const FIRST_STEP = 3; // with a past to see, and a future

/**
 * @param {HTMLElement} root
 * @param {any} stream
 */
export function mount(root, stream) {
  const title = h("p", { class: "un-headline" });
  const problem = h("p", { class: "notice error", role: "alert", hidden: true });
  const picture = h("div");
  const time = h("div", { class: "un-time-line" });
  const said = h("p", { class: "un-verdict" });
  const sums = h("div");
  const weights = h("div");
  const below = h("div");
  const check = h("p", { class: "un-note un-check" });
  const legend = h("p", { class: "un-note" });
  const roll = h("button", { type: "button", class: "small un-roll", onclick: rollUp });
  const all = h(
    "div",
    { class: "un-all" },
    roll,
    picture,
    legend,
    time,
    said,
    h("div", { class: "un-columns" }, sums, weights),
    below,
    check,
  );
  const element = h("div", { class: "un" }, title, problem, all);
  root.append(element);

  const chosen = {
    step: numberIn("step", FIRST_STEP + 1) - 1,
    unit: numberIn("unit", 1) - 1,
    weight: stream.url.get("weight") ?? "Wy.0.0",
    rolled: stream.url.get("rolled") !== null,
  };
  /** @type {Record<string, Net>} */
  let trained = {};
  /** What is drawn. @type {ReturnType<typeof compute> | null} */
  let scene = null;
  let net = ""; // whose weights are changed
  let changes = "";
  let arrived = ""; // changes that a net of one's own came with, from an example or a link: they are its weights
  /** The changes made here last. @type {string | null} */
  let made = null;
  let asked = 0;

  const drawing = createNet(picture, { onPick: pick });
  const scrubber = createScrubber(time, {
    label: "Time step",
    count: 0,
    fps: 2,
    format: (t) => `step ${t + 1} of ${scene?.trace.steps ?? 0}`,
    onChange: (t) => pick(t, null),
  });
  const step = createStep(sums, { onChoose: chooseWeight });
  const editor = createWeights(weights, {
    onChoose: chooseWeight,
    onChange: changeWeight,
    onReset: resetWeight,
    onProblem: (text) => showProblem(text),
  });
  const tables = createTables(below);

  const sizes = new ResizeObserver(() => drawing.resize());
  sizes.observe(element);
  const unsubscribe = stream.subscribe({
    reset: results,
    event(/** @type {{kind: string}} */ { kind }) {
      if (kind === "result") results();
    },
    values,
  });
  values();

  /** @param {string} name @param {number} fallback */
  function numberIn(name, fallback) {
    const number = Number(stream.url.get(name) ?? fallback);
    return Number.isInteger(number) && number > 0 ? number : fallback;
  }

  /** A run has said something: perhaps weights that were not known. */
  function results() {
    if (stream.result) trained = stream.result.trained;
    if (scene) sayCheck();
    else values();
  }

  /** The form says something else. */
  function values() {
    const { example, units, seed } = stream.values;
    const now = example.startsWith("own") ? `${example} ${units} ${seed}` : example;
    if (net !== "" && now !== net && changes !== "" && stream.values.changes === changes) {
      net = now;
      changes = "";
      return stream.submit({ changes: "" }, { typing: true }); // they were another net's; and values() is called again
    }
    net = now;
    changes = stream.values.changes;
    if (changes !== made) arrived = net.startsWith("own") ? changes : "";
    if (asked === 0) asked = requestAnimationFrame(redraw);
  }

  function redraw() {
    asked = 0;
    try {
      scene = compute();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      showProblem(error.message, true);
      return;
    }
    if (!scene) return;
    showProblem("");
    draw();
  }

  /** All that is drawn, from the form's values. */
  function compute() {
    const { example, units, seed, activation, output } = stream.values;
    const reads = READS[example];
    const given = trained[example] ?? (example.startsWith("own") ? randomNet(reads, units, seed) : null);
    if (!given) return null; // until the recorded run is there
    const symbols = symbolsOf(reads, stream.values[reads]);
    const wrong = problemOf(reads, symbols);
    if (wrong) throw new Error(wrong);
    const changedWeights = readChanges(stream.values.changes);
    const now = changed(given, changedWeights);
    const x = encode(reads, symbols);
    const answers = answersOf(example);
    const apart = output === "apart";
    return {
      example,
      reads,
      symbols,
      activation,
      answers,
      apart,
      given,
      changes: changedWeights,
      net: now,
      trace: forward(now, x, activation, answers),
      before:
        stream.values.changes === arrived
          ? null
          : forward(changed(given, readChanges(arrived)), x, activation, answers),
      wanted: apart ? wanted(example, x) : null,
    };
  }

  function draw() {
    if (!scene) return;
    const { trace, reads, apart, net: now, given, changes: done, symbols } = scene;
    chosen.step = Math.max(0, Math.min(trace.steps - 1, chosen.step));
    chosen.unit = Math.max(0, Math.min(trace.units - 1, chosen.unit));
    const { kind, place } = weightNamed(chosen.weight);
    const gone =
      typeof weightOf(now, weightNamed(chosen.weight)) !== "number" || (!apart && (kind === "V" || kind === "c"));
    if (gone) chosen.weight = "Wy.0.0";
    scrubber.setCount(trace.steps);
    scrubber.setIndex(chosen.step);
    drawing.update({ ...scene, ...chosen });
    const oneHot = inputsOf(reads) > 1;
    const used = [...new Set(trace.x.map((row) => (oneHot ? row.indexOf(1) : 0)))].sort((a, b) => a - b);
    const here = oneHot ? trace.x[chosen.step].indexOf(1) : null;
    const names = { reads, letters: reads === "brackets" ? "()" : LETTERS, apart };
    step.update({ ...scene, ...chosen, names });
    const rows = here !== null && used.length > MANY ? [here] : used;
    if (kind === "Wx" && !gone && !rows.includes(place[0])) rows.push(place[0]);
    editor.update({ net: now, given, changes: done, names, rows, hot: here, ...chosen });
    tables.update({ ...scene, ...chosen });
    write(title, headline({ ...scene, shown: symbols.map(shown) }));
    write(said, verdict({ ...scene, ...chosen }));
    write(legend, legendOf(names));
    write(roll, chosen.rolled ? "Unroll through time" : "Roll up");
    sayCheck();
  }

  /** @param {{reads: string, letters: string, apart: boolean}} names */
  function legendOf(names) {
    if (chosen.rolled)
      return "One net, and its state comes back to it at each step. Step on, and watch the same numbers.";
    const which = weightNamed(chosen.weight);
    const value = show(/** @type {number} */ (weightOf(/** @type {Net} */ (scene?.net), which)));
    const lit = which.kind === "b" || which.kind === "c" ? "Chosen" : "Lit at every step, for it is one weight";
    const before = scene?.before
      ? " The lower part of a neuron, and the dashed curve: before you changed the weights."
      : "";
    return `Thick lines are strong weights; orange adds, blue takes away. ${lit}: ${wordsOf(which, names)}, ${value}.${before}`;
  }

  function sayCheck() {
    if (!scene) return;
    const same = stream.result && sameQuestion(stream.params, stream.values);
    const difference = same ? largestDifference(scene.trace, stream.result) : null;
    write(check, checkWords(difference, largest(scene.trace.z)));
  }

  /** @param {string} text @param {boolean} [dead] there is nothing to draw */
  function showProblem(text, dead = false) {
    problem.textContent = text;
    problem.hidden = text === "";
    all.classList.toggle("un-dead", dead);
    all.inert = dead;
  }

  /** @param {number} to @param {number | null} unit */
  function pick(to, unit) {
    if (!scene) return;
    chosen.step = Math.max(0, Math.min(scene.trace.steps - 1, to));
    if (unit !== null) chosen.unit = Math.max(0, Math.min(scene.trace.units - 1, unit));
    stream.url.set("step", chosen.step === FIRST_STEP ? null : chosen.step + 1);
    stream.url.set("unit", chosen.unit === 0 ? null : chosen.unit + 1);
    draw();
  }

  function rollUp() {
    chosen.rolled = !chosen.rolled;
    stream.url.set("rolled", chosen.rolled ? 1 : null);
    draw();
  }

  /** @param {string} name */
  function chooseWeight(name) {
    chosen.weight = name;
    const { kind, place } = weightNamed(name);
    if (kind === "Wx" || kind === "Wy") chosen.unit = place[1];
    if (kind === "b") chosen.unit = place[0];
    stream.url.set("weight", name === "Wy.0.0" ? null : name);
    stream.url.set("unit", chosen.unit === 0 ? null : chosen.unit + 1);
    draw();
  }

  /** @param {string} name @param {number} to */
  function changeWeight(name, to) {
    if (!scene) return;
    const now = new Map(scene.changes);
    if (weightOf(scene.given, weightNamed(name)) === to) now.delete(name);
    else now.set(name, to);
    keep(now);
  }

  /** @param {string | null} name */
  function resetWeight(name) {
    if (!scene) return;
    const now = new Map(name === null ? [] : scene.changes);
    if (name !== null) now.delete(name);
    keep(now);
    stream.announce(name === null ? "All weights are as they were given." : "The weight is as it was given.");
  }

  /** @param {Map<string, number>} now */
  function keep(now) {
    const text = writeChanges(now);
    if (text.length > 4000) return showProblem("So many changed weights fit into no link. Reset some of them first.");
    made = text;
    stream.submit({ changes: text }, { typing: true });
  }

  return () => {
    cancelAnimationFrame(asked);
    sizes.disconnect();
    unsubscribe();
    drawing.destroy();
    scrubber.destroy();
    step.destroy();
    editor.destroy();
    tables.destroy();
    element.remove();
  };
}

/**
 * Whether a run was asked what the form says now.
 * @param {Record<string, any>} params
 * @param {Record<string, any>} values
 */
function sameQuestion(params, values) {
  const reads = READS[values.example];
  const own = values.example.startsWith("own") ? ["units", "seed"] : [];
  return ["example", reads, "activation", "output", "changes", ...own].every(
    (name) => JSON.stringify(params[name]) === JSON.stringify(values[name]),
  );
}
