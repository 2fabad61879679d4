// @ts-check
/*
 * The training on tweets: its curves with the baseline as a line, the confusion matrix as it was at each look (one
 * scrubber for both), the tweets in the cell that is chosen, and in the end whether it was worth it.
 */

import { createChart } from "../js/chart.js";
import { h } from "../js/dom.js";
import { createPastRuns } from "../js/past-runs.js";
import { createScrubber } from "../js/scrubber.js";
import { segments } from "../js/segments.js";
import { stylesheet } from "../js/stylesheet.js";
import { numberOf, soFar, take } from "../js/training-run.js";
import { CURVES, curveFigure } from "./train-sentiment-figures.js";
import { createMatrix, scoresTable, tweetItem } from "./train-sentiment-parts.js";
import { nameOf, points, tweetsIn, verdict } from "./train-sentiment-rows.js";

await stylesheet(new URL("train-sentiment.css", import.meta.url).href);

/** @import { Curve } from "./train-sentiment-figures.js" */
/** @import { Data, Frame, Row } from "./train-sentiment-rows.js" */
/** @import { Told } from "../js/training-run.js" */

const PAGE = 6;
const WHO = { network: "The network", baseline: "The baseline" };

/**
 * @param {HTMLElement} root
 * @param {any} stream
 */
