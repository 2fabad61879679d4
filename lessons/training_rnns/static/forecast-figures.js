// @ts-check
/* The figures of the forecast demo, as chart.js takes them. No page here. */

import { placeOf, shown, spansDecades, windowAt, wordsOf } from "./forecast-rows.js";

/** @import { Data, Frame, Row } from "./forecast-rows.js" */

export const NAMES = /** @type {Record<string, string>} */ ({
  model: "The network",
  last: "Last value",
  seasonal: "One season ago",
  linear: "Linear regression",
});
const COLORS = /** @type {Record<string, string>} */ ({
  model: "var(--cat-2)",
  last: "var(--ink-3)",
  seasonal: "var(--cat-3)",
  linear: "var(--cat-1)",
});
const DASHES = /** @type {Record<string, string>} */ ({
  model: "solid",
  last: "dot",
  seasonal: "dashdot",
  linear: "dash",
});
const HISTORY = 60;

/**
 * The whole series, its three parts, and where the window lies.
 * @param {Data} data
 * @param {number} index
 * @param {number} length
 */
export function seriesFigure(data, index, length) {
  const { values, train, validation, rows } = data;
  const at = (/** @type {number} */ row) => placeOf(data, row);
  const part = (/** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ color) => ({
    ...{ type: "rect", xref: "x", yref: "paper", x0: at(from), x1: at(to), y0: 0, y1: 1, layer: "below" },
    ...{ fillcolor: color, line: { width: 0 } },
  });
  const name = (/** @type {number} */ row, /** @type {string} */ text, xanchor = "left") => ({
    ...{ x: at(row), y: 1, xref: "x", yref: "paper", text, showarrow: false },
    ...{ xanchor, yanchor: "bottom", font: { size: 12, color: "var(--ink-2)" } },
  });
  return {
    traces: [
      {
        ...{ type: "scatter", mode: "lines", x: values.map((_, row) => at(row)), y: values },
        ...{ text: values.map((_, row) => wordsOf(data, row)), hovertemplate: "%{text}: %{y}<extra></extra>" },
        line: { color: "var(--ink-2)", width: 1.2 },
      },
    ],
    layout: {
      margin: { t: 26, l: 48, r: 16, b: 30 },
      yaxis: { title: axisTitle(data) },
      shapes: [
        part(train, validation, "var(--seq-0)"),
        part(validation, rows, "var(--seq-1)"),
        {
          ...{ type: "rect", xref: "x", yref: "paper", x0: at(index), x1: at(index + length), y0: 0, y1: 1 },
          ...{ fillcolor: "var(--now)", opacity: 0.35, line: { color: "var(--now)", width: 1.5 } },
        },
      ],
      annotations: [name(0, "learned from"), name(validation, "validation", "right"), name(validation, "test")],
    },
    table: {
      caption: `${data.title}: ${data.name}`,
      columns: [
        { key: "time", label: "Time" },
        { key: "value", label: data.unit || data.name, numeric: true },
      ],
      rows: values.slice(0, 1000).map((value, row) => ({ time: wordsOf(data, row), value })),
    },
  };
}

/**
 * One instance: the inputs above, and below them the targets, which are the same values one row later.
 * @param {Data} data
 * @param {number} index
 * @param {number} length
 */
export function windowFigure(data, index, length) {
  const { inputs, targets } = windowAt(index, length);
  const lane = (/** @type {number[]} */ rows, /** @type {string} */ label, /** @type {any} */ look) => ({
    ...{ type: "scatter", mode: "lines+markers", name: label, x: rows.map((row) => placeOf(data, row)) },
    ...{ y: rows.map((row) => data.values[row]), customdata: rows.map((_, place) => String(place)) },
    ...{ text: rows.map((row) => wordsOf(data, row)), hovertemplate: `${label}, %{text}: %{y}<extra></extra>` },
    ...look,
  });
  const edge = (/** @type {number} */ row) => ({
    ...{ type: "line", xref: "x", yref: "paper", x0: placeOf(data, row), x1: placeOf(data, row), y0: 0, y1: 1 },
    line: { color: "var(--line)", width: 1, dash: "dot" },
  });
  return {
    traces: [
      lane(inputs, "Input", {
        line: { color: "var(--cat-1)", width: 2 },
        marker: { size: 7 },
      }),
      lane(targets, "Target", {
        yaxis: "y2",
        line: { color: "var(--cat-2)", width: 2 },
        marker: { size: 7, symbol: "diamond" },
      }),
    ],
    layout: {
      margin: { t: 8, l: 48, r: 16, b: 30 },
      xaxis: { anchor: "y2" },
      yaxis: { domain: [0.54, 1], title: "Input", nticks: 4 },
      yaxis2: {
        ...{ domain: [0, 0.46], title: { text: "Target", font: { color: "var(--ink-2)", size: 12.5 }, standoff: 8 } },
        ...{ nticks: 4, fixedrange: true, automargin: true, gridcolor: "var(--line)" },
        ...{ tickfont: { color: "var(--ink-2)", size: 12 }, zerolinecolor: "var(--line)" },
      },
      shapes: [edge(index), edge(index + 1), edge(index + length - 1), edge(index + length)],
    },
    table: {
      caption: `Window ${index + 1}: inputs and targets`,
      columns: [
        { key: "place", label: "Place", numeric: true },
        { key: "input", label: "Input", numeric: true },
        { key: "target", label: "Target", numeric: true },
      ],
      rows: inputs.map((row, place) => ({
        place: place + 1,
        input: data.values[row],
        target: data.values[row + 1],
      })),
    },
  };
}

