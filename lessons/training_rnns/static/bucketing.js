// @ts-check
/* Batches of sentences: how much of them is padding, one of them drawn, and what a training step costs, measured. */

import { tableOf } from "../js/chart.js";
import { h, newId, svg } from "../js/dom.js";
import { createScrubber } from "../js/scrubber.js";
import { stylesheet } from "../js/stylesheet.js";
import { createBatch } from "./bucketing-batch.js";
import { ABOUT, batchWords, held, ms, ORDERS, percent, timesOf } from "./bucketing-numbers.js";

/** @import { Facts, Order, Row } from "./bucketing-numbers.js" */
/** @typedef {{kind: string, data: Record<string, any>}} Event */

await stylesheet(new URL("training-rnns.css", import.meta.url).href);

/**
 * @param {HTMLElement} root
 * @param {any} stream
 */
export function mount(root, stream) {
  const name = newId("order");
  const places = {
    note: h("p", { class: "tr-note" }),
    orders: h("div", { class: "tr-orders", role: "radiogroup", "aria-label": "Order of the sentences" }),
    about: h("p", { class: "tr-about" }),
    time: h("div", {}),
    batch: h("div", {}),
    twin: h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "All numbers", hidden: true }),
  };
  const toggle = h("button", { type: "button", class: "quiet small", "aria-expanded": "false" }, "Show as tables");
  const tools = h("div", { class: "chart-tools" }, toggle);
  const element = h("div", { class: "tr" }, ...Object.values(places).slice(0, -1), tools, places.twin);
  root.append(element);

  /** @type {Facts | null} */
  let facts = null;
  /** @type {Row[]} */
  let rows = [];
  /** @type {Order} */
  let order = ORDERS.find((each) => each === stream.url.get("order")) ?? "bucketed";
  let wanted = Number(stream.url.get("batch") ?? 1) - 1 || 0;

  const cards = Object.fromEntries(
    ORDERS.map((each) => {
      const input = h("input", { type: "radio", name, value: each, class: "visually-hidden" });
      input.checked = each === order;
      input.addEventListener("change", () => choose(each));
      const card = {
        wasted: h("b", {}),
        time: h("span", { class: "tr-time" }),
        dots: svg("svg", { class: "tr-dots", "aria-hidden": "true" }),
        strip: svg("svg", { class: "tr-strip", "aria-hidden": "true", preserveAspectRatio: "none" }),
      };
      card.strip.addEventListener("click", (event) => pickBatch(each, event));
      places.orders.append(
        h(
          "label",
          {},
          input,
          h("span", { class: "tr-name" }, ABOUT[each].name),
          h("span", { class: "tr-wasted" }, card.wasted, " padding"),
          ...[card.strip, card.time, card.dots],
        ),
      );
      return [each, card];
    }),
  );
  const batch = createBatch(places.batch, { sentence: (member) => stream.result?.sentences[member] });
  const scrubber = createScrubber(places.time, {
    label: "Batch",
    count: 0,
    format: (index) => `batch ${index + 1} of ${facts?.orders[order].batches.length}`,
    onChange: goTo,
    fps: 3,
  });

  toggle.addEventListener("click", () => {
    places.twin.hidden = !places.twin.hidden;
    toggle.setAttribute("aria-expanded", String(!places.twin.hidden));
    toggle.textContent = places.twin.hidden ? "Show as tables" : "Hide the tables";
    fillTables();
  });

  const unsubscribe = stream.subscribe({
    reset(/** @type {Event[]} */ events) {
      rows = [];
      for (const event of events) take(event);
      show();
    },
    event(/** @type {Event} */ event) {
      if (take(event)) show();
    },
  });

  /** @param {Event} event @returns {boolean} whether the picture changes */
  function take({ kind, data }) {
    if (kind === "frame") {
      facts = /** @type {Facts} */ (data);
      rows = [];
    } else if (kind === "metrics") rows.push(...data.rows);
    return kind === "frame" || kind === "metrics" || kind === "result";
  }

  function show() {
    if (!facts) return;
    scrubber.setCount(facts.orders[order].batches.length);
    scrubber.setIndex(wanted);
    drawTimes();
    drawStrips();
    draw();
    fillTables();
  }

  /** @param {Order} to */
  function choose(to) {
    order = to;
    stream.url.set("order", order === "bucketed" ? null : order);
    show();
  }

  /** @param {number} index */
  function goTo(index) {
    wanted = index;
    stream.url.set("batch", index === 0 ? null : index + 1);
    drawStrips();
    draw();
  }

  /** A click on a strip of batches. @param {Order} each @param {MouseEvent} event */
  function pickBatch(each, event) {
    if (!facts) return;
    const { left, width } = cards[each].strip.getBoundingClientRect();
    const count = facts.orders[each].batches.length;
    wanted = Math.min(count - 1, Math.floor(((event.clientX - left) / width) * count));
    stream.url.set("batch", wanted === 0 ? null : wanted + 1);
    if (each === order) show(); // else the label's radio button does it
  }

  function draw() {
    if (!facts) return;
    const packed = facts.orders[order];
    batch.draw(packed.batches[scrubber.index], facts.lengths, widest(facts));
    places.about.textContent = ABOUT[order].words;
    const { result } = stream;
    places.note.textContent = result
      ? `${facts.lengths.length} sentences, drawn from ${result.among.toLocaleString("en")}; ${result.too_long.toLocaleString("en")} are longer than ${stream.params.longest} words and were left out.`
      : `${facts.lengths.length} sentences.`;
  }

  /** Each order's batches side by side: as high as they are wide, filled as far as they hold words. */
  function drawStrips() {
    if (!facts) return;
    const most = widest(facts);
    for (const each of ORDERS) {
      const { strip, wasted } = cards[each];
      const { batches, wasted: share } = facts.orders[each];
      wasted.textContent = percent(share);
      strip.setAttribute("viewBox", `0 0 ${batches.length} ${most}`);
      strip.replaceChildren(
        ...batches.map((one, index) => {
          const now = each === order && index === scrubber.index;
          const filled = one.width * (1 - held(one, /** @type {Facts} */ (facts).lengths).wasted);
          return svg(
            "g",
            { class: now ? "now" : "" },
            svg("rect", { class: "pad", x: index + 0.08, y: most - one.width, width: 0.84, height: one.width }),
            svg("rect", { class: "words", x: index + 0.08, y: most - filled, width: 0.84, height: filled }),
          );
        }),
      );
    }
  }

  function drawTimes() {
    if (!facts) return;
    const times = timesOf(rows, facts);
    const most = times ? Math.max(...ORDERS.flatMap((each) => times[each].times)) : 1;
    for (const each of ORDERS) {
      const { time, dots } = cards[each];
      if (!times) {
        time.textContent = "measuring …";
        dots.replaceChildren();
        continue;
      }
      const { pass, step } = times[each];
      const share = each === "random" ? "" : `, ${Math.round((100 * pass) / times.random.pass)}\u00a0% of random`;
      time.replaceChildren(
        h("b", {}, ms(step)),
        ` a step; all ${facts.orders[each].batches.length}: ${ms(pass)}${share}`,
      );
      const place = (/** @type {number} */ value) => `${(2 + (96 * value) / most).toFixed(2)}%`;
      dots.replaceChildren(
        svg("line", { class: "axis", x1: "0", x2: "100%", y1: 9, y2: 9 }),
        ...times[each].times.map((value) => svg("circle", { cx: place(value), cy: 9, r: 3 })),
        svg("line", { class: "median", x1: place(pass), x2: place(pass), y1: 1, y2: 17 }),
      );
    }
  }

  function fillTables() {
    if (places.twin.hidden || !facts) return;
    places.twin.replaceChildren(...tablesOf(facts, rows, order));
  }

  return () => {
    unsubscribe();
    scrubber.destroy();
    batch.destroy();
    element.remove();
  };
}