export function mount(root, stream) {
  const headline = h("p", { class: "ts-headline" });
  const note = h("p", { class: "ts-note" });
  const curvePlace = h("div", {});
  const matrixPlace = h("div", {});
  const time = h("div", {});
  const runsPlace = h("div", {});
  const tweetsTitle = h("p", { class: "ts-heading", "aria-live": "polite" });
  const list = h("ol", { class: "ts-tweets" });
  const pageWords = h("span", {});
  const back = h("button", { type: "button", class: "small", onclick: () => turn(-1) }, "Surer ones");
  const next = h("button", { type: "button", class: "small", onclick: () => turn(1) }, "More");
  const pages = h("div", { class: "ts-pages" }, back, pageWords, next);
  const endPlace = h("section", { class: "ts-end" });
  const about = h("p", { class: "ts-note" });
  const curve = segments("What the curve shows", CURVES, (value) => {
    stream.url.set("curve", value === "f1" ? null : value);
    draw();
  });
  const who = segments("Whose mistakes", WHO, (value) => {
    stream.url.set("who", value === "network" ? null : value);
    goToPage(0);
  });
  const element = h(
    "div",
    { class: "ts" },
    headline,
    note,
    h(
      "div",
      { class: "ts-columns" },
      h("div", {}, h("div", { class: "ts-choice" }, curve.element), curvePlace),
      h("div", {}, h("div", { class: "ts-choice" }, who.element), matrixPlace),
    ),
    time,
    h("section", { class: "ts-open" }, tweetsTitle, list, pages),
    endPlace,
    runsPlace,
    about,
  );
  root.append(element);

  /** @type {Told<Data, Row, Frame>} */
  let told = soFar([]);
  /** The update that the URL asks for, until it has come. @type {number | null} */
  let wanted = numberOf(stream.url.get("step"));
  let page = numberOf(stream.url.get("page")) ?? 0;
  /** Of neutral tweets those that were taken for negative: the mistake made most. @type {[number, number]} */
  let picked = cellOf(stream.url.get("open")) ?? [1, 0];
  curve.set(stream.url.get("curve") ?? "f1");
  who.set(stream.url.get("who") ?? "network");

  const curves = createChart(curvePlace, { label: "The training, epoch by epoch", height: 340 });
  curves.onClick((key) => goTo(told.frames.findIndex(({ step }) => String(step) === key)));
  const matrix = createMatrix(matrixPlace, (truth, said) => {
    picked = [truth, said];
    stream.url.set("open", truth === 1 && said === 0 ? null : `${truth}-${said}`);
    goToPage(0);
  });
  const scrubber = createScrubber(time, {
    label: "Moment of the training",
    count: 0,
    format: (index) => `epoch ${told.frames[index].epoch.toFixed(2)}`,
    onChange: goTo,
    fps: 3,
  });
  const runs = createPastRuns(runsPlace, stream, {
    about: "Your earlier runs and their macro-F1",
    nameOf: (run) => nameOf(run, stream.params),
    scoreOf: ({ result }) => points(result.f1),
    onChange: draw,
  });

  const unsubscribe = stream.subscribe({
    reset(/** @type {any[]} */ events) {
      told = soFar(events);
      update();
      showEnd();
      runs.show();
    },
    event(/** @type {any} */ event) {
      if (!take(told, event)) return;
      update();
      if (event.kind !== "result") return;
      showEnd();
      runs.find();
    },
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
    stream.url.set("step", index >= told.frames.length - 1 ? null : told.frames[index].step);
    draw();
  }

  function draw() {
    const { data, frames, rows } = told;
    const frame = frames[scrubber.index];
    if (!data || !frame) return;
    curves.update(
      curveFigure({
        ...{ data, rows, epoch: frame.epoch },
        epochs: Math.max(stream.params.epochs, rows.at(-1)?.epoch ?? 0),
        others: runs.chosen().map((run) => ({ name: nameOf(run, stream.params), curve: run.result.curve })),
        curve: /** @type {Curve} */ (curve.value),
      }),
    );
    curves.highlight(String(frame.step));
    showWords(data, frame);
    drawTweets();
    const all = data.learned.reduce((sum, count) => sum + count, 0);
    const counts = data.labels.map((label, at) => `${data.learned[at].toLocaleString("en")} ${label}`);
    about.textContent =
      `It learns from ${all.toLocaleString("en")} tweets (${counts.join(", ")}) and is watched on ` +
      `${data.tweets.length.toLocaleString("en")} others, those in the matrix. A further tenth, the test part, is kept ` +
      `for models that are finished, and not looked at here. Source: ${data.source} (${data.licence}).`;
  }

  /**
   * @param {Data} data
   * @param {Frame} frame
   */
  function showWords(data, frame) {
    const row = told.rows.find(({ step, validation, f1 }) => step === frame.step && (validation ?? f1) !== null);
    headline.replaceChildren(
      "Epoch ",
      h("b", {}, frame.epoch.toFixed(2)),
      ": macro-F1 ",
      h("b", {}, points(row?.f1 ?? 0)),
      ", accuracy ",
      h("b", {}, points(row?.accuracy ?? 0)),
    );
    note.textContent =
      `The baseline, which counts words and pairs of words in the same tweets: ${points(data.baseline.f1)} and ` +
      `${points(data.baseline.accuracy)}. Who always says ${data.labels[0]} reaches an accuracy of ` +
      `${points(countOf(data, 0) / data.tweets.length)}.`;
  }

  // The tweets ------------------------------------------------------------------------------------------------------

  /** @param {number} by */
  function turn(by) {
    goToPage(page + by);
    list.scrollIntoView({ block: "nearest" });
  }

  /** @param {number} to */
  function goToPage(to) {
    page = to;
    stream.url.set("page", page || null);
    draw();
  }

  function drawTweets() {
    const { data, frames } = told;
    const frame = frames[scrubber.index];
    if (!data || !frame) return;
    const ofNetwork = who.value !== "baseline";
    const verdicts = ofNetwork ? frame : data.baseline;
    matrix.show(data.labels, verdicts.counts, picked);
    const [truth, said] = picked;
    const tweets = tweetsIn(data, verdicts, truth, said);
    const last = Math.max(0, Math.ceil(tweets.length / PAGE) - 1);
    const shown = Math.min(page, last);
    const whose = ofNetwork ? "the network" : "the baseline";
    const labels = data.labels;
    tweetsTitle.textContent =
      truth === said
        ? `${count(tweets.length)} labelled ${labels[truth]}, and ${whose} agrees`
        : `${count(tweets.length)} labelled ${labels[truth]}, for which ${whose} says ${labels[said]}`;
    const training = ofNetwork ? { frames, at: scrubber.index } : null;
    const here = tweets.slice(shown * PAGE, (shown + 1) * PAGE);
    list.start = shown * PAGE + 1;
    list.replaceChildren(...here.map((tweet) => tweetItem(tweet, labels, training)));
    pages.hidden = last === 0;
    back.disabled = shown === 0;
    next.disabled = shown === last;
    pageWords.textContent = `${shown * PAGE + 1}–${shown * PAGE + here.length} of ${tweets.length}, the surest first`;
  }

  // In the end ------------------------------------------------------------------------------------------------------

  function showEnd() {
    const { data } = told;
    const { result } = stream;
    endPlace.hidden = !result || !data;
    if (!result || !data) return;
    const { only_network: ours, only_baseline: theirs } = result.difference;
    endPlace.replaceChildren(
      h("p", { class: "ts-heading" }, "Was it worth it?"),
      h("p", { class: "ts-words" }, verdict(result)),
      h(
        "p",
        { class: "ts-words" },
        `The network alone is right on ${count(ours)}, the baseline alone on ${count(theirs)}. The network has ` +
          `${result.weights.toLocaleString("en")} weights that learn.`,
      ),
      scoresTable(data.labels, result),
    );
  }

  return () => {
    unsubscribe();
    for (const part of [curves, scrubber, runs]) part.destroy();
    element.remove();
  };
}

/** @param {number} tweets */
function count(tweets) {
  return `${tweets.toLocaleString("en")} ${tweets === 1 ? "tweet" : "tweets"}`;
}

/**
 * @param {Data} data
 * @param {number} label
 */
function countOf({ truth }, label) {
  return truth.split(String(label)).length - 1;
}

/** @param {string | null} text "1-0" @returns {[number, number] | null} */
function cellOf(text) {
  const found = /^([0-2])-([0-2])$/.exec(text ?? "");
  return found ? [Number(found[1]), Number(found[2])] : null;
}
