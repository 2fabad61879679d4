// @ts-check
/* The live training: the loss, the moving map beside it, and one scrubber for both. */

import { createChart } from "../js/chart.js";
import { h } from "../js/dom.js";
import { createScrubber } from "../js/scrubber.js";
import { stylesheet } from "../js/stylesheet.js";
import { numberOf } from "../js/training-run.js";
import { createMovingMap } from "./moving-map.js";

await stylesheet(new URL("word-vectors.css", import.meta.url).href);

/**
 * @typedef {import("./moving-map.js").Frame} Frame
 * @typedef {{step: number, epoch: number, loss: number, words_per_second?: number}} Row
 * @typedef {{kind: string, data: Record<string, any>}} Event
 */

/**
 * @param {HTMLElement} root
 * @param {any} stream
 */
export function mount(root, stream) {
  const headline = h("p", { class: "wv-headline" });
  const note = h("p", { class: "wv-note" });
  const left = h("div", {});
  const right = h("div", {});
  const time = h("div", {});
  const watched = h("div", { class: "wv-watched" });
  const columns = h("div", { class: "wv-columns wv-training" }, left, right);
  const element = h("div", { class: "wv" }, headline, note, columns, time, watched);
  root.append(element);

  /** @type {Frame[]} */
  let frames = [];
  /** @type {Row[]} */
  let rows = [];
  /** The step that the URL asks for, until it has come. @type {number | null} */
  let wanted = numberOf(stream.url.get("step"));
  /** @type {string | null} a word that was clicked */
  let picked = stream.url.get("word");

  const chart = createChart(left, { label: "Loss on held-out pairs", height: 400 });
  chart.onClick((key) => goTo(Number(key)));
  const map = createMovingMap(right, { onPoint: light, onPick: pick });
  const scrubber = createScrubber(time, {
    label: "Moment of the training",
    count: 0,
    format: (index) => `epoch ${frames[index].epoch.toFixed(2)}`,
    onChange: goTo,
    fps: 12,
  });

  const unsubscribe = stream.subscribe({
    reset(/** @type {Event[]} */ events) {
      frames = [];
      rows = [];
      for (const event of events) take(event);
      update();
      showWatched();
    },
    event(/** @type {Event} */ event) {
      if (!take(event)) return;
      update();
      if (event.kind === "result" || frames.length === 1) showWatched();
    },
  });

  /** @param {Event} event @returns {boolean} whether the picture changes */
  function take({ kind, data }) {
    if (kind === "frame") frames.push(/** @type {Frame} */ (data));
    else if (kind === "metrics") rows.push(...data.rows);
    return kind === "frame" || kind === "metrics" || kind === "result";
  }

  function update() {
    scrubber.setCount(frames.length, { follow: wanted === null });
    if (wanted !== null && frames.length > 0) {
      const index = frames.findIndex(({ step }) => step >= /** @type {number} */ (wanted));
      scrubber.setIndex(index < 0 ? frames.length - 1 : index);
      if (index >= 0) wanted = null;
    }
    draw();
  }

  /** @param {number} to by hand, or while it plays */
  function goTo(to) {
    const index = Math.min(to, frames.length - 1);
    scrubber.setIndex(index);
    const atEnd = index >= frames.length - 1;
    wanted = null;
    stream.url.set("step", atEnd ? null : frames[index].step);
    draw();
  }

  function draw() {
    const { index } = scrubber;
    const frame = frames[index];
    if (!frame) return chart.update(lossFigure(rows, 0, stream.params.epochs)); // the first row comes before its map
    map.show(frames, index);
    map.light(picked);
    const row = rows.find(({ step }) => step === frame.step);
    headline.replaceChildren(
      "Epoch ",
      h("b", {}, frame.epoch.toFixed(2)),
      row ? ", loss " : "",
      h("b", {}, row?.loss.toFixed(3)),
    );
    note.textContent = noteOf(frame, row, frames[0]);
    chart.update(lossFigure(rows, frame.epoch, Math.max(stream.params.epochs, rows.at(-1)?.epoch ?? 0)));
    chart.highlight(row ? String(rows.indexOf(row)) : null);
  }

  /** The watched words; when the training is done, with their neighbours. */
  function showWatched() {
    const { result } = stream;
    if (result) showWords(result.watched, result.unknown);
    else if (frames.length > 0) showWords(frames[0].words.map((word) => ({ word, neighbours: [] })));
  }

  /**
   * @param {{word: string, neighbours: {word: string}[]}[]} words
   * @param {{word: string, count: number}[]} unknown
   */
  function showWords(words, unknown = []) {
    const items = words.map(({ word, neighbours }) => {
      const button = h("button", { type: "button", "aria-pressed": String(word === picked), dataset: { word } }, word);
      button.addEventListener("click", () => pick(word));
      button.addEventListener("pointerenter", () => light(word));
      button.addEventListener("pointerleave", () => light(null));
      button.addEventListener("focus", () => light(word));
      button.addEventListener("blur", () => light(null));
      return h("li", {}, button, h("span", {}, neighbours.map((near) => near.word).join(", ")));
    });
    const lost = unknown.map(
      ({ word, count }) =>
        `${word} (${count === 0 ? "not in the text" : count === 1 ? "only once" : `only ${count} times`})`,
    );
    watched.replaceChildren(
      h(
        "p",
        { class: "wv-label" },
        words[0]?.neighbours.length
          ? "The watched words and their nearest words at the end of the training"
          : "The watched words",
      ),
      h("ul", {}, items),
      lost.length > 0 ? h("p", { class: "wv-note" }, `Left out: ${lost.join(", ")}.`) : "",
    );
  }

  /** @param {string | null} word */
  function light(word) {
    map.light(word ?? picked);
    for (const button of watched.querySelectorAll("button"))
      button.classList.toggle("lit", button.dataset.word === word);
  }

  /** @param {string} word lit until it is clicked again */
  function pick(word) {
    picked = picked === word ? null : word;
    stream.url.set("word", picked);
    for (const button of watched.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.dataset.word === picked));
    }
    light(picked);
  }

  return () => {
    unsubscribe();
    chart.destroy();
    scrubber.destroy();
    map.destroy();
    element.remove();
  };
}

