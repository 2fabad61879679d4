// @ts-check
/* The table of errors of the forecast demo. */

import { h } from "../js/dom.js";
import { NAMES } from "./forecast-figures.js";
import { shown } from "./forecast-rows.js";

/** @import { Data } from "./forecast-rows.js" */

/**
 * @param {Data} data
 * @param {any} result
 * @param {number} horizon
 */
export function errorsTable(data, result, horizon) {
  const unit = data.unit ? ` (${data.unit})` : "";
  const best = (/** @type {string} */ ahead, /** @type {string} */ kind) =>
    Math.min(...result.errors.map((/** @type {any} */ row) => row[ahead][kind] ?? Number.POSITIVE_INFINITY));
  const cell = (/** @type {any} */ row, /** @type {string} */ ahead, /** @type {string} */ kind) => {
    const text = shown(row[ahead][kind]);
    return h("td", { class: "num" }, row[ahead][kind] === best(ahead, kind) ? h("b", {}, text) : text);
  };
  const kinds = () => [
    h("abbr", { title: "mean absolute error" }, "MAE"),
    h("abbr", { title: "root of the mean squared error" }, "RMSE"),
  ];
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Errors on the test part" },
    h(
      "table",
      { class: "table" },
      h("caption", {}, `Errors on the test part${unit}; the least of each column is bold`),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col", rowspan: 2 }, "Forecast"),
          h("th", { scope: "colgroup", colspan: 2 }, "One step ahead"),
          h("th", { scope: "colgroup", colspan: 2 }, `1 to ${horizon} steps ahead`),
        ),
        h(
          "tr",
          {},
          [...kinds(), ...kinds()].map((words) => h("th", { scope: "col", class: "num" }, words)),
        ),
      ),
      h(
        "tbody",
        {},
        result.errors.map((/** @type {any} */ row) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, NAMES[row.name]),
            ["one", "many"].flatMap((distance) => ["mae", "rmse"].map((kind) => cell(row, distance, kind))),
          ),
        ),
      ),
    ),
  );
}