/**
 * Loss, validation loss, and the validation losses of earlier runs; or the length of the gradient.
 * @param {object} told
 * @param {Row[]} told.rows
 * @param {number} told.epoch now
 * @param {number} told.epochs in all, so that the axis stands still while the curve grows
 * @param {{name: string, rows: {epoch: number, validation: number}[]}[]} told.others
 * @param {"loss" | "gradient"} told.curve
 */
export function curveFigure({ rows, epoch, epochs, others, curve }) {
  const line = (/** @type {any} */ trace) => ({ type: "scatter", mode: "lines", ...trace });
  const learned = rows.filter((row) => row[curve] !== null);
  const watched = rows.filter(({ validation }) => validation !== null);
  const traces = [
    line({
      name: curve === "loss" ? "Loss" : "Length of the gradient",
      ...{ x: learned.map((row) => row.epoch), y: learned.map((row) => row[curve]) },
      line: { color: curve === "loss" ? "var(--cat-1)" : "var(--cat-4)", width: 1.6 },
      hovertemplate: "epoch %{x:.2f}: %{y:.4g}<extra></extra>",
    }),
  ];
  if (curve === "loss") {
    traces.push(
      ...others.map(({ name, rows: points }, index) =>
        line({
          ...{ name, x: points.map((point) => point.epoch), y: points.map((point) => point.validation) },
          line: { color: `var(--cat-${(index % 4) + 3})`, width: 1.4, dash: ["dash", "dot", "dashdot"][index % 3] },
          hovertemplate: `${name}, epoch %{x:.2f}: %{y:.4g}<extra></extra>`,
        }),
      ),
      line({
        ...{ mode: "lines+markers", name: "Validation loss", marker: { color: "var(--cat-2)", size: 4 } },
        ...{ x: watched.map((row) => row.epoch), y: watched.map((row) => row.validation) },
        customdata: watched.map(({ step }) => String(step)),
        line: { color: "var(--cat-2)", width: 2 },
        hovertemplate: "validation, epoch %{x:.2f}: %{y:.4g}<extra></extra>",
      }),
    );
  }
  const wide = spansDecades(traces.flatMap(({ y }) => y));
  return {
    traces,
    layout: {
      showlegend: true,
      xaxis: { title: "Epoch", range: [-0.02 * epochs, 1.02 * epochs] },
      yaxis: wide ? { type: "log", exponentformat: "power" } : { rangemode: "tozero" },
      shapes: [
        {
          ...{ type: "line", xref: "x", yref: "paper", x0: epoch, x1: epoch, y0: 0, y1: 1 },
          line: { color: "var(--now)", width: 1.5 },
        },
      ],
      hovermode: "closest",
    },
    table: {
      caption: "The training, step by step",
      columns: [
        { key: "epoch", label: "Epoch", numeric: true },
        { key: "step", label: "Update", numeric: true },
        { key: "loss", label: "Loss", numeric: true },
        { key: "validation", label: "Validation loss", numeric: true },
        { key: "gradient", label: "Gradient", numeric: true },
      ],
      rows,
    },
  };
}

/**
 * Truth, the forecast of each row from those before it, and one that is fed its own output, with its band.
 * @param {Data} data
 * @param {object} forecast
 * @param {number} forecast.first row of `one`
 * @param {(number | null)[]} forecast.one
 * @param {number} forecast.origin row of `many`
 * @param {(number | null)[]} forecast.many
 * @param {(number | null)[]} forecast.low
 * @param {(number | null)[]} forecast.high
 * @param {{many: (number | null)[], low: (number | null)[], high: (number | null)[]} | null} [future] after the last row
 */