/**
 * @param {Row[]} rows
 * @param {number} epoch now
 * @param {number} epochs in all, so that the axis stands still while the curve grows
 */
function lossFigure(rows, epoch, epochs) {
  return {
    traces: [
      {
        type: "scatter",
        mode: "lines+markers",
        x: rows.map((row) => row.epoch),
        y: rows.map((row) => row.loss),
        customdata: rows.map((_, index) => String(index)),
        line: { color: "var(--cat-1)", width: 2 },
        marker: { color: "var(--cat-1)", size: 4 },
        hovertemplate: "epoch %{x:.2f}: %{y:.3f}<extra></extra>",
      },
    ],
    layout: {
      xaxis: { title: "Epoch", range: [(rows[0]?.epoch ?? 0) - 0.02 * epochs, 1.02 * epochs] },
      yaxis: { title: "Loss on held-out pairs" },
      shapes: [
        {
          ...{ type: "line", xref: "x", yref: "paper", x0: epoch, x1: epoch, y0: 0, y1: 1 },
          line: { color: "var(--now)", width: 1.5 },
        },
      ],
      hovermode: "closest",
    },
    table: {
      caption: "Loss on held-out pairs of words",
      columns: [
        { key: "epoch", label: "Epoch", numeric: true },
        { key: "step", label: "Step", numeric: true },
        { key: "loss", label: "Loss", numeric: true },
        { key: "words_per_second", label: "Words a second", numeric: true },
      ],
      rows,
    },
  };
}

/**
 * @param {Frame} frame
 * @param {Row | undefined} row
 * @param {Frame} first a run that goes on from another one begins after step 0
 */
function noteOf({ explained }, row, first) {
  const from = first.step > 0 ? `Goes on from epoch ${first.epoch.toFixed(2)}. ` : "";
  const plane = `${from}The map keeps ${Math.round((explained[0] + explained[1]) * 100)}\u00a0% of how these words differ.`;
  const speed = row?.words_per_second;
  return speed ? `${plane} ${speed.toLocaleString("en")} words a second.` : plane;
}
