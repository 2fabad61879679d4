// @ts-check
/*
 * A chart: Plotly, drawn in the page's colours, with a table of the same numbers below it.
 *
 * Any colour in traces and layout may be written `var(--cat-1)`; colour scales may be called "seq" and "div". They are
 * read from tokens.css when the chart is drawn, and again when the theme changes. A point that has an entry in its
 * trace's `customdata` can be hovered, clicked and highlighted by that key, so that views can be linked.
 */

import { h } from "./dom.js";
import { themeReader } from "./theme-colors.js";
import { vendored } from "./vendor.js";

/**
 * @typedef {{key: string, label: string, numeric?: boolean}} Column
 * @typedef {{caption: string, columns: Column[], rows: Record<string, any>[]}} Table
 * @typedef {{traces: any[], layout?: any, table: Table}} Figure
 */

/**
 * @param {HTMLElement} root
 * @param {{label: string, height?: number}} options
 */
export function createChart(root, { label, height = 320 }) {
  const plot = h("div", { class: "chart-plot", role: "img", "aria-label": label });
  plot.style.height = `${height}px`; // reserved from the start: nothing moves when the chart is drawn
  const twin = h("div", { class: "table-scroll", tabindex: "0", role: "region", "aria-label": label, hidden: true });
  const toggle = h("button", { type: "button", class: "quiet small", "aria-expanded": "false" }, "Show as table");
  const element = h("div", { class: "chart" }, plot, h("div", { class: "chart-tools" }, toggle), twin);
  root.append(element);

  /** @type {any} */
  let plotly = null;
  /** @type {Figure | null} */
  let figure = null;
  /** @type {string | null} */
  let marked = null;
  let frame = 0;
  let destroyed = false;
  /** @type {((key: string | null) => void)[]} */
  const hovering = [];
  /** @type {((key: string) => void)[]} */
  const clicking = [];

  toggle.addEventListener("click", () => {
    twin.hidden = !twin.hidden;
    toggle.setAttribute("aria-expanded", String(!twin.hidden));
    toggle.textContent = twin.hidden ? "Show as table" : "Hide the table";
    fillTable();
  });

  // The library is big, so it comes when the first chart is near.
  const near = new IntersectionObserver(
    async (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      near.disconnect();
      const library = await vendored("plotly/plotly-strict.min.js", "Plotly");
      if (destroyed) return;
      plotly = library;
      draw();
      plotly.Plots.resize(plot);
    },
    { rootMargin: "1200px" },
  );
  near.observe(plot);
  const sized = new ResizeObserver(() => plotly && figure && plotly.Plots.resize(plot));
  sized.observe(plot);
  document.addEventListener("themechange", draw);

  function fillTable() {
    if (!twin.hidden && figure) twin.replaceChildren(tableOf(figure.table));
  }

  /** At most once a frame, however fast the numbers come. */
  function schedule() {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      draw();
      fillTable();
    });
  }

  function draw() {
    if (!plotly || !figure) return;
    const colors = themeReader(element);
    const first = !plot.classList.contains("js-plotly-plot");
    const data = [...figure.traces.map(colors.resolve), markOf(figure.traces, marked, colors)];
    plotly.react(plot, data, layoutOf(figure.layout ?? {}, colors, height), {
      displayModeBar: false,
      responsive: false,
      doubleClick: false,
    });
    if (first) listen();
  }

  function listen() {
    const events = /** @type {any} */ (plot);
    events.on("plotly_hover", (/** @type {any} */ { points }) => tell(points[0]?.customdata ?? null));
    events.on("plotly_unhover", () => tell(null));
    events.on("plotly_click", (/** @type {any} */ { points }) => {
      const key = points[0]?.customdata;
      if (key !== undefined && key !== null) for (const listener of clicking) listener(key);
    });
  }

  /** @param {string | null} key */
  function tell(key) {
    for (const listener of hovering) listener(key);
  }

  return {
    /** @param {Figure} next */
    update(next) {
      figure = next;
      schedule();
    },
    /** @param {(key: string | null) => void} listener */
    onHover(listener) {
      hovering.push(listener);
    },
    /** @param {(key: string) => void} listener */
    onClick(listener) {
      clicking.push(listener);
    },
    /** @param {string | null} key the point to mark, of a trace's `customdata` */
    highlight(key) {
      if (key === marked) return;
      marked = key;
      schedule();
    },
    destroy() {
      destroyed = true;
      cancelAnimationFrame(frame);
      near.disconnect();
      sized.disconnect();
      document.removeEventListener("themechange", draw);
      plotly?.purge(plot);
      element.remove();
    },
  };
}

