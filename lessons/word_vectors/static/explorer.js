// @ts-check
/* The explorer: near words with bars, and the same words on a map; whatever is pointed at lights up in both. */

import { createChart } from "../js/chart.js";
import { h, newId } from "../js/dom.js";
import { stylesheet } from "../js/stylesheet.js";
import { figureOf } from "./neighbourhood.js";

await stylesheet(new URL("word-vectors.css", import.meta.url).href);

const HEIGHT = 420;

/**
 * @typedef {{word: string, similarity: number, rank: number}} Near
 * @typedef {{of: string, words: Near[]}} NearList
 */

/**
 * @param {HTMLElement} root
 * @param {any} stream
 */
export function mount(root, stream) {
  const headline = h("p", { class: "wv-headline" });
  const note = h("p", { class: "wv-note" });
  const lists = h("div", { class: "wv-lists" });
  const picture = h("div", { class: "wv-picture" });
  const columns = h("div", { class: "wv-columns wv-explorer" }, lists, picture);
  const element = h("div", { class: "wv" }, headline, note, columns);
  root.append(element);
  const chart = createChart(picture, { label: "Map of the words", height: HEIGHT });
  chart.onHover(light);
  chart.onClick(explore);

  const unsubscribe = stream.subscribe({
    reset: show,
    event(/** @type {{kind: string}} */ { kind }) {
      if (kind === "result") show();
    },
  });

  function show() {
    const { result } = stream;
    if (!result) return;
    headline.replaceChildren(...headlineOf(result, stream.params));
    const unknown = result.unknown.length > 0;
    const focused = element.contains(document.activeElement) && !picture.contains(document.activeElement);
    columns.hidden = unknown;
    note.replaceChildren(...(unknown ? [] : [noteOf(result)]));
    if (unknown) {
      lists.replaceChildren();
      note.replaceChildren(...result.unknown.map(suggestionsOf));
    } else {
      lists.replaceChildren(...result.lists.map(listOf));
      chart.update(
        figureOf(result, asTyped(stream.params), { width: picture.clientWidth || 600, height: HEIGHT - 80 }),
      );
    }
    // The button that was pressed is gone: whoever goes by keyboard goes on from the new ones.
    if (focused) element.querySelector("button")?.focus({ preventScroll: true });
    stream.announce(`${headline.textContent} ${unknown ? note.textContent : spokenList(result.lists)}`);
  }

  /** @param {{word: string, suggestions: string[]}} unknown */
  function suggestionsOf({ word, suggestions }) {
    if (suggestions.length === 0)
      return h("span", { class: "wv-suggestions" }, `Nothing is spelt like “${word}”. Try another word.`);
    const buttons = suggestions.map((known) =>
      h(
        "button",
        { type: "button", class: "small", onclick: () => stream.submit(replaced(stream.params, word, known)) },
        known,
      ),
    );
    return h("span", { class: "wv-suggestions" }, `Instead of “${word}”, do you mean`, buttons, "?");
  }

  /** @param {NearList} list */
  function listOf({ of, words }) {
    const items = words.map(({ word, similarity }) => {
      const fill = h("i");
      fill.style.width = `${Math.max(0, similarity) * 100}%`;
      const row = h(
        "button",
        { type: "button", class: "wv-near", dataset: { word }, onclick: () => explore(word) },
        h("span", { class: "wv-word" }, word),
        h("span", { class: "wv-bar", "aria-hidden": "true" }, fill),
        h("span", { class: "wv-number" }, similarity.toFixed(2)),
      );
      row.addEventListener("pointerenter", () => light(word));
      row.addEventListener("pointerleave", () => light(null));
      row.addEventListener("focus", () => light(word));
      row.addEventListener("blur", () => light(null));
      return h("li", {}, row);
    });
    const heading = stream.result.task === "odd_one_out" ? "Similarity to " : "Nearest to ";
    const id = newId("near");
    return h(
      "div",
      {},
      h("p", { class: "wv-label", id }, heading, h("b", {}, of)),
      h("ol", { "aria-labelledby": id }, items),
    );
  }

  /** @param {string | null} word */
  function light(word) {
    chart.highlight(word);
    for (const row of lists.querySelectorAll("button")) row.classList.toggle("lit", row.dataset.word === word);
  }

  /** @param {string} word */
  function explore(word) {
    stream.submit({ task: "neighbours", word });
  }

  return () => {
    unsubscribe();
    chart.destroy();
    element.remove();
  };
}

/**
 * @param {any} result
 * @param {any} params
 * @returns {(Node | string)[]}
 */
function headlineOf({ task, asked, answer, similarity, unknown }, params) {
  const strong = (/** @type {string} */ text) => h("b", {}, text);
  if (unknown.length > 0) {
    const words = unknown.map((/** @type {{word: string}} */ { word }) => `“${word}”`).join(" and ");
    return [`GloVe does not know ${words}.`];
  }
  if (task === "similarity") {
    const [first, second = first] = asked;
    return [`The similarity of ${first} and ${second} is `, strong(similarity.toFixed(2)), "."];
  }
  if (task === "analogy") {
    const { a, b, c } = asTyped(params);
    return [`${a} is to ${b} as ${c} is to `, strong(answer), "."];
  }
  if (task === "odd_one_out") return [strong(answer), " is the odd one out."];
  return ["The words nearest to ", strong(asked[0]), "."];
}

/** @param {any} result */
function noteOf({ task, searched, map: { explained } }) {
  const plane = `The map keeps ${Math.round((explained[0] + explained[1]) * 100)}\u00a0% of how these words differ.`;
  if (task === "odd_one_out") return `It is the least similar to the mean of the words. ${plane}`;
  const among = searched.toLocaleString("en");
  if (task === "similarity") return `The cosine of their vectors: 1 is the same direction, 0 is unrelated. ${plane}`;
  return `By cosine, among ${among} words. ${plane}`;
}

/** @param {NearList[]} lists */
function spokenList(lists) {
  return lists
    .map(
      ({ of, words }) =>
        `Nearest to ${of}: ${words
          .slice(0, 3)
          .map(({ word }) => word)
          .join(", ")}.`,
    )
    .join(" ");
}

/**
 * The words of an analogy as the vectors know them.
 * @param {any} params
 */
function asTyped({ a, b, c }) {
  const plain = (/** @type {string} */ word) => word.trim().toLowerCase();
  return { a: plain(a), b: plain(b), c: plain(c) };
}

/**
 * The change to the params that puts `known` where `unknown` was typed.
 * @param {any} params
 * @param {string} unknown
 * @param {string} known
 */
function replaced(params, unknown, known) {
  const swap = (/** @type {string} */ word) =>
    word.toLowerCase().split(/\s+/).filter(Boolean).join(" ") === unknown ? known : word;
  const fields = { neighbours: ["word"], similarity: ["first", "second"], analogy: ["a", "b", "c"] }[
    /** @type {string} */ (params.task)
  ];
  if (!fields) return { words: params.words.map(swap) };
  return Object.fromEntries(fields.map((field) => [field, swap(params[field])]));
}
