// @ts-check
/* A text that is being written, or read: each character shaded by its surprise, and beside it what else could stand there. */

import { h } from "../js/dom.js";
import { createScrubber } from "../js/scrubber.js";
import { stylesheet } from "../js/stylesheet.js";
import { alternatives } from "./generate-panel.js";
import { bits, choose, chosenPlaces, LEVELS, label, noText, surprising, take, visible } from "./generate-steps.js";
import { textPage } from "./generate-text.js";

/** @import { Text } from "./generate-steps.js" */
/** @import { Page } from "./generate-text.js" */

await stylesheet(new URL("generate.css", import.meta.url).href);

const MOST_SURPRISING = 8;
const AROUND = 12;

/**
 * @param {HTMLElement} root
 * @param {any} stream
 */
export function mount(root, stream) {
  const headline = h("p", { class: "tg-headline" });
  const another = h("button", { type: "button", class: "small", onclick: anotherText }, "Another text");
  const letGo = h("button", { type: "button", class: "small", onclick: forget }, "Take back what you chose");
  const note = h("p", { class: "notice info tg-note" });
  const texts = h("div", { class: "tg-pages" });
  const time = h("div", { class: "tg-time" });
  const places = h("ol", { class: "tg-places" });
  const surprises = h("section", { class: "tg-surprises" }, h("h3", {}, "Where it was most surprised"), places);
  const panel = alternatives({ onChoose: instead });
  const main = h("div", { class: "tg-main" }, texts, legend(), time, surprises);
  const element = h(
    "div",
    { class: "tg" },
    h("div", { class: "tg-top" }, headline, another, letGo),
    note,
    h("div", { class: "tg-columns" }, main, panel.element),
  );
  root.append(element);

  /** @type {Text[]} */
  let written = [];
  /** @type {Page[]} */
  const pages = [];
  let shownParams = "";
  /** Which text is looked at, and where; null: at its end, wherever that is. */
  let side = Number(stream.url.get("side") ?? 0) === 1 ? 1 : 0;
  /** @type {number | null} */
  let step = stream.url.get("step") === null ? null : Number(stream.url.get("step")) - 1;
  /** The address names a place in a text that is not here yet: the recorded one is shown first. */
  let arriving = step !== null;
  /** @type {{of: number, at: number} | null} */
  let pointed = null;
  let replaying = false;
  let frame = 0;
  /** @type {Set<string>} */
  let byHand = new Set();

  const scrubber = createScrubber(time, {
    label: "Character",
    count: 0,
    fps: 12,
    format: (at) => `${at + 1} of ${written[side]?.symbols.length ?? 0}`,
    onChange: (at) => {
      if (at !== place()) go(side, at, { replay: true });
    },
  });

  const unsubscribe = stream.subscribe({
    reset(/** @type {any[]} */ events) {
      const { chosen, ...others } = stream.params;
      const params = JSON.stringify(others);
      if (shownParams !== "" && params !== shownParams) {
        if (!arriving) look(side, null);
        arriving = false;
      }
      shownParams = params;
      byHand = chosenPlaces(writes() ? chosen : "");
      written = Array.from({ length: writes() && stream.params.compare ? 2 : 1 }, noText);
      for (const event of events) if (event.kind === "tokens") take(written, event.data);
      build();
      draw();
    },
    event(/** @type {any} */ { kind, data }) {
      if (kind === "tokens") {
        take(written, data);
        if (data.at === 0) build();
        if (frame === 0) frame = requestAnimationFrame(draw);
      } else if (kind !== "progress") draw();
    },
  });

  function writes() {
    return stream.params.task === "write";
  }

  function build() {
    while (pages.length > written.length) pages.pop()?.element.remove();
    while (pages.length < written.length) pages.push(page(pages.length));
    pages.forEach((one, of) => {
      one.begin(written[of], writes() ? stream.params.prompt : "", (at) => byHand.has(`${of}.${at}`));
      one.head(headingOf(of));
    });
    texts.classList.toggle("tg-two", written.length > 1);
    side = Math.min(side, written.length - 1);
  }

  /** @param {number} of */
  function page(of) {
    const one = textPage({
      onPick: (at) => go(of, at),
      onPoint: (at) => point(at === null ? null : { of, at }),
    });
    texts.append(one.element);
    return one;
  }

  /** @param {number} of */
  function headingOf(of) {
    if (written.length < 2) return "";
    return `Temperature ${of === 0 ? stream.params.temperature : stream.params.other_temperature}`;
  }

  /** Where one looks: at a place, or at the end. */
  function place() {
    const last = (written[side]?.symbols.length ?? 0) - 1;
    return step === null || step > last ? last : step;
  }

  function draw() {
    cancelAnimationFrame(frame);
    frame = 0;
    for (const one of pages) one.grow();
    scrubber.setCount(written[side].symbols.length);
    mark();
    say();
  }

  function mark() {
    const at = place();
    scrubber.setIndex(at);
    for (const one of pages) one.mark(at < 0 ? null : at, { replaying });
    show();
  }

  function show() {
    const { of, at } = pointed ?? { of: side, at: place() };
    return panel.show(written[of], at < 0 ? null : at, writes() ? stream.params.prompt : "", {
      writes: writes(),
      byHand: byHand.has(`${of}.${at}`),
    });
  }

  /**
   * @param {number} of
   * @param {number | null} at
   */
  function look(of, at) {
    side = of;
    step = at;
    replaying = false;
    stream.url.set("step", at === null ? null : at + 1);
    stream.url.set("side", at === null || of === 0 ? null : of);
  }

  /**
   * @param {number} of
   * @param {number} at
   * @param {{replay?: boolean}} options
   */
  function go(of, at, { replay = false } = {}) {
    const last = written[of].symbols.length - 1;
    arriving = false;
    look(of, at >= last && stream.running ? null : at);
    replaying = replay && at < last;
    pointed = null;
    scrubber.setCount(written[side].symbols.length);
    mark();
    pages[of].mark(at, { replaying, show: !replay });
    const words = show();
    if (!replay) stream.announce(words);
  }

  /** @param {{of: number, at: number} | null} what */
  function point(what) {
    pointed = what;
    for (const [of, one] of pages.entries()) one.mark(what?.of === of ? what.at : null, { pointed: true });
    show();
  }

  /** @param {string} symbol */
  function instead(symbol) {
    const { of, at } = pointed ?? { of: side, at: place() };
    pointed = null;
    look(of, at);
    stream.submit({ chosen: choose(stream.params.chosen, of, at, symbol) });
  }

  function forget() {
    another.focus({ preventScroll: true }); // the button that was pressed goes
    stream.submit({ chosen: "" });
  }

  function anotherText() {
    stream.submit({ seed: (Number(stream.values.seed) + 1) % 2 ** 31, chosen: "" });
  }

  function say() {
    const [first] = written;
    const empty = first.symbols.length === 0;
    headline.textContent = empty ? "" : headlineOf(first);
    another.hidden = !writes();
    letGo.hidden = byHand.size === 0;
    const words = unknownWords();
    note.hidden = words === "";
    note.textContent = words;
    const over = !stream.running || stream.result !== null;
    const found = over ? surprising(first, MOST_SURPRISING) : [];
    surprises.hidden = found.length === 0;
    places.replaceChildren(...found.map(({ at, nats }) => surpriseAt(first, at, nats)));
  }

  /** @param {Text} text */
  function headlineOf({ symbols }) {
    const count = symbols.length.toLocaleString("en");
    const noun = symbols.length === 1 ? "character" : "characters";
    if (!writes()) return `It has read ${count} ${noun} and held at each place what it saw against what it expected.`;
    const hand = byHand.size === 0 ? "" : byHand.size === 1 ? ", one of them yours" : `, ${byHand.size} of them yours`;
    return `It has written ${count} ${noun}${hand}.`;
  }

  function unknownWords() {
    const symbols = [...(writes() ? stream.params.prompt : stream.params.text)];
    const unknown = written[0].unknown.filter((at) => at < symbols.length);
    if (unknown.length === 0) return "";
    const different = [...new Set(unknown.map((at) => visible(symbols[at])))];
    const named = different.slice(0, 12).map((one) => (one === "�" || one.trim() === "" ? "an invisible one" : one));
    const more = different.length > 12 ? ` and ${different.length - 12} others` : "";
    const all = unknown.length === symbols.length;
    return `The network never saw ${[...new Set(named)].join(" ")}${more}: ${
      all ? "nothing here means anything to it" : "struck out, it passes over them"
    }. It knows 65 characters: the English letters, the space, the line end, the 3 and ! $ & ' , - . : ; ?`;
  }

  /**
   * @param {Text} text
   * @param {number} at
   * @param {number} nats
   */
  function surpriseAt(text, at, nats) {
    const around = (/** @type {number} */ from, /** @type {number} */ to) =>
      visible(text.symbols.slice(Math.max(0, from), to).join(""));
    const expected = text.top[at][0];
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "tg-surprise", onclick: () => go(0, at) },
        h(
          "span",
          { class: "tg-context" },
          around(at - AROUND, at),
          h("b", {}, text.symbols[at] === " " ? "␣" : visible(text.symbols[at])),
          around(at + 1, at + 5),
        ),
        h("span", { class: "tg-expected" }, `${bits(nats).toFixed(1)} bits; it expected ${quoted(expected)}`),
      ),
    );
  }

  return () => {
    cancelAnimationFrame(frame);
    unsubscribe();
    scrubber.destroy();
    element.remove();
  };
}

/** @param {string} symbol */
function quoted(symbol) {
  const name = label(symbol);
  return name === symbol ? `“${name}”` : `a ${name}`;
}

function legend() {
  const names = [`under ${LEVELS[0]}`, ...LEVELS.map((least, at) => words(least, LEVELS[at + 1]))];
  return h(
    "p",
    { class: "tg-legend" },
    h("span", {}, "Surprise in bits: "),
    names.map((name, at) => h("span", { class: `tg-${at} tg-swatch` }, name)),
  );
}

/**
 * @param {number} least
 * @param {number | undefined} next
 */
function words(least, next) {
  return next === undefined ? `${least} and more` : `${least} to ${next}`;
}
