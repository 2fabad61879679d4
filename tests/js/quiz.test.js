import assert from "node:assert/strict";
import { test } from "node:test";
import { isAnswered } from "../../static/js/quiz/answers.js";
import { inWords, mountClock, toSay } from "../../static/js/quiz/clock.js";
import { Outbox } from "../../static/js/quiz/outbox.js";

/** A browser's storage. */
function storage(kept = new Map()) {
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: (name) => kept.delete(name),
  };
}

/** A server that keeps answers as ours does, and can be away. */
function server() {
  const rows = new Map();
  return {
    rows,
    away: false,
    sent: [],
    async send(question, { answer, version, seconds }) {
      await null;
      if (this.away) throw { code: "offline", status: 0, message: "away" };
      this.sent.push([question, answer]);
      const row = rows.get(question) ?? { answer: null, version: 0, seconds: 0 };
      if (JSON.stringify(row.answer) !== JSON.stringify(answer)) {
        if (version !== row.version) {
          const kept = { answer: row.answer, version: row.version };
          throw { code: "stale_answer", status: 409, message: "stale", answer: { error: { kept } } };
        }
        rows.set(question, { answer, version: version + 1, seconds: row.seconds + seconds });
      }
      return { version: rows.get(question).version };
    },
  };
}

function outbox(there, browser = storage(), place = "quiz.1") {
  const told = [];
  const planned = [];
  const box = new Outbox({
    storage: browser,
    place,
    send: (question, waiting) => there.send(question, waiting),
    onState: (state) => told.push(state),
    onKept: (question) => told.push(`kept ${question}`),
    onRefused: (question, { message }) => told.push(`refused ${question}: ${message}`),
    onOver: (_, lost) => told.push(`over ${lost}`),
    later: (run) => planned.push(run),
  });
  return { box, told, planned };
}

test("an answer is saved, and the next one follows it", async () => {
  const there = server();
  const { box, told } = outbox(there);
  box.put("a", 1);
  assert.equal(await box.flush(), true);
  box.put("a", 2);
  assert.equal(await box.flush(), true);
  assert.deepEqual(there.rows.get("a"), { answer: 2, version: 2, seconds: 0 });
  assert.deepEqual(told, ["saving", "saved", "saving", "saved"]);
});

test("what is answered without a connection is sent once it is back, the last answer only", async () => {
  const there = server();
  there.away = true;
  const { box, told, planned } = outbox(there);
  box.put("a", 1, 5);
  box.put("b", [0], 1);
  assert.equal(await box.flush(), false);
  box.put("a", 2, 3);
  assert.equal(await box.flush(), false);
  assert.equal(told.at(-1), "offline");
  assert.equal(planned.length, 1, "one try is planned, however often it was tried");
  there.away = false;
  planned[0]();
  assert.equal(await box.flush(), true);
  assert.deepEqual(there.sent, [
    ["a", 2],
    ["b", [0]],
  ]);
  assert.equal(there.rows.get("a").seconds, 8);
});

test("a page that was closed sends the rest when it is opened again", async () => {
  const there = server();
  there.away = true;
  const browser = storage();
  outbox(there, browser).box.put("a", "typed");
  there.away = false;
  const { box } = outbox(there, browser);
  assert.deepEqual([...box.waiting.keys()], ["a"]);
  assert.equal(await box.flush(), true);
  assert.equal(there.rows.get("a").answer, "typed");
  assert.equal(browser.kept.size, 0);
  assert.equal(outbox(there, browser, "quiz.2").box.isEmpty, true);
});

test("an answer whose confirmation was lost can be sent again", async () => {
  const there = server();
  const { box, planned } = outbox(there);
  const { send } = there;
  there.send = async (...what) => {
    await send.apply(there, what);
    throw { code: "offline", status: 0, message: "lost" };
  };
  box.put("a", 1);
  assert.equal(await box.flush(), false);
  there.send = send;
  planned[0]();
  assert.equal(await box.flush(), true);
  assert.equal(there.rows.get("a").version, 1);
});

