// @ts-check
/*
 * The training on characters: how a text becomes numbers, windows and targets; then the curve, the sample of the same
 * moment beside it, and the samples of all stages below, with one scrubber for all of them.
 */

import { createChart } from "../js/chart.js";
import { h } from "../js/dom.js";
import { createPastRuns } from "../js/past-runs.js";
import { createScrubber } from "../js/scrubber.js";
import { segments } from "../js/segments.js";
import { stylesheet } from "../js/stylesheet.js";
import { differences, numberOf, soFar, take } from "../js/training-run.js";
import { bits, curveFigure, shown, updates, verdict, windowCount } from "./train-characters-numbers.js";
import { createSample, createStrip } from "./train-characters-samples.js";
import { createVectors, createWindow } from "./train-characters-text.js";

/** @import { Data, Frame, Row } from "./train-characters-numbers.js" */
/** @import { PastRun } from "../js/past-runs.js" */
/** @import { Told } from "../js/training-run.js" */

await stylesheet(new URL("train-characters.css", import.meta.url).href);

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
  const runsPlace = h("div", {});
  const unit = segments("What the curve shows", { bits: "Bits a character", nats: "Loss" }, (value) => {
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
    h(
      "div",
      { class: "tc-columns" },
      h("div", {}, h("div", { class: "tc-choice" }, unit.element), curvePlace),
      samplePlace,
    ),
    time,
    stripPlace,
    runsPlace,
  );
  root.append(element);

  /** @type {Told<Data, Row, Frame>} */
  let told = soFar([]);
  /** The update that the URL asks for, until it has come. @type {number | null} */
  let wanted = numberOf(stream.url.get("step"));
  unit.set(stream.url.get("unit") ?? "bits");

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
  const runs = createPastRuns(runsPlace, stream, {
    about: "Your earlier runs on this text",
    // Bits of different texts say nothing to each other.
    comparable: ({ params }) => ["text", "file"].every((name) => params[name] === stream.params[name]),
    nameOf,
    scoreOf: ({ result }) => `${shown(result.bits)} bits`,
    onChange: draw,
  });

  const unsubscribe = stream.subscribe({
    reset(/** @type {any[]} */ events) {
      told = soFar(events);
      showText();
      update();
      runs.show();
    },
    event(/** @type {any} */ event) {
      if (!take(told, event)) return;
      if (event.kind === "log") showText();
      update();
      if (event.kind === "result") runs.find();
    },
    // A window of another length is drawn at once, where the text is the one in the picture.
    values: showText,
  });
  runs.find();

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
        others: runs.chosen().map((run) => ({ name: nameOf(run), curve: run.result.curve })),
        unit: /** @type {"bits" | "nats"} */ (unit.value),
      }),
    );
    curve.highlight(String(frame.step));
    sample.show(data, frame);
    strip.show(frames, rows, scrubber.index);
    vectors.show(data, frame, frames[0]);
    showWords(frame);
  }

  /** @param {Frame} frame */
  function showWords(frame) {
    const row = told.rows.find(({ step, validation }) => step === frame.step && validation !== null);
    const reached = bits(row?.validation);
    const { baselines } = /** @type {Data} */ (told.data);
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

  return () => {
    unsubscribe();
    for (const part of [vectors, pairs, windows, curve, sample, scrubber, strip, runs]) part.destroy();
    element.remove();
  };
}

/** @param {string} text */
function heading(text) {
  return h("p", { class: "tc-heading" }, text);
}
