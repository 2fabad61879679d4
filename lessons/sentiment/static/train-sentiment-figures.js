// @ts-check
/* The curves of the training on tweets, as chart.js takes them. No page here. */

/** @import { Data, Row } from "./train-sentiment-rows.js" */

/** @typedef {"f1" | "accuracy" | "loss"} Curve */

export const CURVES = /** @type {Record<Curve, string>} */ ({ f1: "Macro-F1", accuracy: "Accuracy", loss: "Loss" });
export const BASELINE = "TF-IDF and logistic regression";

/**
 * @param {object} options
 * @param {Data} options.data
 * @param {Row[]} options.rows
 * @param {number} options.epoch where the picture stands
 * @param {number} options.epochs how far the axis goes
 * @param {{name: string, curve: any[]}[]} options.others
 * @param {Curve} options.curve
 */
export function curveFigure({ data, rows, epoch, epochs, others, curve }) {
  const looked = rows.filter(({ validation, f1 }) => validation !== null || f1 !== null);
  const watched = curve === "loss" ? "validation" : curve;
  const familiar = { f1: "train_f1", accuracy: null, loss: "train" }[curve];
  const line = (/** @type {any[]} */ points, /** @type {string} */ key, /** @type {any} */ look) => ({
    ...{ type: "scatter", mode: "lines+markers" },
    ...{ x: points.map((point) => point.epoch), y: points.map((point) => point[key]) },
    hovertemplate: `${look.name}, epoch %{x:.2f}: %{y:.3f}<extra></extra>`,
    ...look,
  });
  const traces = [];
  if (curve === "loss") {
    const learned = rows.filter(({ loss }) => loss !== null);
    traces.push(
      line(learned, "loss", {
        ...{ mode: "lines", name: "While learning, with dropout", line: { color: "var(--ink-3)", width: 1 } },
      }),
    );
  }
  traces.push({
    ...{ type: "scatter", mode: "lines", name: BASELINE, x: [0, epochs] },
    y: [data.baseline[curve], data.baseline[curve]],
    line: { color: "var(--ink-2)", width: 1.8, dash: "dash" },
    hovertemplate: `${BASELINE}: %{y:.3f}<extra></extra>`,
  });
  if (familiar) {
    const look = { color: "var(--cat-1)", symbol: "diamond", size: 6 };
    traces.push(
      line(looked, familiar, {
        ...{ name: "Tweets it learns from", marker: look, line: { color: "var(--cat-1)", width: 1.8, dash: "dot" } },
      }),
    );
  }
  traces.push(
    ...others.map(({ name, curve: points }, index) =>
      line(points, watched, {
        ...{ name, marker: { color: `var(--cat-${(index % 4) + 3})`, size: 4, symbol: "square" } },
        line: { color: `var(--cat-${(index % 4) + 3})`, width: 1.4, dash: ["dash", "dot", "dashdot"][index % 3] },
      }),
    ),
    line(looked, watched, {
      ...{ name: "Tweets it does not", marker: { color: "var(--cat-2)", size: 6 } },
      ...{ line: { color: "var(--cat-2)", width: 2.4 }, customdata: looked.map(({ step }) => String(step)) },
    }),
  );
  return {
    traces,
    layout: {
      showlegend: true,
      xaxis: { title: "Epoch", range: [-0.02 * epochs, 1.02 * epochs] },
      yaxis: curve === "loss" ? { rangemode: "tozero" } : { range: [0, 1.02] },
      shapes: [
        {
          ...{ type: "line", xref: "x", yref: "paper", x0: epoch, x1: epoch, y0: 0, y1: 1 },
          line: { color: "var(--now)", width: 1.5 },
        },
      ],
      hovermode: "closest",
    },
    table: {
      caption:
        `The training, look by look. ${BASELINE}: macro-F1 ${data.baseline.f1}, accuracy ${data.baseline.accuracy}, ` +
        `loss ${data.baseline.loss}`,
      columns: [
        { key: "epoch", label: "Epoch", numeric: true },
        { key: "step", label: "Update", numeric: true },
        { key: "f1", label: "Macro-F1", numeric: true },
        { key: "train_f1", label: "Macro-F1, learned tweets", numeric: true },
        { key: "accuracy", label: "Accuracy", numeric: true },
        { key: "validation", label: "Loss", numeric: true },
        { key: "train", label: "Loss, learned tweets", numeric: true },
      ],
      rows: looked,
    },
  };
}
