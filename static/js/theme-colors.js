// @ts-check
/* The tokens of tokens.css as plain colours, for what is drawn without CSS (Plotly, canvas). */

/**
 * @param {Element} element where the tokens are looked up
 */
export function themeReader(element) {
  const probe = document.createElement("span");
  probe.hidden = true;
  element.append(probe);
  const computed = getComputedStyle(probe);
  /** @type {Map<string, string>} */
  const known = new Map();

  /** @param {string} name such as `--cat-1` */
  function get(name) {
    let color = known.get(name);
    if (color === undefined) {
      probe.style.color = `var(${name})`;
      color = computed.color;
      known.set(name, color);
    }
    return color;
  }

  /** @type {Record<string, () => [number, string][]>} */
  const scales = {
    seq: () => [0, 1, 2, 3, 4, 5].map((step) => [step / 5, get(`--seq-${step}`)]),
    div: () => [
      [0, get("--neg")],
      [0.5, get("--zero")],
      [1, get("--pos")],
    ],
  };

  /**
   * The same value with every `var(--name)` and every named scale resolved.
   * @template T
   * @param {T} value
   * @returns {T}
   */
  function resolve(value) {
    return walk(value, "");
  }

  /**
   * @param {any} value
   * @param {string} key
   * @returns {any}
   */
  function walk(value, key) {
    if (typeof value === "string") {
      if (key === "colorscale" && value in scales) return scales[value]();
      return value.startsWith("var(--") ? get(value.slice(4, -1)) : value;
    }
    if (Array.isArray(value)) return typeof value[0] === "number" ? value : value.map((item) => walk(item, key));
    if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, name)]));
  }

  return {
    get,
    resolve,
    /** @param {string} name such as `--sans` */
    font: (name) => getComputedStyle(element).getPropertyValue(name).trim(),
  };
}
