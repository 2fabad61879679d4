// @ts-check
/* What was typed and not saved, kept in this browser: a crash, a lost network or a conflict costs no text. */

/** @typedef {{base: number, at: number, tab?: string, values: Record<string, string>}} Draft */

/**
 * @param {string} name of the lesson and whoever writes it
 * @param {Storage | null} storage
 */
export function backupOf(name, storage) {
  const tab = Math.random().toString(36).slice(2);
  const places = { typed: `draft.${name}`, aside: `aside.${name}` };

  /** @param {"typed" | "aside"} place @returns {Draft | null} */
  function read(place) {
    try {
      const draft = JSON.parse(storage?.getItem(places[place]) ?? "null");
      return draft && typeof draft.values === "object" ? draft : null;
    } catch {
      return null; // storage is forbidden, or holds something else
    }
  }

  /** @param {"typed" | "aside"} place */
  function drop(place) {
    try {
      storage?.removeItem(places[place]);
    } catch {
      // see read()
    }
  }

  return {
    read,
    drop,
    /**
     * What was kept from here: the text that another tab has not saved yet is not this one's to throw away.
     * @param {"typed" | "aside"} place
     */
    dropOwn(place) {
      if (read(place)?.tab === tab) drop(place);
    },
    /** @param {"typed" | "aside"} place @param {number} base @param {Record<string, string>} values */
    keep(place, base, values) {
      try {
        storage?.setItem(places[place], JSON.stringify({ base, at: Date.now(), tab, values }));
      } catch {
        // full or forbidden; the warning on leaving the page remains
      }
    },
  };
}

/** @returns {Storage | null} */
export function browserStorage() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}