test("of two tabs the one that comes later is told, and follows what is kept", async () => {
  const there = server();
  const [first, second] = [outbox(there), outbox(there, storage())];
  first.box.put("a", 1);
  await first.box.flush();
  second.box.put("a", 2);
  assert.equal(await second.box.flush(), true);
  assert.deepEqual(second.told, ["saving", "kept a", "saved"]);
  assert.equal(there.rows.get("a").answer, 1);
  second.box.put("a", 3);
  await second.box.flush();
  assert.equal(there.rows.get("a").answer, 3);
});

test("an answer that is changed while it is sent is sent too", async () => {
  const there = server();
  const { box } = outbox(there);
  box.put("a", 1, 2);
  const flushing = box.flush();
  box.put("a", 2, 1);
  await flushing;
  assert.equal(box.isEmpty, true);
  assert.deepEqual(there.rows.get("a"), { answer: 2, version: 2, seconds: 3 });
});

test("what is no answer is told and dropped; the end drops everything", async () => {
  const there = server();
  const { box, told } = outbox(there);
  const { send } = there;
  there.send = async (question) => {
    throw question === "bad"
      ? { code: "invalid_params", status: 422, message: "no" }
      : { code: "attempt_over", status: 409, message: "late" };
  };
  box.put("bad", 1);
  await box.flush();
  box.put("late", 1);
  box.put("too", 1);
  await box.flush();
  assert.deepEqual(told, ["saving", "refused bad: no", "saved", "saving", "over 2", "saved"]);
  there.send = send;
  assert.equal(box.isEmpty, true);
});

test("answers given before there was an attempt go with it", async () => {
  const there = server();
  there.away = true;
  const browser = storage();
  const { box } = outbox(there, browser, "quiz.page.nonce");
  box.put("a", 1);
  box.moveTo("quiz.attempt");
  assert.deepEqual([...browser.kept.keys()], ["quiz.attempt"]);
  assert.deepEqual([...outbox(there, browser, "quiz.attempt").box.waiting.keys()], ["a"]);
});

test("a browser that keeps nothing, or something else, breaks nothing", async () => {
  const forbidden = {
    getItem: () => "[1, null, {",
    setItem() {
      throw new Error("full");
    },
    removeItem() {
      throw new Error("forbidden");
    },
  };
  for (const browser of [forbidden, null, storage(new Map([["quiz.1", '{"a": 1, "b": null}']]))]) {
    const there = server();
    const { box } = outbox(there, browser);
    assert.equal(box.isEmpty, true);
    box.put("a", 1);
    assert.equal(await box.flush(), true);
  }
});

test("the time that is left is seen in minutes, and said a few times", () => {
  assert.equal(inWords(3_725), "1:02:05");
  assert.equal(inWords(59.2), "1:00");
  assert.equal(inWords(-3), "0:00");
  assert.equal(toSay(301, 300), "5 minutes left.");
  assert.equal(toSay(61, 59), "1 minute left.");
  assert.equal(toSay(31, 30), "30 seconds left.");
  assert.equal(toSay(300, 299), "");
});

test("the time runs on while a phone sleeps", (t) => {
  t.mock.timers.enable({ apis: ["Date", "setInterval"] });
  const element = { hidden: true, textContent: "", classList: { toggle() {} } };
  const stop = mountClock(element, 1_000, () => {});
  assert.equal(element.textContent, "16:40 left");
  t.mock.timers.setTime(350_000); // performance.now() has hardly moved
  t.mock.timers.tick(500);
  assert.equal(element.textContent, "10:50 left");
  stop();
});

test("an answer is one once something is filled in", () => {
  for (const nothing of [null, "", "  ", [], [null, null], { a: "", b: " " }]) assert.equal(isAnswered(nothing), false);
  for (const something of [0, "0", [0], [null, 2], { a: "", b: "x" }]) assert.equal(isAnswered(something), true);
});
