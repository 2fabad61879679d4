import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { followJob } from "../../static/js/job-stream.js";

const JOB = { ws_url: "/ws/jobs/1/", events_url: "/api/jobs/1/events/" };
const event = (seq, kind, data = {}) => ({ seq, attempt: 1, t: seq, kind, data });

/** The browser's socket, opened and closed by the test. */
class Socket {
  static all = [];
  static get open() {
    return Socket.all.filter(({ closed }) => !closed);
  }

  constructor(url) {
    this.url = url;
    this.closed = false;
    Socket.all.push(this);
  }

  says(said) {
    this.onmessage({ data: JSON.stringify(said) });
  }

  breaks() {
    this.close();
    this.onclose({ code: 1006 });
  }

  close() {
    this.closed = true;
  }
}

/** Requests that wait for the test's answer. */
let requests;
let page;
let taken;
let following;

const settled = () => new Promise((resolve) => setImmediate(resolve));
const answer = async (...events) => {
  requests.shift()({ ok: true, json: async () => ({ events, final: false }) });
  await settled();
};

beforeEach((t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(Math, "random", () => 0.5); // so that a wait is neither shortened nor lengthened
  Socket.all = [];
  requests = [];
  taken = [];
  page = new EventTarget();
  Object.assign(globalThis, {
    WebSocket: Socket,
    fetch: () => new Promise((resolve) => requests.push(resolve)),
    location: new URL("http://unroll.test/"),
    navigator: { onLine: true },
    document: new EventTarget(),
    addEventListener: page.addEventListener.bind(page),
  });
  following = followJob(JOB, {
    onEvent: (_change, { seq }) => taken.push(seq),
    onConnection: () => {},
    onGone: () => taken.push("gone"),
  });
});

afterEach(() => following.close());

test("the network that comes back while the events are asked for leaves one socket", async (t) => {
  Socket.all[0].breaks();
  t.mock.timers.tick(250);
  assert.equal(requests.length, 1);
  page.dispatchEvent(new Event("online"));
  assert.equal(Socket.open.length, 1);
  await answer(event(1, "started"));
  assert.equal(Socket.open.length, 1);
  Socket.open[0].says(event(2, "progress", { done: 1, total: 2 }));
  assert.deepEqual(taken, [1, 2]);
});

test("a gap in the events that were asked for leaves one socket", async (t) => {
  Socket.all[0].breaks();
  t.mock.timers.tick(250);
  await answer(event(2, "progress", { done: 1, total: 2 }));
  assert.equal(Socket.open.length, 1);
});

test("a server that accepts and then breaks off is asked less and less often", async (t) => {
  for (const wait of [250, 500, 1000, 2000, 2000]) {
    Socket.all.at(-1).onopen();
    Socket.all.at(-1).breaks();
    t.mock.timers.tick(wait - 1);
    assert.equal(requests.length, 0, `asked before ${wait} ms`);
    t.mock.timers.tick(1);
    await answer();
  }
});

test("after a word of the server the next break is waited for only shortly", async (t) => {
  Socket.all.at(-1).breaks();
  t.mock.timers.tick(250);
  await answer();
  Socket.all.at(-1).onopen();
  Socket.all.at(-1).says(event(1, "started"));
  Socket.all.at(-1).breaks();
  t.mock.timers.tick(250);
  assert.equal(requests.length, 1);
});
