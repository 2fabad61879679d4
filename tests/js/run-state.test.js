import assert from "node:assert/strict";
import { test } from "node:test";
import { RunState } from "../../static/js/run-state.js";

const event = (seq, kind, data = {}, attempt = 1) => ({ seq, attempt, t: seq, kind, data });
const metrics = (seq, step, attempt = 1) => event(seq, "metrics", { rows: [{ step }] }, attempt);
const kinds = (state) => state.events.map(({ seq, kind }) => `${seq} ${kind}`);

test("a run goes from queued over running to its result", () => {
  const state = new RunState();
  assert.equal(state.take(event(0, "queued", { place: 3, estimate: 4.2, workers: 1 }, 0)), "none");
  assert.equal(state.phase, "queued");
  assert.equal(state.queue.place, 3);
  assert.equal(state.take(event(1, "started", { worker: "training-1" })), "append");
  assert.equal(state.phase, "running");
  assert.equal(state.take(event(2, "progress", { done: 1, total: 4, loss: 2 })), "append");
  assert.deepEqual(state.progress, { done: 1, total: 4, loss: 2, t: 2 });
  assert.equal(state.take(event(3, "result", { result: { answer: 42 } })), "append");
  assert.equal(state.phase, "succeeded");
  assert.deepEqual(state.result, { answer: 42 });
  assert.ok(state.final);
});

test("an event that comes twice counts once", () => {
  const state = RunState.of([event(1, "started"), metrics(2, 0)]);
  assert.equal(state.take(metrics(2, 0)), "none");
  assert.equal(state.take(event(1, "started")), "none");
  assert.deepEqual(kinds(state), ["1 started", "2 metrics"]);
});

test("an event after a gap is refused, and taken once what is missing has come", () => {
  const state = RunState.of([event(1, "started")]);
  assert.equal(state.take(metrics(3, 1)), "gap");
  assert.equal(state.last, 1);
  assert.equal(state.take(metrics(2, 0)), "append");
  assert.equal(state.take(metrics(3, 1)), "append");
  assert.equal(state.last, 3);
});

test("a resumed run goes back to the event it goes on from", () => {
  const state = RunState.of([
    event(1, "started"),
    event(2, "progress", { done: 1, total: 9 }),
    metrics(3, 1),
    event(4, "progress", { done: 5, total: 9 }),
    metrics(5, 5),
  ]);
  assert.equal(state.take(event(6, "resumed", { from: 1, rewind_to: 3, worker: "training-2" }, 2)), "rewind");
  assert.deepEqual(kinds(state), ["1 started", "2 progress", "3 metrics", "6 resumed"]);
  assert.equal(state.progress.done, 1);
  assert.equal(state.worker, "training-2");
  assert.equal(state.take(metrics(7, 2, 2)), "append");
});

test("a run resumed from its last word loses nothing, so the picture only goes on", () => {
  const state = RunState.of([event(1, "started"), metrics(2, 0)]);
  assert.equal(state.take(event(3, "resumed", { from: 0, rewind_to: 2 }, 2)), "append");
});

test("a second rewind drops what the first one had added", () => {
  const state = RunState.of([
    event(1, "started"),
    metrics(2, 0),
    event(3, "resumed", { rewind_to: 1 }, 2),
    metrics(4, 0, 2),
    event(5, "resumed", { rewind_to: 1 }, 3),
    metrics(6, 0, 3),
  ]);
  assert.deepEqual(kinds(state), ["1 started", "5 resumed", "6 metrics"]);
});

test("a worker that was given up is not heard any more", () => {
  const state = RunState.of([event(1, "started"), event(2, "resumed", { rewind_to: 1 }, 2)]);
  assert.equal(state.take(metrics(3, 9, 1)), "none");
  assert.equal(state.last, 3);
  assert.deepEqual(kinds(state), ["1 started", "2 resumed"]);
});

test("nothing comes after the end", () => {
  const state = RunState.of([event(1, "started"), event(2, "stopped")]);
  assert.equal(state.phase, "stopped");
  assert.equal(state.take(event(3, "result", { result: {} })), "none");
  assert.equal(state.phase, "stopped");
});

test("a failed run keeps its sentence and the picture so far", () => {
  const state = RunState.of([event(1, "started"), metrics(2, 0), event(3, "failed", { message: "No such word." })]);
  assert.equal(state.phase, "failed");
  assert.equal(state.message, "No such word.");
  assert.equal(state.events.length, 3);
});

test("a place in the queue that comes late does not turn time back", () => {
  const state = RunState.of([event(1, "started")]);
  state.take(event(0, "queued", { place: 1, estimate: null, workers: 1 }, 0));
  assert.equal(state.phase, "running");
  assert.equal(state.queue, null);
});
