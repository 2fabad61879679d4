// @ts-check
/* Pieces of a page that the server renders: a quiz, one question, a prediction. */

import { ApiError } from "../api.js";

/**
 * @param {string} address
 * @param {Record<string, string | undefined>} query
 * @returns {Promise<DocumentFragment>}
 * @throws {ApiError}
 */
export async function fetchPart(address, query = {}) {
  const url = new URL(address, location.href);
  for (const [name, value] of Object.entries(query)) if (value) url.searchParams.set(name, value);
  let response;
  try {
    response = await fetch(url, { headers: { Accept: "text/html" } });
  } catch {
    throw new ApiError("offline", "The server cannot be reached. Look at your connection, then try again.");
  }
  if (!response.ok) {
    const words = response.status === 404 ? "This is not open yet." : "This could not be loaded. Reload the page.";
    throw new ApiError("server", words, { status: response.status });
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const part = document.createDocumentFragment();
  part.append(...page.body.childNodes);
  return part;
}

/** @param {ParentNode} part */
export function typesetPart(part) {
  /** @type {HTMLElement[]} */
  const formulas = [...part.querySelectorAll(/** @type {any} */ (".math:not([data-typeset])"))];
  if (formulas.length > 0) import("../math.js").then(({ typeset }) => typeset(formulas));
}
