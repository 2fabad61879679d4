// @ts-check
/* Formulas: the TeX in `.math` elements, typeset by KaTeX (with MathML for screen readers). */

import { vendored } from "./vendor.js";

/** @param {Iterable<HTMLElement>} elements */
export async function typeset(elements) {
  const [katex] = await Promise.all([vendored("katex/katex.min.js", "katex"), stylesheet()]);
  for (const element of elements) {
    const tex = element.textContent ?? "";
    katex.render(tex, element, { displayMode: element.classList.contains("block"), throwOnError: false });
    element.dataset.typeset = "";
  }
}

/** Unless the page has it in its head already. */
function stylesheet() {
  const href = new URL("../vendor/katex/katex.min.css", import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return undefined;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  const loaded = new Promise((resolve) => {
    link.onload = link.onerror = resolve;
  });
  document.head.append(link);
  return loaded;
}