/** @param {Facts} facts */
function widest({ orders }) {
  return Math.max(...ORDERS.flatMap((order) => orders[order].batches.map(({ width }) => width)));
}

/** @param {Facts} facts @param {Row[]} rows @param {Order} order */
function tablesOf(facts, rows, order) {
  const times = timesOf(rows, facts);
  const column = (/** @type {string} */ key, label = key) => ({ key, label, numeric: true });
  return [
    tableOf({
      caption: `Padding, and times: medians of ${rows.length} rounds`,
      columns: [
        { key: "order", label: "Order" },
        ...[column("batches", "Batches"), column("tokens", "Words"), column("places", "Places")],
        ...[column("wasted", "Padding"), column("step", "A step"), column("pass", "All steps")],
      ],
      rows: ORDERS.map((each) => ({
        order: ABOUT[each].name,
        batches: facts.orders[each].batches.length,
        tokens: facts.orders[each].tokens,
        places: facts.orders[each].places,
        wasted: percent(facts.orders[each].wasted),
        step: times ? ms(times[each].step) : "–",
        pass: times ? ms(times[each].pass) : "–",
      })),
    }),
    tableOf({
      caption: "Milliseconds for all steps, round by round",
      columns: [column("round", "Round"), ...ORDERS.map((each) => column(each, ABOUT[each].name))],
      rows,
    }),
    tableOf({
      caption: `The batches of the order “${ABOUT[order].name}”`,
      columns: [column("batch", "Batch"), { key: "words", label: "What it holds" }],
      rows: facts.orders[order].batches.map((one, index) => ({
        batch: index + 1,
        words: batchWords(one, facts.lengths),
      })),
    }),
  ];
}
