// @ts-check
/*
 * The training on characters: how a text becomes numbers, windows and targets; then the curve, the sample of the same
 * moment beside it, and the samples of all stages below, with one scrubber for all of them.
 */

import { createChart } from "../js/chart.js";
import { h, newId } from "../js/dom.js";
import { createScrubber } from "../js/scrubber.js";
import { stylesheet } from "../js/stylesheet.js";
import {
  bits,
  curveFigure,
  differences,
  shown,
  soFar,
  take,
  updates,
  verdict,
  windowCount,
} from "./train-characters-numbers.js";
import { createSample, createStrip } from "./train-characters-samples.js";
import { createVectors, createWindow } from "./train-characters-text.js";

await stylesheet(new URL("train-characters.css", import.meta.url).href);

/** @typedef {{id: string, created: string, params: Record<string, any>, result: Record<string, any>}} PastRun */

const OVERLAID = 4;

/**
 * @param {HTMLElement} root
 * @param {any} stream
 */
export function mount(root, stream) {
  const textWords = h("p", { class: "tc-words" });
  const vectorsPlace = h("div", {});
  const windowPlace = h("div", {});
  const windowTime = h("div", {});
  const headline = h("p", { class: "tc-headline" });
  const note = h("p", { class: "tc-note" });
  const curvePlace = h("div", {});
  const samplePlace = h("div", {});
  const time = h("div", {});
  const stripPlace = h("div", {});
  const runsPlace = h("div", { class: "tc-runs" });
  const unit = unitChoice((value) => {
    stream.url.set("unit", value === "bits" ? null : value);
    draw();
  });
  const element = h(
    "div",
    { class: "tc" },
    heading("From text to numbers"),
    textWords,
    vectorsPlace,
    heading("Windows and targets"),
    windowTime,
    windowPlace,
    heading("How it learns to write"),
    headline,
    note,
    h("div", { class: "tc-columns" }, h("div", {}, unit.element, curvePlace), samplePlace),
    time,
    stripPlace,
    runsPlace,
  );
  root.append(element);

  let told = soFar([]);
  /** The update that the URL asks for, until it has come. @type {number | null} */
  let wanted = numberOf(stream.url.get("step"));
  /** @type {PastRun[]} */
  let past = [];
  const overlaid = new Set((stream.url.get("with") ?? "").split(",").filter(Boolean));
  unit.set(stream.url.get("unit") === "nats" ? "nats" : "bits");

  const light = (/** @type {string | null} */ symbol) => {
    vectors.light(symbol);
    pairs.light(symbol);
  };
  const vectors = createVectors(vectorsPlace, { onSymbol: light });
  const pairs = createWindow(windowPlace, { onSymbol: light });
  const windows = createScrubber(windowTime, {
    label: "Window",
    count: 0,
    format: (index) => `window ${index + 1}`,
    onChange(index) {
      stream.url.set("instance", index || null);
      drawWindow();
    },
    fps: 2,
  });
  const curve = createChart(curvePlace, { label: "Bits a character", height: 360 });
  curve.onClick((key) => goTo(told.frames.findIndex(({ step }) => String(step) === key)));
  const sample = createSample(samplePlace);
  const scrubber = createScrubber(time, {
    label: "Stage of the training",
    count: 0,
    format: (index) => (told.frames[index].step === 0 ? "at the start" : updates(told.frames[index].step)),
    onChange: goTo,
    fps: 2,
  });
  const strip = createStrip(stripPlace, { onChoose: goTo });

  const unsubscribe = stream.subscribe({
    reset(/** @type {any[]} */ events) {
      told = soFar(events);
      showText();
      update();
      showRuns();
    },
    event(/** @type {any} */ event) {
      if (!take(told, event)) return;
      if (event.kind === "log") showText();
      update();
      if (event.kind === "result") findRuns();
    },
    // A window of another length is drawn at once, where the text is the one in the picture.
    values: showText,
  });
  findRuns();

  // The text --------------------------------------------------------------------------------------------------------

  function length() {
    const same = stream.values?.text === stream.params.text && stream.values?.file === stream.params.file;
    const wish = same ? Number(stream.values.window) : stream.params.window;
    return Number.isInteger(wish) && wish >= 2 && wish <= 128 ? wish : stream.params.window;
  }

  function showText() {
    const { data } = told;
    if (!data) return;
    const { readers } = stream.params;
    textWords.textContent = [
      `${data.title}: ${data.characters.toLocaleString("en")} characters, ${[...data.symbols].length} different ones.`,
      `The network reads nine tenths of it, at ${readers === 1 ? "one place" : `${readers} places side by side`},`,
      `${data.an_update.toLocaleString("en")} characters for each update; the last tenth is only looked at.`,
      data.left_out > 0
        ? `It has more characters than can be learned: the rarest, ${(100 * data.left_out).toFixed(2)} % of the text, are \ufffd.`
        : "",
      data.credit ? `Source: ${data.credit}.` : "",
    ].join(" ");
    const index = windows.index || numberOf(stream.url.get("instance")) || 0;
    windows.setCount(windowCount(data.excerpt, length()));
    windows.setIndex(index);
    drawWindow();
  }

  function drawWindow() {
    if (told.data) pairs.show(told.data.excerpt, windows.index, length());
  }

  // The training ----------------------------------------------------------------------------------------------------

  function update() {
    scrubber.setCount(told.frames.length, { follow: wanted === null });
    if (wanted !== null && told.frames.length > 0) {
      const index = told.frames.findIndex(({ step }) => step >= /** @type {number} */ (wanted));
      scrubber.setIndex(index < 0 ? told.frames.length - 1 : index);
      if (index >= 0) wanted = null;
    }
    draw();
  }

  /** @param {number} to by hand, or while it plays */
  function goTo(to) {
    if (to < 0 || told.frames.length === 0) return;
    const index = Math.min(to, told.frames.length - 1);
    scrubber.setIndex(index);
    wanted = null;
    stream.url.set("step", index >= told.frames.length - 1 ? null : told.frames[index].step);
    draw();
  }

  function draw() {
    const { data, frames, rows } = told;
    const frame = frames[scrubber.index];
    if (!data || !frame) return;
    const last = rows.at(-1)?.step ?? 0;
    curve.update(
      curveFigure({
        ...{ rows, baselines: data.baselines, step: frame.step },
        steps: Math.max(stream.params.updates, last),
        others: chosenRuns().map((run) => ({ name: nameOf(run), curve: run.result.curve })),
        unit: unit.value,
      }),
    );
    curve.highlight(String(frame.step));
    sample.show(data, frame);
    strip.show(frames, rows, scrubber.index);
    vectors.show(data, frame, frames[0]);
    showWords(frame);
  }

  /** @param {import("./train-characters-numbers.js").Frame} frame */
  function showWords(frame) {
    const row = told.rows.find(({ step, validation }) => step === frame.step && validation !== null);
    const reached = bits(row?.validation);
    const { baselines } = /** @type {import("./train-characters-numbers.js").Data} */ (told.data);
    const diverged = stream.result?.diverged && scrubber.index === told.frames.length - 1;
    element.classList.toggle("diverged", Boolean(diverged) || (reached ?? 0) > 1.02 * baselines.equal);
    headline.replaceChildren(
      diverged ? `It diverged after ${updates(stream.result.diverged)}, and was stopped. Before: ` : "",
      frame.step === 0 ? "Before any update: " : `After ${updates(frame.step)}: `,
      h("b", {}, `${shown(reached)} bits`),
      " a character, on text that it has not read",
    );
    note.textContent = verdict(reached, baselines);
  }

  // Earlier runs ----------------------------------------------------------------------------------------------------

  async function findRuns() {
    try {
      past = (await stream.runs()).filter((/** @type {PastRun} */ { result }) => Array.isArray(result.curve));
    } catch {
      past = []; // without them there is nothing to lay over, and the rest is as good
    }
    showRuns();
    draw();
  }

  /** Those on the same text, since bits of different ones say nothing to each other. */
  function comparable() {
    return past.filter(({ params, result }) => {
      const same = ["text", "file"].every((name) => params[name] === stream.params[name]);
      return same && JSON.stringify(result.curve) !== JSON.stringify(stream.result?.curve);
    });
  }

  function chosenRuns() {
    return comparable().filter(({ id }) => overlaid.has(id));
  }

  /** @param {PastRun} run */
  function nameOf({ params, result }) {
    const of = { ...params, updates: result.steps };
    const changed = differences(of, { ...stream.params, updates: stream.result?.steps ?? stream.params.updates });
    const told = changed.filter((name) => !["prompt", "temperature", "file"].includes(name));
    return (
      told.map((name) => `${name.replaceAll("_", " ")} ${/** @type {any} */ (of)[name]}`).join(", ") ||
      "the same settings"
    );
  }

  function showRuns() {
    const runs = comparable().slice(0, 8);
    runsPlace.hidden = runs.length === 0;
    const boxes = runs.map((run) => {
      const box = h("input", { type: "checkbox" });
      box.checked = overlaid.has(run.id);
      box.addEventListener("change", () => {
        if (box.checked) overlaid.add(run.id);
        else overlaid.delete(run.id);
        while (overlaid.size > OVERLAID) overlaid.delete([...overlaid][0]);
        stream.url.set("with", [...overlaid].join(",") || null);
        showRuns();
        draw();
      });
      return h("label", { class: "check" }, box, `${nameOf(run)} (${shown(run.result.bits)} bits)`);
    });
    runsPlace.replaceChildren(
      h("p", { class: "tc-label" }, `Your earlier runs on this text; lay up to ${OVERLAID} over the curve`),
      ...boxes,
    );
  }

  return () => {
    unsubscribe();
    for (const part of [vectors, pairs, windows, curve, sample, scrubber, strip]) part.destroy();
    element.remove();
  };
}

/** @param {(unit: "bits" | "nats") => void} onChange */
function unitChoice(onChange) {
  const name = newId("unit");
  const radio = (/** @type {"bits" | "nats"} */ value, /** @type {string} */ words) => {
    const input = h("input", { type: "radio", name, value });
    input.addEventListener("change", () => onChange(value));
    return { input, label: h("label", {}, input, h("span", {}, words)) };
  };
  const inBits = radio("bits", "Bits a character");
  const inNats = radio("nats", "Loss");
  const bar = h(
    "div",
    { class: "segments", role: "radiogroup", "aria-label": "What the curve shows" },
    inBits.label,
    inNats.label,
  );
  return {
    element: h("div", { class: "tc-choice" }, bar),
    get value() {
      return /** @type {"bits" | "nats"} */ (inNats.input.checked ? "nats" : "bits");
    },
    /** @param {"bits" | "nats"} value */
    set(value) {
      (value === "nats" ? inNats : inBits).input.checked = true;
    },
  };
}

/** @param {string} text */
function heading(text) {
  return h("p", { class: "tc-heading" }, text);
}

/** @param {string | null} text */
function numberOf(text) {
  const number = Number(text);
  return text === null || Number.isNaN(number) ? null : number;
}