/**
 * A ring around the marked point, as a trace of its own.
 * @param {any[]} traces
 * @param {string | null} key
 * @param {ReturnType<typeof themeReader>} colors
 */
function markOf(traces, key, colors) {
  const x = [];
  const y = [];
  for (const trace of traces) {
    for (const [index, own] of (trace.customdata ?? []).entries()) {
      if (key === null || own !== key) continue;
      x.push(trace.x[index]);
      y.push(trace.y[index]);
    }
  }
  const marker = { symbol: "circle-open", size: 17, color: colors.get("--now"), line: { width: 2.5 } };
  return { type: "scatter", mode: "markers", x, y, marker, hoverinfo: "skip", showlegend: false, cliponaxis: false };
}

/**
 * @param {any} layout
 * @param {ReturnType<typeof themeReader>} colors
 * @param {number} height
 */
function layoutOf(layout, colors, height) {
  const { xaxis, yaxis, margin, ...rest } = colors.resolve(layout);
  const axis = {
    gridcolor: colors.get("--line"),
    zerolinecolor: colors.get("--line"),
    linecolor: colors.get("--edge"),
    tickcolor: colors.get("--edge"),
    tickfont: { color: colors.get("--ink-2"), size: 12 },
    automargin: true,
    fixedrange: true,
  };
  const label = { font: { color: colors.get("--ink-2"), size: 12.5 } };
  return {
    height,
    autosize: true,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    colorway: [1, 2, 3, 4, 5, 6].map((number) => colors.get(`--cat-${number}`)),
    font: { family: colors.font("--sans"), size: 13, color: colors.get("--ink") },
    hoverlabel: {
      bgcolor: colors.get("--ink"),
      bordercolor: colors.get("--ink"),
      font: { family: colors.font("--sans"), size: 13, color: colors.get("--on-ink") },
    },
    legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { color: colors.get("--ink-2"), size: 12.5 } },
    margin: { l: 48, r: 16, t: 12, b: 40, ...margin },
    dragmode: false,
    showlegend: false,
    ...rest,
    xaxis: { ...axis, ...xaxis, title: titleOf(xaxis, label) },
    yaxis: { ...axis, ...yaxis, title: titleOf(yaxis, label) },
  };
}

/**
 * @param {any} axis
 * @param {any} label
 */
function titleOf(axis, label) {
  const title = axis?.title;
  return title ? { ...label, standoff: 8, ...(typeof title === "string" ? { text: title } : title) } : undefined;
}

/** @param {Table} table */
export function tableOf({ caption, columns, rows }) {
  const head = columns.map(({ label, numeric }) => h("th", { scope: "col", class: numeric && "num" }, label));
  const body = rows.map((row) =>
    h(
      "tr",
      {},
      columns.map(({ key, numeric }) => h("td", { class: numeric && "num" }, shown(row[key]))),
    ),
  );
  return h(
    "table",
    { class: "table" },
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, head)),
    h("tbody", {}, body),
  );
}

/** @param {any} value */
function shown(value) {
  if (value === null || value === undefined) return "–";
  return typeof value === "number" && !Number.isInteger(value) ? value.toPrecision(4) : value;
}
