// @ts-check
/* Libraries under static/vendor that are no modules: imported for what they leave in the global scope. */

/**
 * @param {string} path below static/vendor
 * @param {string} name of the global
 * @returns {Promise<any>}
 */
export async function vendored(path, name) {
  await import(new URL(`../vendor/${path}`, import.meta.url).href);
  return /** @type {any} */ (globalThis)[name];
}
