// @ts-check
/* The sentences that a demo's frame says. Short, plain, and honest about what is not known. */

/** @import { ApiError } from "./api.js" */
/** @import { RunState, QueuePlace, Progress } from "./run-state.js" */

/** More steps than these mean nothing to a reader: they are said in percent. */
const COUNTABLE = 100;

/** @param {Progress} progress */
function percent({ done, total }) {
  return `${Math.floor((100 * done) / total)}\u00a0%`;
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 0.095) return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** @param {QueuePlace | null} queue */
export function queued(queue) {
  if (!queue) return "Sent. Waiting for its turn.";
  if (queue.workers === 0)
    return "Waiting for a worker: none is there at the moment. It starts by itself when one comes.";
  if (queue.held) return queue.held;
  const place = queue.place <= 1 ? "Next in line" : `Number ${queue.place} in line`;
  return queue.estimate === null ? `${place}.` : `${place}, about ${duration(queue.estimate)} to go.`;
}

/**
 * The pace since the first step tells how long the rest takes; before there is one, nothing is promised.
 * @param {Progress | null} progress
 * @param {Progress | null} first
 */
export function running(progress, first) {
  if (!progress || progress.done === 0) return "Running.";
  const { done, total, t } = progress;
  const spent = first ? t - first.t : 0;
  const left = first && spent > 1 && done > first.done ? (spent / (done - first.done)) * (total - done) : 0;
  const so = total > COUNTABLE ? `${percent(progress)} done` : `${done} of ${total}`;
  return left >= 1 ? `${so}, about ${duration(left)} left.` : `${so}.`;
}

/** @param {RunState} state */
export function status(state) {
  switch (state.phase) {
    case "queued":
      return queued(state.queue);
    case "running":
      return running(state.progress, state.firstProgress);
    case "succeeded":
      return state.startedAt === null ? "Done." : `Done in ${duration(state.time - state.startedAt)}.`;
    case "stopped":
      return state.message || stopped(state.progress);
    case "failed":
      return state.message || "This run failed. Run it again; if it fails again, tell your instructor.";
  }
}

/** @param {Progress | null} progress */
export function stopped(progress) {
  return progress && progress.done > 0
    ? `Stopped at ${progress.total > COUNTABLE ? percent(progress) : `${progress.done} of ${progress.total}`}.`
    : "Stopped.";
}

/**
 * @param {ApiError} error
 * @param {Date} now
 */
export function refusal(error, now = new Date()) {
  if (!error.retryAt || error.retryAt.getTime() - now.getTime() < 60_000) return error.message;
  const sameDay = error.retryAt.toDateString() === now.toDateString();
  /** @type {Intl.DateTimeFormatOptions} */
  const format = { hour: "2-digit", minute: "2-digit", ...(sameDay ? {} : { weekday: "long" }) };
  return `${error.message} (That is ${error.retryAt.toLocaleString("en-GB", format)}.)`;
}

/** @type {Record<string, string>} */
export const CHIPS = {
  recorded: "recorded",
  queued: "queued",
  running: "running",
  succeeded: "done",
  failed: "failed",
  stopped: "stopped",
};

/** @type {Record<string, string>} */
export const CONNECTIONS = {
  connecting: "connecting…",
  reconnecting: "reconnecting…",
  offline: "offline: this goes on when you are back",
};
