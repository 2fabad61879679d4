// @ts-check
/* What a demo's frame shows, and the view that draws it. The view knows of no job: it is told events, and may ask. */

import { RunState } from "./run-state.js";

/** @import { RunEvent, Change } from "./run-state.js" */
/** @import { UrlState } from "./url-state.js" */

const SAYS_NOTHING = new Set(["queued", "started", "failed", "stopped"]);

/**
 * @typedef {object} Listener
 * @property {(events: RunEvent[]) => void} reset
 * @property {(event: RunEvent) => void} event
 * @property {() => void} [values] a view that computes in the page: `stream.values` are others now
 *
 * @typedef {{id: string, created: string, params: Record<string, any>, result: Record<string, any>}} PastRun
 *
 * @typedef {object} Stream what a view gets: one object for the frame's whole life
 * @property {Record<string, any>} params of the picture that is shown
 * @property {Record<string, any> | null} result
 * @property {Record<string, any>} values what the form says now; while it says something wrong, what it said before
 * @property {boolean} running
 * @property {(listener: Listener) => () => void} subscribe
 * @property {(changes: Record<string, any>, options?: {typing?: boolean}) => void} submit
 * @property {(options?: {most?: number}) => Promise<PastRun[]>} runs the reader's own runs of this demo that have a
 *   result, newest first and 20 at most unless told; fails with an ApiError, whose message is for the reader
 * @property {(field: string) => Record<string, any> | null} facts what the demo found in the file that the form names
 *   now; null while that is not known, and `values` is called once it is
 * @property {UrlState} url the view's own state in the URL, under names that no param has
 * @property {(text: string) => void} announce to a screen reader, politely
 */

export class Picture {
  /** @param {Record<string, any>} params */
  constructor(params) {
    this.params = params;
    this.values = params;
    this.state = new RunState();
    /** @type {Set<Listener>} */
    this.listeners = new Set();
  }

  /**
   * Another run's picture.
   * @param {Record<string, any>} params
   * @param {RunState} state
   */
  show(params, state) {
    this.params = params;
    this.state = state;
    this.#reset();
  }

  /**
   * The same run, shown otherwise.
   * @param {Record<string, any>} changes
   */
  adjust(changes) {
    this.params = { ...this.params, ...changes };
    this.#reset();
  }

  /**
   * What an event of a run has done to its state.
   * @param {Change} change
   * @param {RunEvent} event
   * @param {RunState} state
   */
  tell(change, event, state) {
    if (state !== this.state) return;
    if (change === "rewind") this.#reset();
    if (change === "append") for (const listener of this.listeners) listener.event(event);
  }

  /**
   * The form's values are others now.
   * @param {Record<string, any>} values
   */
  setValues(values) {
    this.values = values;
    for (const listener of this.listeners) listener.values?.();
  }

  /** Whether the view draws the form's values by itself: then what is seen is never an older answer. */
  get isComputedInPage() {
    return [...this.listeners].some((listener) => listener.values);
  }

  #reset() {
    for (const listener of this.listeners) listener.reset(this.state.events);
  }

  /**
   * @param {Pick<Stream, "submit" | "runs" | "facts" | "url" | "announce"> & {isActive: () => boolean}} frame
   * @returns {Stream}
   */
  stream({ isActive, ...rest }) {
    const picture = this;
    return {
      ...rest,
      get params() {
        return picture.params;
      },
      get result() {
        return picture.state.result;
      },
      get values() {
        return picture.values;
      },
      get running() {
        return isActive();
      },
      subscribe(listener) {
        picture.listeners.add(listener);
        listener.reset(picture.state.events);
        return () => picture.listeners.delete(listener);
      },
    };
  }
}

/**
 * Whether there is nothing yet that a picture could be drawn from.
 * @param {RunEvent} event
 */
export function saysNothing({ kind, data }) {
  return SAYS_NOTHING.has(kind) || (kind === "progress" && data.done === 0);
}
