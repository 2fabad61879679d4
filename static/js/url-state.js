// @ts-check
/*
 * A demo's state in the page's URL, prefixed by its slug (`?explorer.word=paris`), so that two demos of a page do not
 * meet. Written after a short pause: browsers allow only so many changes a second, and playing through a run makes many.
 */

const PAUSE = 200;

/** @type {Map<string, string | null>} */
const pending = new Map();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

function flush() {
  clearTimeout(timer);
  timer = undefined;
  if (pending.size === 0) return;
  const url = new URL(location.href);
  for (const [name, value] of pending) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  pending.clear();
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

addEventListener("pagehide", flush);

/** The page's address with everything that was set. */
export function currentUrl() {
  flush();
  return new URL(location.href);
}

/** @typedef {{get(name: string): string | null, set(name: string, value: string | number | null): void}} UrlState */

/**
 * @param {string} prefix
 * @returns {UrlState}
 */
export function urlState(prefix) {
  return {
    get(name) {
      const key = `${prefix}.${name}`;
      if (pending.has(key)) return pending.get(key) ?? null;
      return new URLSearchParams(location.search).get(key);
    },
    set(name, value) {
      pending.set(`${prefix}.${name}`, value === null ? null : String(value));
      timer ??= setTimeout(flush, PAUSE);
    },
  };
}