export function forecastFigure(data, { first, one, origin, many, low, high }, future = null) {
  const end = future ? data.rows : Math.min(data.rows, Math.max(first + one.length, origin + many.length));
  const begin = Math.max(0, first - Math.min(HISTORY, Math.max(10, Math.round(one.length / 3))));
  const truth = Array.from({ length: end - begin }, (_, i) => begin + i);
  const x = (/** @type {number[]} */ rows) => rows.map((row) => placeOf(data, row));
  const text = (/** @type {number[]} */ rows) => rows.map((row) => wordsOf(data, row));
  const range = (/** @type {number} */ from, /** @type {any[]} */ values) => values.map((_, i) => from + i);
  const line = (
    /** @type {string} */ name,
    /** @type {number[]} */ rows,
    /** @type {any[]} */ y,
    /** @type {any} */ look,
  ) => ({
    ...{ type: "scatter", mode: "lines", name, x: x(rows), y, text: text(rows) },
    hovertemplate: `${name}, %{text}: %{y:.4g}<extra></extra>`,
    ...look,
  });
  const fan = (/** @type {number} */ from, /** @type {any} */ band, /** @type {boolean} */ named) => {
    const rows = range(from, band.many);
    const before = from - 1;
    const joined = [before, ...rows];
    const start = data.values[before];
    return [
      line("Lower edge", joined, [start, ...band.low], { line: { width: 0 }, hoverinfo: "skip", showlegend: false }),
      line("Band: 80 % should lie within", joined, [start, ...band.high], {
        ...{ fill: "tonexty", fillcolor: "var(--seq-1)", line: { width: 0 }, hoverinfo: "skip", showlegend: named },
      }),
      line("Many steps ahead", joined, [start, ...band.many], {
        ...{ line: { color: "var(--now)", width: 2.4 }, showlegend: named },
      }),
    ];
  };
  const rows = [...new Set([...range(first, one), ...range(origin, many)])].sort((a, b) => a - b);
  return {
    traces: [
      ...fan(origin, { many, low, high }, true),
      ...(future ? fan(data.rows, future, false) : []),
      line("Measured", truth, data.values.slice(begin, end), { line: { color: "var(--ink-2)", width: 1.4 } }),
      line("One step ahead", range(first, one), one, {
        line: { color: "var(--cat-1)", width: 1.6, dash: "dash" },
      }),
    ],
    layout: { showlegend: true, yaxis: { title: axisTitle(data) }, hovermode: "closest" },
    table: {
      caption: `Forecasts of ${data.name}`,
      columns: [
        { key: "time", label: "Time" },
        { key: "truth", label: "Measured", numeric: true },
        { key: "one", label: "One step ahead", numeric: true },
        { key: "many", label: "Many steps ahead", numeric: true },
        { key: "low", label: "Lower edge", numeric: true },
        { key: "high", label: "Upper edge", numeric: true },
      ],
      rows: rows.map((row) => ({
        time: wordsOf(data, row),
        truth: data.values[row],
        one: one[row - first],
        many: many[row - origin],
        low: low[row - origin],
        high: high[row - origin],
      })),
    },
  };
}

/**
 * How the error grows the further one looks.
 * @param {Data} data
 * @param {{name: string, ahead: (number | null)[]}[]} errors
 */
export function aheadFigure(data, errors) {
  const steps = errors[0].ahead.map((_, i) => i + 1);
  return {
    traces: errors.map(({ name, ahead }) => ({
      ...{ type: "scatter", mode: "lines+markers", name: NAMES[name], x: steps, y: ahead },
      line: { color: COLORS[name], dash: DASHES[name], width: name === "model" ? 2.6 : 1.6 },
      marker: { color: COLORS[name], size: 5 },
      hovertemplate: `${NAMES[name]}, %{x} ahead: %{y:.4g}<extra></extra>`,
    })),
    layout: {
      showlegend: true,
      xaxis: { title: "Steps ahead", dtick: steps.length > 20 ? 5 : steps.length > 10 ? 2 : 1 },
      yaxis: { title: data.unit ? `Mean error (${data.unit})` : "Mean error", rangemode: "tozero" },
      hovermode: "closest",
    },
    table: {
      caption: "Mean absolute error by steps ahead, on the test part",
      columns: [
        { key: "step", label: "Steps ahead", numeric: true },
        ...errors.map(({ name }) => ({ key: name, label: NAMES[name], numeric: true })),
      ],
      rows: steps.map((step, i) => ({
        step,
        ...Object.fromEntries(errors.map(({ name, ahead }) => [name, ahead[i]])),
      })),
    },
  };
}

/** @param {Data} data */
function axisTitle({ name, unit }) {
  return unit && unit !== name ? `${name} (${unit})` : name;
}

/**
 * Whether the network was worth it, in a sentence. Less than a fiftieth of an error is no difference.
 * @param {Data} data
 * @param {any} result
 */
export function verdict(data, result) {
  const of = (/** @type {string} */ name) =>
    result.errors.find((/** @type {{name: string}} */ errors) => errors.name === name)?.one.mae ?? null;
  const model = of("model");
  if (model === null) return "";
  const others = ["last", "seasonal", "linear"].filter((name) => of(name) !== null);
  const named = (/** @type {(baseline: number) => boolean} */ fits) =>
    list(others.filter((name) => fits(of(name))).map((name) => NAMES[name].toLowerCase()));
  const better = named((baseline) => model < 0.98 * baseline);
  const alike = named((baseline) => model >= 0.98 * baseline && model <= 1.02 * baseline);
  const worse = named((baseline) => model > 1.02 * baseline);
  const parts = [
    better && `better than ${better}`,
    alike && `about as good as ${alike}`,
    worse && `worse than ${worse}`,
  ];
  const error = shown(model, data.unit);
  return (
    `One step ahead, on rows it had never seen, the network errs by ${error} on average: ` +
    `${parts.filter(Boolean).join(", ")}.${better ? "" : " It has not earned its keep here."}`
  );
}

/** @param {string[]} names */
function list(names) {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
