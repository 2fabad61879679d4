// @ts-check
/*
 * What the events of a Run add up to. No network and no page here, so that it can be tested by itself.
 *
 * Events come in order and numbered, but a socket that reconnects may send some twice, a lost message leaves a gap, and
 * a Run taken up again by another worker goes back to an earlier event ("resumed", `rewind_to`).
 */

/**
 * @typedef {object} RunEvent
 * @property {number} seq counts from 1; 0 for `queued`, which is no part of the log
 * @property {number} attempt
 * @property {number} t seconds since the Run was made
 * @property {string} kind
 * @property {Record<string, any>} data
 *
 * @typedef {"queued" | "running" | "succeeded" | "failed" | "stopped"} Phase
 * @typedef {"none" | "append" | "rewind" | "gap"} Change what `take` did with an event: nothing that the picture shows;
 *   one more event; back to an earlier picture; refused, because events before it are missing
 * @typedef {{place: number, estimate: number | null, workers: number, held?: string}} QueuePlace
 * @typedef {{done: number, total: number, t: number, [metric: string]: any}} Progress `t`: when, as in an event
 */

/** @type {Record<string, Phase>} */
const FINAL = { result: "succeeded", failed: "failed", stopped: "stopped" };

export class RunState {
  constructor() {
    /** @type {Phase} */
    this.phase = "queued";
    /** @type {QueuePlace | null} */
    this.queue = null;
    /** @type {RunEvent[]} the events that hold, in order */
    this.events = [];
    /** The number of the last event taken; a connection asks for what comes after it. */
    this.last = 0;
    this.attempt = 0;
    /** @type {Progress | null} */
    this.progress = null;
    /** @type {Progress | null} the first of the attempt that has done something: what came before was preparation */
    this.firstProgress = null;
    /** @type {number | null} when the current attempt began, in seconds since the Run was made */
    this.startedAt = null;
    /** @type {Record<string, any> | null} */
    this.result = null;
    /** What a failed or stopped Run says. */
    this.message = "";
    this.worker = "";
  }

  /** @param {Iterable<RunEvent>} events */
  static of(events) {
    const state = new RunState();
    for (const event of events) state.take(event);
    return state;
  }

  get final() {
    return this.phase === "succeeded" || this.phase === "failed" || this.phase === "stopped";
  }

  /** Seconds since the Run was made, at the last event. */
  get time() {
    return this.events.at(-1)?.t ?? 0;
  }

  /**
   * @param {RunEvent} event
   * @returns {Change}
   */
  take(event) {
    if (this.final) return "none";
    if (event.kind === "queued") {
      if (this.phase === "queued") this.queue = /** @type {QueuePlace} */ (event.data);
      return "none";
    }
    if (event.seq <= this.last) return "none";
    if (event.seq > this.last + 1) return "gap";
    this.last = event.seq;
    if (event.attempt < this.attempt) return "none"; // a worker that was given up; what it said is void
    this.attempt = event.attempt;

    const rewound = event.kind === "resumed" && this.#rewind(event.data.rewind_to);
    this.events.push(event);
    this.#add(event);
    return rewound ? "rewind" : "append";
  }

  /**
   * @param {number} to the last event that still holds
   * @returns {boolean} whether any event was dropped
   */
  #rewind(to) {
    const kept = this.events.filter((event) => event.seq <= to);
    if (kept.length === this.events.length) return false;
    this.events = kept;
    this.progress = null;
    this.firstProgress = null;
    for (const event of kept) this.#add(event);
    return true;
  }

  /** @param {RunEvent} event */
  #add(event) {
    const { kind, data, t } = event;
    if (kind === "started" || kind === "resumed") {
      this.phase = "running";
      this.worker = data.worker ?? "";
      this.startedAt = t;
      this.firstProgress = null;
    } else if (kind === "progress") {
      this.progress = /** @type {Progress} */ ({ ...data, t });
      if (data.done > 0) this.firstProgress ??= this.progress;
    } else if (kind in FINAL) {
      this.phase = FINAL[kind];
      this.result = data.result ?? null;
      this.message = data.message ?? "";
    }
  }
}
