import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, apiError } from "../../static/js/api.js";
import { RunState } from "../../static/js/run-state.js";
import { duration, queued, refusal, running, status, stopped } from "../../static/js/words.js";

test("durations are said as a person would", () => {
  assert.deepEqual([0.0004, 0.042, 1.26, 42.4, 100, 9000].map(duration), [
    "1 ms",
    "42 ms",
    "1.3 s",
    "42 s",
    "2 min",
    "3 h",
  ]);
});

test("the place in the queue is honest about what is not known", () => {
  assert.equal(queued({ place: 3, estimate: 4.2, workers: 1 }), "Number 3 in line, about 4.2 s to go.");
  assert.equal(queued({ place: 1, estimate: null, workers: 1 }), "Next in line.");
  assert.match(queued({ place: 1, estimate: 1, workers: 0 }), /^Waiting for a worker/);
  assert.equal(queued(null), "Sent. Waiting for its turn.");
});

test("the time left is told only once there is ground for it", () => {
  const first = { done: 5, total: 1200, t: 9 };
  assert.equal(running(null, null), "Running.");
  assert.equal(running({ done: 0, total: 1, t: 2 }, null), "Running.");
  assert.equal(running(first, first), "0\u00a0% done.");
  assert.equal(running({ done: 205, total: 1200, t: 19 }, first), "17\u00a0% done, about 50 s left.");
});

test("few steps are counted, many are told in percent", () => {
  assert.equal(running({ done: 3, total: 8, t: 2 }, null), "3 of 8.");
  assert.equal(stopped({ done: 3, total: 8, t: 2 }), "Stopped at 3 of 8.");
  assert.equal(stopped({ done: 911, total: 912, t: 2 }), "Stopped at 99\u00a0%.");
});

test("a finished run says how long it took", () => {
  const state = RunState.of([
    { seq: 1, attempt: 1, t: 0.5, kind: "started", data: {} },
    { seq: 2, attempt: 1, t: 0.52, kind: "result", data: { result: {} } },
  ]);
  assert.equal(status(state), "Done in 20 ms.");
});

test("an answer of the API in its one shape keeps its words, code, fields and time", () => {
  const body = { error: { code: "allowance_used_up", message: "Enough for now.", fields: {} } };
  const error = apiError(429, body, "120");
  assert.ok(error instanceof ApiError);
  assert.equal(error.code, "allowance_used_up");
  assert.equal(error.message, "Enough for now.");
  assert.ok(error.retryAt.getTime() - Date.now() > 110_000);
  assert.match(refusal(error), /^Enough for now\. \(That is \d\d:\d\d\.\)$|\(That is \w+ \d\d:\d\d\.\)$/);
});

test("an answer in another shape becomes a sentence", () => {
  assert.equal(apiError(502, null, null).message, "The server could not answer (502). Try again in a moment.");
});
