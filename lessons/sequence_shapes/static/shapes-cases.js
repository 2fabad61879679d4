// @ts-check
/* The lecture's table of use cases: found by any word of it; each row lights its wiring, and goes there. */

import { h } from "../js/dom.js";
import { diagram } from "./shapes-diagram.js";
import { search, wiringOf } from "./wirings.js";

/** @import { UseCase, WiringId } from "./wirings.js" */

const TRY = ["translation", "music", "video", "text to text", "many to one"];

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {UseCase[]} options.rows
 * @param {string} options.question
 * @param {(wiring: WiringId | null) => void} options.onLight
 * @param {(wiring: WiringId) => void} options.onChoose
 * @param {(question: string) => void} options.onSearch
 */
export function createCases(root, { rows, question, onLight, onChoose, onSearch }) {
  const input = h("input", {
    type: "search",
    value: question,
    placeholder: "translation, music, …",
    "aria-label": "Search the tasks",
  });
  const count = h("p", { class: "sh-note", role: "status" });
  const body = h("tbody", { role: "rowgroup" }); // roles, since on a phone the rows are drawn as cards
  const names = ["Input", "Target", "Task", "For example", "Wiring"];
  const table = h(
    "table",
    { class: "sh-table sh-cases", role: "table" },
    h("caption", { class: "visually-hidden" }, "What sequence models are used for"),
    h(
      "thead",
      { role: "rowgroup" },
      h(
        "tr",
        { role: "row" },
        names.map((name) => h("th", { scope: "col", role: "columnheader" }, name)),
      ),
    ),
    body,
  );
  const suggestions = TRY.map((words) =>
    h("button", { type: "button", class: "quiet small", onclick: () => ask(words) }, words),
  );
  root.append(h("div", { class: "sh-search" }, input, suggestions), count, table);
  input.addEventListener("input", () => ask(input.value));
  for (const kind of ["pointerover", "focusin"]) {
    body.addEventListener(kind, (event) => {
      const row = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-wiring]"));
      onLight(/** @type {WiringId | undefined} */ (row?.dataset.wiring) ?? null);
    });
  }
  for (const kind of ["pointerleave", "focusout"]) body.addEventListener(kind, () => onLight(null));

  /** @param {string} words */
  function ask(words) {
    if (input.value !== words) input.value = words;
    onSearch(words);
    draw();
  }

  function draw() {
    const found = search(rows, input.value);
    count.textContent =
      found.length === 0
        ? `Nothing here has “${input.value.trim()}” in it. Try the input or the target: text, audio, video …`
        : `${found.length} of ${rows.length} tasks`;
    body.replaceChildren(...found.map(row));
  }

  /** @param {UseCase} use */
  function row(use) {
    const wiring = wiringOf(use.wiring);
    const notes = [use.note, use.source && `From ${use.source}.`].filter(Boolean).join(" ");
    return h(
      "tr",
      { role: "row", dataset: { wiring: use.wiring } },
      h("td", { role: "cell", class: "sh-kind" }, `${use.input}, ${use.inputs}`),
      h("td", { role: "cell", class: "sh-kind sh-to" }, `${use.target}, ${use.targets}`),
      h("th", { scope: "row", role: "rowheader" }, use.task),
      h("td", { role: "cell" }, use.example, notes ? h("span", { class: "sh-slip" }, notes) : null),
      h(
        "td",
        { role: "cell", class: "sh-goes" },
        h(
          "button",
          {
            type: "button",
            class: "quiet small",
            title: `Run a net that is wired ${wiring.name}`,
            onclick: () => onChoose(use.wiring),
          },
          diagram(wiring.inputs, wiring.outputs, { room: 9 }),
          wiring.name,
        ),
      ),
    );
  }

  draw();
  return { ask };
}
