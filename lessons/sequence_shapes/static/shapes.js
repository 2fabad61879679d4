// @ts-check
/*
 * Five wirings of inputs and outputs in time. What is read and where is drawn at once, from what the form says; the run
 * in a worker brings what the trained nets say.
 */

import { h } from "../js/dom.js";
import { createScrubber } from "../js/scrubber.js";
import { stylesheet } from "../js/stylesheet.js";
import { createBuilder } from "./shapes-builder.js";
import { createCases } from "./shapes-cases.js";
import { diagram } from "./shapes-diagram.js";
import { createDrawing } from "./shapes-drawing.js";
import { createPad } from "./shapes-pad.js";
import { GREYS, headline, planOf, sameQuestion } from "./shapes-plan.js";
import { createStep, createStepsTable } from "./shapes-step.js";
import { WIRINGS } from "./wirings.js";

/** @import { Step } from "./shapes-plan.js" */
/** @import { UseCase, WiringId } from "./wirings.js" */

const [rows] = await Promise.all([
  fetch(new URL("use-cases.json", import.meta.url)).then((answer) => /** @type {Promise<UseCase[]>} */ (answer.json())),
  stylesheet(new URL("sequence-shapes.css", import.meta.url).href),
]);

const VIEWS = /** @type {const} */ ([
  ["run", "Run it"],
  ["cases", "Use cases"],
  ["build", "Build one"],
]);

/**
 * @param {HTMLElement} root
 * @param {any} stream
 */
