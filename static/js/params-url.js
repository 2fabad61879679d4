// @ts-check
/* A demo's settings in the URL: only those that are not as they were, so that a plain page has a plain address. */

import { sameValue, toText, toValue } from "./schema.js";

/** @import { Field } from "./schema.js" */
/** @import { UrlState } from "./url-state.js" */

/**
 * @param {Field[]} fields
 * @param {UrlState} url
 * @returns {Record<string, any>} those that the URL names
 */
export function valuesOfUrl(fields, url) {
  /** @type {Record<string, any>} */
  const values = {};
  for (const field of fields) {
    const text = url.get(field.name);
    if (text !== null) values[field.name] = toValue(field, text);
  }
  return values;
}

/**
 * @param {Field[]} fields
 * @param {UrlState} url
 * @param {Record<string, any>} values
 * @param {Record<string, any>} initial those of a frame without a word in the URL
 */
export function valuesToUrl(fields, url, values, initial) {
  for (const field of fields) {
    const value = values[field.name];
    // Both: the same address must say the same where the frame opens on a preset and where it does not.
    const asItWas = sameValue(value, field.default) && sameValue(value, initial[field.name]);
    url.set(field.name, asItWas ? null : toText(field, value));
  }
}

/**
 * @param {string} slug
 * @param {Field[]} fields
 * @param {Record<string, any>} params
 * @returns {string} the demo's own page with these settings, but for files, which are their owner's
 */
export function urlOfDemo(slug, fields, params) {
  const search = new URLSearchParams();
  for (const field of fields) {
    if (field.kind === "file") continue;
    if (field.name in params && !sameValue(params[field.name], field.default)) {
      search.set(`${slug}.${field.name}`, toText(field, params[field.name]));
    }
  }
  return `/demos/${slug}/?${search}`;
}

/**
 * @param {URLSearchParams} search of a page, where several frames may have written
 * @param {string} prefix of the frame whose run is shared
 * @param {string} slug
 * @param {Field[]} fields
 * @returns {URLSearchParams} the frame's state, under the name that it has where it stands alone, but for files
 */
export function searchOfRun(search, prefix, slug, fields) {
  const left = new Set(["job", ...fields.filter(({ kind }) => kind === "file").map(({ name }) => name)]);
  const kept = new URLSearchParams();
  for (const [key, value] of search) {
    const name = key.slice(prefix.length + 1);
    if (key.startsWith(`${prefix}.`) && !left.has(name)) kept.set(`${slug}.${name}`, value);
  }
  return kept;
}
