// @ts-check
/* What else could have stood at a place of a text, before and after temperature, top-k and top-p. */

import { h } from "../js/dom.js";
import { bits, label, percent, rowsAt, visible } from "./generate-steps.js";

/** @import { Text, Row } from "./generate-steps.js" */

const BEFORE = 16;

/**
 * @param {object} options
 * @param {(symbol: string) => void} options.onChoose
 */
export function alternatives({ onChoose }) {
  const what = h("p", { class: "tg-what" });
  const number = h("p", { class: "tg-much" });
  const head = h("thead");
  const body = h("tbody");
  const caption = h("caption", { class: "visually-hidden" });
  const table = h("table", { class: "tg-table" }, caption, head, body);
  const hint = h("p", { class: "tg-hint" });
  const element = h(
    "div",
    { class: "tg-panel", role: "group", "aria-label": "What else it could have been" },
    what,
    number,
    table,
    hint,
  );

  /**
   * @param {Text | undefined} text
   * @param {number | null} at
   * @param {string} prompt
   * @param {{writes: boolean, byHand: boolean}} how
   */
  function show(text, at, prompt, { writes, byHand }) {
    const there = text !== undefined && at !== null && at < text.symbols.length;
    element.classList.toggle("tg-empty", !there);
    if (!there) {
      what.textContent = "";
      number.textContent = "";
      body.replaceChildren();
      return "";
    }
    const symbol = text.symbols[at];
    const past = [...prompt, ...text.symbols.slice(Math.max(0, at - BEFORE), at)].slice(-BEFORE).join("");
    what.replaceChildren(
      h("span", { class: "tg-past" }, visible(past)),
      h("b", { class: "tg-this" }, symbol === " " ? "\u00a0" : visible(symbol)),
    );
    number.textContent = sentence(text, at, { writes, byHand });
    table.hidden = text.nats[at] === null;
    const rows = text.nats[at] === null ? [] : rowsAt(text, at);
    caption.textContent = `What could come after “${visible(past)}”`;
    head.replaceChildren(
      h(
        "tr",
        {},
        h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Character")),
        h("th", { scope: "col", class: "num" }, h("i", { class: "tg-key tg-likely" }), "expects"),
        writes && h("th", { scope: "col", class: "num" }, h("i", { class: "tg-key tg-allowed" }), "draws with"),
      ),
    );
    const focused = body.contains(document.activeElement);
    body.replaceChildren(...rows.map((row) => line(row, writes)), ...rest(text, at, rows, writes));
    if (focused) body.querySelector("button")?.focus({ preventScroll: true });
    hint.textContent = writes ? "Choose another character, and it goes on from there." : "";
    return `${label(symbol)}. ${number.textContent}`;
  }

  /**
   * @param {Row} row
   * @param {boolean} writes
   */
  function line(row, writes) {
    const out = row.allowed === 0;
    const name = h("span", { class: row.symbol.trim() === "" ? "tg-name tg-word" : "tg-name" }, label(row.symbol));
    const first =
      writes && !row.stands
        ? h(
            "button",
            {
              type: "button",
              class: "tg-instead",
              "aria-label": `Write ${label(row.symbol)} here instead`,
              onclick: () => onChoose(row.symbol),
            },
            name,
          )
        : h("span", { class: "tg-instead" }, name);
    return h(
      "tr",
      { class: [row.stands && "tg-stands", out && "tg-out"].filter(Boolean).join(" ") },
      h("th", { scope: "row" }, first, row.stands && h("span", { class: "visually-hidden" }, " (stands here)")),
      share(row.likely, "tg-likely"),
      writes && share(row.allowed ?? 0, "tg-allowed", out),
    );
  }

  return { element, show };
}

/**
 * @param {number} part
 * @param {string} kind
 * @param {boolean} [out]
 */
function share(part, kind, out = false) {
  const bar = h("i", { class: `tg-bar ${kind}` });
  bar.style.width = `${100 * part}%`;
  return h("td", { class: "num" }, bar, h("span", {}, out ? "left out" : percent(part)));
}

/**
 * All other characters together.
 * @param {Text} text
 * @param {number} at
 * @param {Row[]} rows
 * @param {boolean} writes
 */
function rest(text, at, rows, writes) {
  const left = (/** @type {(row: Row) => number} */ of) => Math.max(0, 1 - rows.reduce((sum, row) => sum + of(row), 0));
  const likely = left((row) => row.likely);
  if (likely < 0.0005) return [];
  const allowed = left((row) => row.allowed ?? 0);
  const shown = rows.filter((row) => row.allowed !== 0).length;
  return [
    h(
      "tr",
      { class: "tg-rest" },
      h("th", { scope: "row" }, "all others"),
      share(likely, "tg-likely"),
      writes && share(allowed, "tg-allowed", text.kept[at] <= shown),
    ),
  ];
}

/**
 * @param {Text} text
 * @param {number} at
 * @param {{writes: boolean, byHand: boolean}} how
 */
function sentence(text, at, { writes, byHand }) {
  const nats = text.nats[at];
  if (nats === null) return "The network never saw this character. It passes over it.";
  const surprise = `${bits(nats).toFixed(2)} bits (${nats.toFixed(2)} nats) of surprise`;
  const expected = `It held this ${percent(Math.exp(-nats))} likely: ${surprise}.`;
  if (byHand) return `You put this character here. ${expected}`;
  const given = text.given[at];
  return writes && given !== null ? `${expected} It was drawn with ${percent(given)}.` : expected;
}
