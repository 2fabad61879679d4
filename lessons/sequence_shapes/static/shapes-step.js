// @ts-check
/* One step of a run: what is read, what is most probable, and how. And all steps as a table. */

import { h } from "../js/dom.js";
import { percent, shown, spoken } from "./shapes-plan.js";

/** @import { Step } from "./shapes-plan.js" */

/** @param {HTMLElement} root */
export function createStep(root) {
  const title = h("p", { class: "sh-formula" });
  const reads = h("p", {});
  const asked = h("p", { class: "sh-note" });
  const bars = h("ol", { class: "sh-bars" });
  const element = h("div", { class: "sh-step" }, title, reads, bars, asked);
  root.append(element);

  /**
   * @param {Step} step
   * @param {number} t
   * @param {{wiring: string, most: number}} run most: candidates at any step, so that nothing moves from step to step
   */
  function update(step, t, { wiring, most }) {
    bars.style.minHeight = `${25 * most}px`;
    title.textContent = `Step ${t + 1}`;
    reads.textContent = readsInWords(step, wiring);
    const top = step.likely[0]?.share ?? 1;
    const asks = step.output !== null || wiring === "many-to-one";
    bars.replaceChildren(
      ...(asks ? step.likely : []).map(({ symbol, share }) => {
        const bar = h("span", { class: "sh-bar" });
        bar.style.width = `${100 * share}%`;
        return h(
          "li",
          { class: share === top ? "sh-first" : "" },
          h("span", { class: "sh-candidate" }, shown(symbol)),
          h("span", { class: "sh-track" }, bar),
          h("span", { class: "sh-share" }, percent(share)),
        );
      }),
    );
    asked.textContent = askedInWords(step, wiring);
  }
  return { update };
}

/** @param {Step} step @param {string} wiring */
function readsInWords({ read, fed, open }, wiring) {
  if (read === "picture") return "It reads the picture, all 64 pixels at once.";
  if (read !== null)
    return `It reads ${spoken(read)}${wiring === "one-to-one" ? "" : ", and its own state of the step before"}.`;
  if (fed !== null) return `No input. It reads what it said at the step before, ${spoken(fed)}, and its state.`;
  return open ? "No input." : "No input: it reads its state only, and begins to answer.";
}

/** @param {Step} step @param {string} wiring */
function askedInWords({ output, open }, wiring) {
  if (open) return "Not computed yet.";
  if (output === null && wiring === "many-to-one") {
    return "What it would say if the word ended here. Only its answer at the last letter counts, and was trained.";
  }
  if (output === null) return "It is not asked here. It keeps what it has read in its state.";
  return wiring === "delayed" || wiring === "one-to-many"
    ? "It takes the most probable one, reads it at the next step, and cannot take it back."
    : "";
}

/** @param {HTMLElement} root */
export function createStepsTable(root) {
  const body = h("tbody");
  const table = h(
    "table",
    { class: "sh-table" },
    h("caption", {}, "What is read and said at each step"),
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        ["Step", "Reads", "Says", "Candidates"].map((name) => h("th", { scope: "col" }, name)),
      ),
    ),
    body,
  );
  root.append(
    h(
      "details",
      { class: "sh-details" },
      h("summary", {}, "All steps as a table"),
      h("div", { class: "sh-wide" }, table),
    ),
  );

  /** @param {Step[]} steps @param {string} wiring */
  function update(steps, wiring) {
    body.replaceChildren(
      ...steps.map(({ read, fed, output, likely }, t) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, t + 1),
          h("td", {}, read !== null ? shown(read) : fed !== null ? `${shown(fed)} (its own)` : "–"),
          h("td", {}, output === null ? "–" : shown(output)),
          h(
            "td",
            {},
            output !== null || wiring === "many-to-one"
              ? likely.map(({ symbol, share }) => `${shown(symbol)} ${percent(share)}`).join(", ")
              : "–",
          ),
        ),
      ),
    );
  }
  return { update };
}
