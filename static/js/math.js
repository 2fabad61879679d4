// @ts-check
/* Formulas: the TeX in `.math` elements, typeset by KaTeX (with MathML for screen readers). */

import { stylesheet } from "./stylesheet.js";
import { vendored } from "./vendor.js";

const STYLE = new URL("../vendor/katex/katex.min.css", import.meta.url).href;

/** @param {Iterable<HTMLElement>} elements */
export async function typeset(elements) {
  const [katex] = await Promise.all([vendored("katex/katex.min.js", "katex"), stylesheet(STYLE)]);
  for (const element of elements) {
    const tex = element.textContent ?? "";
    // Whoever writes under a lesson may not cover the page with a rule of a thousand lines.
    const options = {
      displayMode: element.classList.contains("block"),
      throwOnError: false,
      maxSize: 50,
      maxExpand: 500,
    };
    katex.render(tex, element, options);
    element.dataset.typeset = "";
  }
}
