// @ts-check
/* The preview beside the text: asks for the page that the text makes, soon after each key. */

import { request } from "../api.js";

const PAUSE = 100; // milliseconds without a key; with the way to the server and back it stays under 300

/**
 * @param {object} options
 * @param {HTMLIFrameElement} options.frame
 * @param {string} options.address
 * @param {() => Record<string, string>} options.read what is written now
 * @param {(problems: {line: number, message: string}[]) => void} options.onProblems
 * @param {(error: unknown) => void} options.onError
 */
export function mountPreview({ frame, address, read, onProblems, onError }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;
  /** @type {AbortController | undefined} the request that is on its way; its answer is dropped once there is a newer one */
  let asking;
  /** @type {string | null} */
  let html = null;
  let ready = false;

  /** @param {object} message */
  const tell = (message) => frame.contentWindow?.postMessage(message, location.origin);

  /** @param {MessageEvent} event */
  function heard({ origin, source, data }) {
    if (origin !== location.origin || source !== frame.contentWindow || data.kind !== "ready") return;
    ready = true;
    if (html !== null) tell({ kind: "text", html });
  }

  async function ask() {
    asking?.abort();
    const mine = new AbortController();
    asking = mine;
    try {
      const answer = await request(address, { method: "POST", body: read(), signal: mine.signal });
      if (mine !== asking || !answer) return;
      html = answer.html;
      if (ready) tell({ kind: "text", html });
      onProblems(answer.problems);
    } catch (error) {
      if (!mine.signal.aborted) onError(error);
    }
  }

  addEventListener("message", heard);
  frame.src = address;
  ask();
  return {
    changed() {
      clearTimeout(pause);
      pause = setTimeout(ask, PAUSE);
    },
    /** @param {object} place as `placeOf` of markup.js tells it */
    follow(place) {
      if (ready) tell({ kind: "place", ...place });
    },
    destroy() {
      clearTimeout(pause);
      asking?.abort();
      removeEventListener("message", heard);
    },
  };
}
