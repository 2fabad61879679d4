// @ts-check
/*
 * The forecast demo: the windows that are learned from, the curves of the training beside the forecast as it is at the
 * same moment (one scrubber for both), and in the end the errors on the test part beside those of the baselines.
 */

import { createChart } from "../js/chart.js";
import { h } from "../js/dom.js";
import { createPastRuns } from "../js/past-runs.js";
import { createScrubber } from "../js/scrubber.js";
import { segments } from "../js/segments.js";
import { stylesheet } from "../js/stylesheet.js";
import { differences, numberOf, soFar, take } from "../js/training-run.js";
import { aheadFigure, curveFigure, forecastFigure, seriesFigure, verdict, windowFigure } from "./forecast-figures.js";
import { errorsTable } from "./forecast-parts.js";
import { shown, windowCount, wordsOf } from "./forecast-rows.js";

await stylesheet(new URL("forecast.css", import.meta.url).href);

/**
 * @typedef {import("./forecast-rows.js").Data} Data
 * @typedef {import("./forecast-rows.js").Frame} Frame
 * @typedef {import("./forecast-rows.js").Row} Row
 */

/**
 * @param {HTMLElement} root
 * @param {any} stream
 */
export function mount(root, stream) {
  const headline = h("p", { class: "fc-headline" });
  const note = h("p", { class: "fc-note" });
  const windowsWords = h("p", { class: "fc-words" });
  const seriesPlace = h("div", {});
  const windowPlace = h("div", {});
  const windowTime = h("div", {});
  const curvePlace = h("div", {});
  const forecastPlace = h("div", {});
  const time = h("div", {});
  const originTime = h("div", {});
  const errorsPlace = h("div", { class: "fc-errors" });
  const aheadPlace = h("div", {});
  const runsPlace = h("div", {});
  const curve = segments("What the curve shows", { loss: "Loss", gradient: "Gradient" }, (value) => {
    stream.url.set("curve", value === "loss" ? null : value);
    draw();
  });
  const part = segments("Which part of the series", { validation: "Validation", test: "Test, and beyond" }, (value) => {
    stream.url.set("part", value === "validation" ? null : value);
    if (value === "test") goTo(told.frames.length - 1); // the test part is looked at in the end
    draw();
  });
  const ending = h("section", { class: "fc-end" }, heading("Was it worth it?"), errorsPlace, aheadPlace);
  const element = h(
    "div",
    { class: "fc" },
    headline,
    note,
    heading("How it learns"),
    h(
      "div",
      { class: "fc-columns fc-learning" },
      h("div", {}, h("div", { class: "fc-choice" }, curve.element), curvePlace),
      h("div", {}, h("div", { class: "fc-choice" }, part.element), forecastPlace, originTime),
    ),
    time,
    runsPlace,
    ending,
    heading("What it learns from"),
    windowsWords,
    windowTime,
    h("div", { class: "fc-columns" }, seriesPlace, windowPlace),
  );
  root.append(element);

  /** @type {import("../js/training-run.js").Told<Data, Row, Frame>} */
  let told = soFar([]);
  /** The update that the URL asks for, until it has come. @type {number | null} */
  let wanted = numberOf(stream.url.get("step"));
  let wantedOrigin = numberOf(stream.url.get("origin"));
  curve.set(stream.url.get("curve") ?? "loss");
  part.set(stream.url.get("part") ?? "validation");

  const curves = createChart(curvePlace, { label: "Loss of the training", height: 330 });
  curves.onClick((key) => goTo(told.frames.findIndex(({ step }) => String(step) === key)));
  const forecasts = createChart(forecastPlace, { label: "Forecast", height: 330 });
  const ahead = createChart(aheadPlace, { label: "Error by steps ahead", height: 300 });
  const whole = createChart(seriesPlace, { label: "The series and its parts", height: 260 });
  const instance = createChart(windowPlace, { label: "One window and its target", height: 260 });
  instance.onHover((key) => instance.highlight(key));
  const scrubber = createScrubber(time, {
    label: "Moment of the training",
    count: 0,
    format: (index) => `epoch ${told.frames[index].epoch.toFixed(1)}`,
    onChange: goTo,
    fps: 10,
  });
  const origins = createScrubber(originTime, {
    label: "Where the forecast begins",
    count: 0,
    format: (index) => (told.data ? wordsOf(told.data, stream.result?.test?.origins[index] ?? 0) : ""),
    onChange(index) {
      stream.url.set("origin", index || null);
      draw();
    },
    fps: 4,
  });
  const windows = createScrubber(windowTime, {
    label: "Window",
    count: 0,
    format: (index) => `window ${index + 1}`,
    onChange(index) {
      stream.url.set("instance", index || null);
      drawWindow();
    },
    fps: 8,
  });
  const runs = createPastRuns(runsPlace, stream, {
    about: "Your earlier runs on this series",
    // Losses of different series say nothing to each other.
    comparable: ({ params }) =>
      ["series", "file", "column", "differences"].every((name) => params[name] === stream.params[name]),
    nameOf,
    scoreOf: ({ result }) => shown(result.validation),
    onChange: draw,
  });

  const unsubscribe = stream.subscribe({
    reset(/** @type {any[]} */ events) {
      told = soFar(events);
      update();
      showEnd();
      showWindows();
      runs.show();
    },
    event(/** @type {any} */ event) {
      if (!take(told, event)) return;
      update();
      if (event.kind === "log") showWindows();
      if (event.kind === "result") {
        showEnd();
        runs.find();
      }
    },
    // A window of another length is drawn at once, where the series is the one in the picture.
    values: showWindows,
  });
  runs.find();

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
    if (to < 0) return;
    const index = Math.min(to, told.frames.length - 1);
    scrubber.setIndex(index);
    wanted = null;
    if (index < told.frames.length - 1 && part.value === "test") {
      part.set("validation");
      stream.url.set("part", null);
    }
    stream.url.set("step", index >= told.frames.length - 1 ? null : told.frames[index].step);
    draw();
  }

  function draw() {
    const { data, frames, rows } = told;
    const frame = frames[scrubber.index];
    if (!data || !frame) return;
    const last = rows.at(-1)?.epoch ?? 0;
    curves.update(
      curveFigure({
        rows,
        epoch: frame.epoch,
        epochs: Math.max(stream.result?.diverged ? 0 : stream.params.epochs, last, 0.1),
        others: runs.chosen().map((run) => ({ name: nameOf(run), rows: run.result.curve })),
        curve: /** @type {"loss" | "gradient"} */ (curve.value),
      }),
    );
    curves.highlight(curve.value === "loss" ? String(frame.step) : null);
    drawForecast(data, frame);
    showWords(data, frame);
  }

  /**
   * @param {Data} data
   * @param {Frame} frame
   */
  function drawForecast(data, frame) {
    const test = stream.result?.test;
    part.enable("test", Boolean(test));
    const tested = test && part.value === "test" && scrubber.index === told.frames.length - 1;
    originTime.hidden = !tested;
    if (!tested) {
      const { one, many, low, high } = frame;
      const [first, origin] = [data.validation - one.length, data.validation - many.length];
      return forecasts.update(forecastFigure(data, { first, one, origin, many, low, high }));
    }
    origins.setCount(test.origins.length);
    if (wantedOrigin !== null) origins.setIndex(wantedOrigin);
    wantedOrigin = null;
    const many = test.many[origins.index];
    const edge = (/** @type {number[]} */ shift) =>
      many.map((/** @type {number | null} */ value, /** @type {number} */ i) => (value ?? 0) + shift[i]);
    const origin = test.origins[origins.index];
    const forecast = { first: test.first, one: test.one, origin, many, low: edge(test.low), high: edge(test.high) };
    forecasts.update(forecastFigure(data, forecast, stream.result.future));
  }

  /**
   * @param {Data} data
   * @param {Frame} frame
   */
  function showWords(data, frame) {
    const { diverged } = stream.result ?? {};
    const atEnd = scrubber.index === told.frames.length - 1;
    element.classList.toggle("diverged", Boolean(diverged));
    if (diverged && atEnd) {
      headline.replaceChildren(
        h("b", {}, "It diverged"),
        ` after ${diverged.step} ${diverged.step === 1 ? "update" : "updates"}, and was stopped.`,
      );
      note.textContent =
        "Each step overshot, so the next gradient was longer still, and the loss grew more than ten-thousandfold. " +
        "The picture shows the forecast before that. Clip the gradients, or take a smaller learning rate.";
      return;
    }
    const row = told.rows.find(({ step, validation }) => step === frame.step && validation !== null);
    headline.replaceChildren(
      "Epoch ",
      h("b", {}, frame.epoch.toFixed(1)),
      row?.loss ? ", loss " : "",
      row?.loss ? h("b", {}, shown(row.loss)) : "",
      ", validation loss ",
      h("b", {}, shown(row?.validation)),
    );
    note.textContent =
      `One step ahead it errs by ${shown(row?.error, data.unit)} on average in the validation part; ` +
      `the last value, kept, by ${shown(data.baselines.last, data.unit)}.`;
  }

  // In the end ------------------------------------------------------------------------------------------------------

  function showEnd() {
    const { data } = told;
    const { result } = stream;
    ending.hidden = !result || !data;
    if (!result || !data) return;
    const held =
      typeof result.band?.held === "number"
        ? ` The band should hold ${Math.round(100 * result.band.share)} % of the true values; here it held ` +
          `${Math.round(100 * result.band.held)} %. It is made of the errors on the validation part, and assumes that the ` +
          "future errs no worse."
        : "";
    const words = result.diverged ? "A network that diverged is not tested." : verdict(data, result) + held;
    errorsPlace.replaceChildren(h("p", { class: "fc-words" }, words), errorsTable(data, result, stream.params.horizon));
    ahead.update(aheadFigure(data, result.errors));
  }

  // Windows ---------------------------------------------------------------------------------------------------------

  function length() {
    const same = stream.values?.series === stream.params.series;
    const wish = same ? Number(stream.values.window) : stream.params.window;
    return Number.isInteger(wish) && wish >= 2 && wish <= 60 ? wish : stream.params.window;
  }

  function showWindows() {
    if (!told.data) return;
    const count = windowCount(told.data, length());
    const index = windows.index || numberOf(stream.url.get("instance")) || 0;
    windows.setCount(count);
    windows.setIndex(index);
    drawWindow();
  }

  function drawWindow() {
    const { data } = told;
    if (!data) return;
    const size = length();
    const { index } = windows;
    whole.update(seriesFigure(data, index, size));
    instance.update(windowFigure(data, index, size));
    const more = [
      data.gaps > 0 ? `${data.gaps} gaps are filled with the value before, and count in no error.` : "",
      data.columns.length > 1 ? `Columns: ${data.columns.map((name, i) => `${i + 1} ${name}`).join(", ")}.` : "",
      data.features.length > 1 ? `Each row has ${data.features.length} features; ${data.features[0]} is drawn.` : "",
      ...data.notes,
      data.source ? `Source: ${data.source} (${data.licence}).` : "",
    ];
    windowsWords.textContent = [
      `${data.title}: ${windowCount(data, size).toLocaleString("en")} windows of ${size} rows, in a new order each epoch.`,
      `This one goes from ${wordsOf(data, index)} to ${wordsOf(data, index + size - 1)};`,
      "its target is the same, one row later.",
      ...more.filter(Boolean),
    ].join(" ");
  }

  // Earlier runs ----------------------------------------------------------------------------------------------------

  /** @param {import("../js/past-runs.js").PastRun} run */
  function nameOf({ params, result }) {
    const changed = differences(params, stream.params).filter((name) => name !== "file" && name !== "epochs");
    const epochs = result.diverged
      ? "diverged"
      : `${Math.round(result.epochs)} ${result.epochs === 1 ? "epoch" : "epochs"}`;
    return [...changed.map((name) => `${name.replaceAll("_", " ")} ${params[name]}`), epochs].join(", ");
  }

  return () => {
    unsubscribe();
    for (const part of [curves, forecasts, ahead, whole, instance, scrubber, origins, windows, runs]) part.destroy();
    element.remove();
  };
}

/** @param {string} text */
function heading(text) {
  return h("p", { class: "fc-heading" }, text);
}
