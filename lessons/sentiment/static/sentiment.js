// @ts-check
/* How a sentence feels: the sentence as a score, and beside it what two models say. */

import { h } from "../js/dom.js";
import { createScrubber } from "../js/scrubber.js";
import { stylesheet } from "../js/stylesheet.js";
import { bagAfter, classOf, disagreements, matched, scalesOf, weightsOf } from "./sentiment-maths.js";
import { createScore } from "./sentiment-score.js";
import { createTable } from "./sentiment-table.js";
import { createVerdict } from "./sentiment-verdict.js";
import { CLASSES, difference, headline, REASONS, readout, remark, SHOWN_AT_FIRST, STAVES } from "./sentiment-words.js";

/** @import { Sentence } from "./sentiment-maths.js" */

await stylesheet(new URL("sentiment.css", import.meta.url).href);

/**
 * @param {HTMLElement} root
 * @param {any} stream
 */
export function mount(root, stream) {
  const title = h("p", { class: "fe-headline" });
  const reason = h("p", { class: "fe-reason", hidden: true });
  const apartWords = h("p", { class: "fe-note", hidden: true });
  const both = h("div", { class: "fe-both" });
  const below = h("div");
  const legend = legendOf();
  const element = h("div", { class: "fe" }, title, apartWords, reason, legend.element, both, below);
  root.append(element);
  const table = createTable(below);
  const blocks = [createBlock(0), createBlock(1)];

  /** @type {Sentence[]} */
  let sentences = [];
  /** The class that was chosen; null: the one that the network says. @type {number | null} */
  let chosen = CLASSES.indexOf(stream.url.get("class") ?? "");
  if (chosen < 0) chosen = null;
  const staves = new Set((stream.url.get("show")?.split(".") ?? SHOWN_AT_FIRST).filter(isStave));
  /** The words that the address names are those of the sentence that it names, not of the recorded one before it. */
  let opening = true;

  const sizes = new ResizeObserver(() => {
    for (const block of blocks) block.score.resize();
  });
  sizes.observe(both);
  document.fonts.ready.then(() => draw());
  const unsubscribe = stream.subscribe({
    reset: show,
    event(/** @type {{kind: string}} */ { kind }) {
      if (kind === "result") show();
    },
  });

  function show() {
    if (!stream.result) return;
    sentences = stream.result.sentences;
    const asked = stream.params.text === stream.values.text && stream.params.other === stream.values.other;
    for (const [i, block] of blocks.entries()) block.take(sentences[i] ?? null, opening, asked);
    if (asked) opening = false;
    draw();
    stream.announce(`${title.textContent} ${sentences.map(remark).join(" ")}`);
  }

  /** @returns the class that weights are for */
  function which() {
    return chosen ?? (sentences.length > 0 ? classOf(sentences[0].probabilities) : 0);
  }

  function draw() {
    if (sentences.length === 0) return;
    const weights = sentences.map((sentence) => weightsOf(sentence, which()));
    const scales = scalesOf(weights);
    const partners = sentences.map(({ words }, i) =>
      sentences.length > 1 ? matched(words, sentences[1 - i].words) : null,
    );
    title.textContent = headline(sentences);
    const why = REASONS.get(stream.params.text);
    reason.hidden = why === undefined;
    reason.textContent = why ?? "";
    const apart = weights.map((each) => disagreements(each, scales));
    for (const [i, sentence] of sentences.entries())
      blocks[i].update({ sentence, weights: weights[i], scales, apart: apart[i], partners: partners[i] });
    const count = apart[0].length;
    const texts = [];
    if (sentences.length > 1) texts.push(difference(sentences[0], sentences[1], which()));
    if (count > 0 && staves.has("gradient") && staves.has("without"))
      texts.push(
        `The two ways disagree (≠) about ${apart[0].map((at) => `“${sentences[0].words[at]}”`).join(", ")}: ${count === 1 ? "it speaks" : "each speaks"} for “${CLASSES[which()]}” by one and against it by the other.`,
      );
    apartWords.hidden = texts.length === 0;
    apartWords.textContent = texts.join(" ");
    both.classList.toggle("fe-two", sentences.length > 1);
    legend.update();
    table.update(sentences.map((sentence, i) => ({ sentence, weights: weights[i], which: which() })));
  }

  /** @param {number} index */
  function createBlock(index) {
    const key = index === 0 ? "word" : "word2";
    const label = index === 0 ? "First sentence" : "Second sentence";
    const heading = h("p", { class: "fe-which" }, index === 0 ? "First" : "Second");
    const note = h("p", { class: "fe-remark", hidden: true });
    const top = h("div");
    const body = h("div", { class: "fe-place" });
    const time = h("div", { class: "fe-time" });
    const told = h("p", { class: "fe-readout" });
    const place = h(
      "div",
      { class: "fe-block", role: "group", "aria-label": label },
      heading,
      top,
      note,
      body,
      time,
      told,
    );
    place.hidden = true;
    both.append(place);
    /** @type {any} */
    let scene = null;
    let now = 0;
    /** @type {number | null} */
    let peek = null;

    const verdict = createVerdict(top, choose);
    const score = createScore(body, {
      label: `Words of the ${label.toLowerCase()}`,
      onPick: go,
      onPeek: (at) => light(index, at),
    });
    const scrubber = createScrubber(time, {
      label: index === 0 ? "Words read" : "Words read of the second sentence",
      count: 0,
      fps: 2,
      format: (at) => `${at + 1} of ${scene?.sentence.words.length ?? 0} words`,
      onChange: go,
    });

    /** @param {number} at */
    function go(at) {
      now = at;
      const last = scene.sentence.words.length - 1;
      stream.url.set(key, at === last ? null : at + 1);
      scrubber.setIndex(at);
      showNow();
    }

    function showNow() {
      if (!scene) return;
      const { sentence } = scene;
      score.setNow(now);
      verdict.update({
        network: sentence.after[now],
        bag: bagAfter(sentence.bag, now + 1),
        which: which(),
        words: now + 1,
        of: sentence.words.length,
      });
      tell();
    }

    function tell() {
      const at = peek ?? now;
      const { sentence, weights, apart } = scene;
      told.replaceChildren(
        h("b", {}, sentence.words[at]),
        ` ${readout(sentence, weights, at, which(), apart.includes(at))}`,
      );
    }

    return {
      score,
      /** @param {Sentence | null} sentence @param {boolean} fromUrl @param {boolean} asked for by what the form says */
      take(sentence, fromUrl, asked) {
        place.hidden = sentence === null;
        heading.hidden = sentences.length < 2;
        peek = null;
        if (!sentence) {
          scene = null;
          return;
        }
        const last = sentence.words.length - 1;
        // One result is told more than once, as when the page is connected again.
        if (!fromUrl && sentence.words.join(" ") === scene?.sentence.words.join(" ")) return;
        const word = fromUrl && asked ? Number(stream.url.get(key)) - 1 : last;
        now = Number.isInteger(word) && word >= 0 && word < last ? word : last;
        if (asked && now === last) stream.url.set(key, null);
      },
      /** @param {any} next */
      update(next) {
        const { sentence } = next;
        scene = next;
        const words = remark(sentence);
        note.hidden = words === "";
        note.textContent = words;
        score.update({
          ...next,
          which: which(),
          staves,
          changed: next.partners?.map((/** @type {number | null} */ at) => at === null) ?? [],
        });
        scrubber.setCount(sentence.words.length);
        scrubber.setIndex(now);
        showNow();
      },
      /** @param {number | null} at */
      light(at) {
        if (!scene) return;
        peek = at;
        score.light(at);
        tell();
      },
      partner: (/** @type {number} */ at) => scene?.partners?.[at] ?? null,
      destroy() {
        verdict.destroy();
        score.destroy();
        scrubber.destroy();
      },
    };
  }

  /** What is pointed at lights up, and the same word in the other sentence. @param {number} index @param {number | null} at */
  function light(index, at) {
    blocks[index].light(at);
    blocks[1 - index].light(at === null ? null : blocks[index].partner(at));
  }

  /** @param {number} to */
  function choose(to) {
    chosen = to === classOf(sentences[0].probabilities) ? null : to;
    stream.url.set("class", chosen === null ? null : CLASSES[chosen]);
    draw();
  }

  function legendOf() {
    const chips = STAVES.map(({ key, name, about }, at) =>
      h(
        "button",
        { type: "button", class: "fe-chip", title: about, onclick: () => toggle(key), dataset: { stave: key } },
        h("span", { class: "fe-ordinal" }, `${at + 1}`),
        name,
      ),
    );
    const abouts = h("p", { class: "fe-about" });
    const group = h("div", { class: "fe-chips", role: "group", "aria-label": "What stands under the words" }, chips);
    for (const [at, chip] of chips.entries()) {
      const tell = () => abouts.replaceChildren(h("b", {}, STAVES[at].name), ` ${STAVES[at].about}`);
      chip.addEventListener("pointerenter", tell);
      chip.addEventListener("focus", tell);
    }
    return {
      element: h("div", { class: "fe-legend" }, group, abouts),
      update() {
        for (const chip of chips) chip.setAttribute("aria-pressed", String(staves.has(chip.dataset.stave ?? "")));
        if (!abouts.querySelector("b"))
          abouts.textContent = `Filled bars speak for “${CLASSES[which()]}”, hollow ones against it; press another class to see what speaks for that. Point at a name here to read what it means, press it to hide it.`;
      },
    };
  }

  /** @param {string} key */
  function toggle(key) {
    if (staves.has(key)) staves.delete(key);
    else staves.add(key);
    const same = staves.size === SHOWN_AT_FIRST.length && SHOWN_AT_FIRST.every((one) => staves.has(one));
    stream.url.set("show", same ? null : [...staves].join("."));
    draw();
  }

  return () => {
    sizes.disconnect();
    unsubscribe();
    for (const block of blocks) block.destroy();
    table.destroy();
    element.remove();
  };
}

/** @param {string} key */
function isStave(key) {
  return STAVES.some((stave) => stave.key === key);
}
