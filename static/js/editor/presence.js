// @ts-check
/* Who else has the lesson open, and whether somebody has saved it: asked every few seconds while the page is seen. */

import { request } from "../api.js";

const EVERY = 15_000; // milliseconds; the server forgets after 40 s (authoring/presence.py)

/**
 * @param {string} address
 * @param {(answer: {others: string, revision: number, state: string, saved: {author: string, number: number, at: string}}) => void} onNews
 */
export function mountPresence(address, onNews) {
  const here = Math.random().toString(36).slice(2); // this tab

  async function ask() {
    if (document.hidden) return;
    try {
      const answer = await request(address, { method: "POST", body: { window: here } });
      if (answer) onNews(answer);
    } catch {
      // the network, or signed out: saving tells it
    }
  }
  function leave() {
    const token = /** @type {HTMLInputElement | null} */ (document.querySelector("input[name=csrfmiddlewaretoken]"));
    navigator.sendBeacon(
      address,
      new URLSearchParams({ window: here, leave: "1", csrfmiddlewaretoken: token?.value ?? "" }),
    );
  }

  /** @param {PageTransitionEvent} event by "Back", to a page that was put aside */
  function comeBack({ persisted }) {
    if (persisted) ask();
  }

  ask();
  const timer = setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", comeBack);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", ask);
    removeEventListener("pagehide", leave);
    removeEventListener("pageshow", comeBack);
  };
}