export function mount(root, stream) {
  const cards = WIRINGS.map(({ id, name, inputs, outputs, says }) =>
    h(
      "button",
      { type: "button", class: "sh-card", dataset: { wiring: id }, onclick: () => choose(id) },
      diagram(inputs, outputs, { room: 15 }),
      h("strong", {}, name),
      h("span", {}, says),
    ),
  );
  const group = `sh-view-${Math.random().toString(36).slice(2)}`;
  const radios = VIEWS.map(([id, name]) => {
    const radio = h("input", { type: "radio", name: group, value: id, onchange: () => show(id) });
    return { id, radio, label: h("label", {}, radio, name) };
  });
  const title = h("p", { class: "sh-headline" });
  const picture = h("div");
  const time = h("div");
  const pad = h("div");
  const one = h("div");
  const table = h("div");
  const legend = h("p", { class: "sh-note" });
  const score = h("p", { class: "sh-note" });
  const panels = {
    run: h(
      "div",
      { class: "sh-panel" },
      title,
      picture,
      legend,
      time,
      h("div", { class: "sh-columns" }, one, pad),
      table,
      score,
    ),
    cases: h("div", { class: "sh-panel" }),
    build: h("div", { class: "sh-panel" }),
  };
  const element = h(
    "div",
    { class: "sh" },
    h("div", { class: "sh-cards", role: "group", "aria-label": "The five wirings" }, cards),
    h(
      "div",
      { class: "segments", role: "radiogroup", "aria-label": "What to see" },
      radios.map(({ label }) => label),
    ),
    panels.run,
    panels.cases,
    panels.build,
  );
  root.append(element);

  /** @type {WiringId | null} */
  let wiring = null;
  let picked = stream.values.picture;
  let view = /** @type {"run" | "cases" | "build"} */ (stream.url.get("view") ?? "run");
  if (!VIEWS.some(([id]) => id === view)) view = "run";
  /** @type {Step[]} */
  let steps = [];
  /** @type {number | null} the step that was chosen; null: the first that says something */
  let chosen = stepInUrl();
  let drawn = "";

  const drawing = createDrawing(picture, { onPick: pick });
  const scrubber = createScrubber(time, {
    label: "Time step",
    count: 0,
    fps: 2,
    format: (t) => `step ${t + 1} of ${steps.length}`,
    onChange: pick,
  });
  const step = createStep(one);
  const table_ = createStepsTable(table);
  const canvas = createPad(pad, { onDraw: (pixels) => stream.submit({ drawn: pixels }, { typing: true }) });
  const cases = createCases(panels.cases, {
    rows,
    question: stream.url.get("q") ?? "",
    onLight: light,
    onChoose: choose,
    onSearch: (question) => stream.url.set("q", question.trim() === "" ? null : question),
  });
  const builder = createBuilder(panels.build, {
    rows,
    url: stream.url,
    onLight: (id) => view === "build" && light(id),
    onTasks(question) {
      show("cases");
      cases.ask(question);
    },
  });

  const unsubscribe = stream.subscribe({
    reset: draw,
    event(/** @type {{kind: string}} */ { kind }) {
      if (kind === "result") draw();
    },
    values,
  });
  show(view);
  values();

  function stepInUrl() {
    const number = Number(stream.url.get("step"));
    return Number.isInteger(number) && number > 0 ? number - 1 : null;
  }

  /** @param {WiringId} id */
  function choose(id) {
    if (view === "build") builder.set(id);
    if (id !== stream.values.wiring) stream.submit({ wiring: id, drawn: "" }, { typing: true });
  }

  function values() {
    const { wiring: now, picture: number, drawn: pixels } = stream.values;
    if (number !== picked && pixels !== "" && pixels === drawn) {
      picked = number;
      drawn = "";
      return stream.submit({ drawn: "" }, { typing: true }); // it was drawn on another picture; values() is called again
    }
    picked = number;
    drawn = pixels;
    if (wiring !== null && wiring !== now) {
      chosen = null;
      stream.url.set("step", null);
    }
    wiring = now;
    for (const card of cards) card.setAttribute("aria-pressed", String(card.dataset.wiring === now));
    draw();
  }

  function draw() {
    const asked = stream.values;
    const result = stream.result && sameQuestion(stream.params, asked) ? stream.result : null;
    steps = result ? result.steps : planOf(asked);
    const reads = asked.wiring === "one-to-one" || asked.wiring === "one-to-many";
    const pixels = asked.drawn
      ? Array.from(asked.drawn, (grey) => GREYS.indexOf(String(grey)))
      : reads
        ? (stream.result?.pixels ?? null)
        : null;
    drawing.update({ steps, pixels, recurrent: asked.wiring !== "one-to-one" });
    title.textContent = result ? headline(result, asked) : "No answer yet.";
    canvas.show(reads);
    if (reads && pixels) canvas.update(pixels);
    table_.update(steps, asked.wiring);
    score.textContent = result?.score ?? "";
    legend.textContent = legendOf(asked.wiring);
    scrubber.setCount(steps.length);
    const asks = steps.findIndex(({ output }) => output !== null);
    at(Math.min(steps.length - 1, chosen ?? asks));
  }

  /** @param {number} t */
  function pick(t) {
    chosen = t;
    stream.url.set("step", t + 1);
    at(t);
  }

  /** @param {number} t */
  function at(t) {
    scrubber.setIndex(t);
    drawing.choose(t);
    step.update(steps[t], t, {
      wiring: stream.values.wiring,
      most: Math.max(...steps.map(({ likely }) => likely.length)),
    });
  }

  /** @param {"run" | "cases" | "build"} id */
  function show(id) {
    view = id;
    stream.url.set("view", id === "run" ? null : id);
    for (const { id: other, radio } of radios) radio.checked = other === id;
    for (const [other, panel] of Object.entries(panels)) panel.hidden = other !== id;
    if (id === "build") builder.draw();
    else light(null);
  }

  /** @param {WiringId | null} id */
  function light(id) {
    for (const card of cards) card.classList.toggle("sh-lit", card.dataset.wiring === id);
  }

  return () => {
    unsubscribe();
    drawing.destroy();
    scrubber.destroy();
    element.remove();
  };
}

/** @param {string} wiring */
function legendOf(wiring) {
  const below = "Inputs below, outputs above";
  if (wiring === "one-to-one") return `${below}. The strip shows its 32 neurons: blue below zero, orange above.`;
  const back =
    wiring === "one-to-many" || wiring === "delayed"
      ? "; dashed: what it said before, read again; ■ ends the answer"
      : "";
  return `${below}${back}. Strips: the state at each step, one stripe a unit, blue below zero, orange above.`;
}
