// @ts-check
/* Which parts of a page stay when its text changes. */

/**
 * For each part of the new text, the index of the old part that says the same, or -1. Each old part is taken once, so
 * that of three equal ones three stay.
 * @param {string[]} olds
 * @param {string[]} news
 * @returns {number[]}
 */
export function matched(olds, news) {
  /** @type {Map<string, number[]>} */
  const free = new Map();
  for (const [index, key] of olds.entries()) free.set(key, [...(free.get(key) ?? []), index]);
  return news.map((key) => free.get(key)?.shift() ?? -1);
}
