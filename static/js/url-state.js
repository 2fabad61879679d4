// @ts-check
/*
 * A demo's state in the page's URL, prefixed by its slug (`?explorer.word=paris`), so that two demos of a page do not
 * meet. What changes fast is written with pauses: browsers allow only so many changes a second, and playing through a run
 * makes many.
 */

const PAUSE = 200;

/** @type {Map<string, string | null>} */
const pending = new Map();
let pausing = false;

function flush() {
  if (pending.size === 0) return;
  const url = new URL(location.href);
  for (const [name, value] of pending) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  pending.clear();
  if (url.href !== location.href) history.replaceState(history.state, "", url);
}

/** At once, where the last change is a while ago (a microtask later: several names may be set together). */
function soon() {
  if (pausing) return;
  pausing = true;
  queueMicrotask(flush);
  setTimeout(() => {
    pausing = false;
    if (pending.size > 0) soon();
  }, PAUSE);
}

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
      soon();
    },
  };
}
