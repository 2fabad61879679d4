// @ts-check
/* What a demo's frame opens on: its recorded run, and the module that draws. Without either, the frame still works. */

/** @import { RunEvent } from "./run-state.js" */

/**
 * @param {string | undefined} url
 * @returns {Promise<{params: Record<string, any>, events: RunEvent[]} | null>}
 */
export async function loadSample(url) {
  if (!url) return null;
  try {
    const response = await fetch(url);
    return response.ok ? await response.json() : null;
  } catch {
    return null; // the network; the frame then opens without a picture, and says so
  }
}

/**
 * @param {string | undefined} url
 * @returns {Promise<{mount(root: HTMLElement, stream: any): () => void} | null>}
 */
export async function loadView(url) {
  try {
    return await import(new URL(url ?? "", location.href).href);
  } catch (error) {
    reportError(error);
    return null;
  }
}
