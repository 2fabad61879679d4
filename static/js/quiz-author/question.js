// @ts-check
/* The form of a question. htmx sends its buttons and puts the new form in its place; the formulas in it are drawn here. */

import { enliven } from "../enliven.js";

let end = enliven(document);
document.addEventListener("htmx:afterSwap", () => {
  end();
  end = enliven(document);
});
document.documentElement.dataset.mounted = "";
