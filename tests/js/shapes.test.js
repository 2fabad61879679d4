import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import {
  headline,
  percent,
  planOf,
  sameQuestion,
  withoutAccents,
} from "../../lessons/sequence_shapes/static/shapes-plan.js";
import { classify, lossOf, pattern, search, WIRINGS } from "../../lessons/sequence_shapes/static/wirings.js";

const rows = JSON.parse(await readFile("lessons/sequence_shapes/static/use-cases.json", "utf8"));
const wiring = (inputs, outputs) => classify(pattern(inputs), pattern(outputs)).wiring;
const why = (inputs, outputs) => classify(pattern(inputs), pattern(outputs)).why;

test("each of the five is told from its own drawing", () => {
  for (const { id, inputs, outputs } of WIRINGS) assert.equal(classify(inputs, outputs).wiring, id);
});

test("a wiring is the same wherever in time it begins, and with idle steps in it", () => {
  assert.equal(wiring("000100", "000100"), "one-to-one");
  assert.equal(wiring("010000", "011110"), "one-to-many");
  assert.equal(wiring("100000", "010101"), "one-to-many");
  assert.equal(wiring("110110", "000001"), "many-to-one");
  assert.equal(wiring("111000", "001111"), "delayed");
  assert.equal(wiring("111000", "000011"), "delayed");
  assert.equal(wiring("111111", "010101"), "many-to-many");
});

test("what is none of the five is told why", () => {
  assert.match(why("000000", "000000"), /Nothing is read/);
  assert.match(why("000000", "100000"), /no input/);
  assert.match(why("111000", "000000"), /no output/);
  assert.match(why("001100", "100001"), /step 1 comes before any input/);
  assert.match(why("111111", "001000"), /Its inputs at step 4, 5 and 6 come after/);
  assert.match(why("110001", "110000"), /Its input at step 6 comes after/);
  assert.match(why("100000", "000100"), /the wait gains nothing/);
  assert.match(why("111100", "001111"), /between many to many and delayed/);
  for (const [inputs, outputs] of [
    ["001100", "100001"],
    ["111111", "001000"],
    ["100000", "000100"],
    ["111100", "001111"],
  ]) {
    assert.equal(wiring(inputs, outputs), null);
  }
});

test("every pattern of six steps has an answer, and none has an output that came before its first input", () => {
  for (let code = 0; code < 4096; code += 1) {
    const bits = code.toString(2).padStart(12, "0");
    const [inputs, outputs] = [pattern(bits.slice(0, 6)), pattern(bits.slice(6))];
    const found = classify(inputs, outputs);
    assert.ok(found.why.endsWith("."));
    if (found.wiring === null) continue;
    assert.ok(outputs.indexOf(true) >= inputs.indexOf(true));
    assert.ok(outputs.lastIndexOf(true) >= inputs.lastIndexOf(true));
    const many = (on) => (on.filter(Boolean).length > 1 ? "many" : "one");
    const name = found.wiring === "delayed" ? "many-to-many" : found.wiring;
    assert.equal(name, `${many(inputs)}-to-${many(outputs)}`);
  }
});

test("the loss is taken over the outputs that count, and over nothing else", () => {
  assert.match(lossOf(pattern("000001")), /one output, at step 6\. What it computes at the other 5 steps/);
  assert.match(lossOf(pattern("111111")), /mean of 6 losses, at steps 1, 2, 3, 4, 5 and 6\.$/);
  assert.match(lossOf(pattern("011111")), /the other step /);
  assert.match(lossOf(pattern("000000")), /no loss/);
});

test("a task is found by its name, its types, its wiring or its example", () => {
  const tasks = (question) => search(rows, question).map(({ task }) => task);
  assert.deepEqual(tasks("translation"), ["Machine translation"]);
  assert.ok(tasks("music").includes("Music generation"));
  assert.ok(tasks("one-to-many").includes("Image captioning"));
  assert.deepEqual(tasks("video"), ["Activity recognition", "Subtitles generation"]);
  assert.ok(tasks("SUMMARISATION text").includes("Conference summarization"));
  assert.ok(tasks("text to audio").includes("Speech generation"));
  assert.deepEqual(tasks("submarine"), []);
  assert.equal(tasks("").length, rows.length);
});

test("the table's elements fit its wirings", () => {
  for (const row of rows) {
    const name = row.wiring === "delayed" ? "many-to-many" : row.wiring;
    assert.equal(name, `${row.inputs}-to-${row.targets}`, row.task);
    assert.ok(WIRINGS.some(({ id }) => id === row.wiring));
  }
});

test("what will be read is known before a run", () => {
  const shape = (values) =>
    planOf(values)
      .map(({ read, output }) => `${read ?? "-"}${output ?? ""}`)
      .join(" ");
  assert.equal(shape({ wiring: "one-to-one", picture: 1, drawn: "" }), "picture?");
  assert.equal(shape({ wiring: "many-to-one", word: " Chat " }), "c h a t?");
  assert.equal(shape({ wiring: "many-to-many", text: "né", waits: false }), "n? e?");
  assert.equal(shape({ wiring: "many-to-many", text: "né", waits: true }), "n e -? -? -? -?");
  assert.equal(shape({ wiring: "delayed", numeral: "Forty-two" }), "forty two -? -? -?");
});

test("whatever is typed there is a step to draw", () => {
  for (const wiring of ["many-to-one", "many-to-many", "delayed"]) {
    for (const typed of ["", "  ", "-"]) {
      const steps = planOf({ wiring, word: typed, text: typed, numeral: typed, waits: false });
      assert.ok(steps.length > 0 && steps.some(({ output }) => output !== null));
    }
  }
});

test("an answer belongs to what the form says only if all that it depends on is the same", () => {
  const asked = { wiring: "delayed", numeral: "forty two", word: "a" };
  assert.ok(sameQuestion(asked, { ...asked, numeral: " Forty-two ", word: "b" }));
  assert.ok(!sameQuestion(asked, { ...asked, numeral: "forty three" }));
  assert.ok(!sameQuestion({ ...asked, wiring: "many-to-one" }, asked));
});

test("accents are taken off, and counted", () => {
  assert.equal(withoutAccents("Être né à l’œuvre, ça!"), "Etre ne a l'oeuvre, ca!");
  const said = (answer, wanted) => headline({ wiring: "many-to-many", steps: [{}], answer, wanted }, {});
  assert.match(said("né a été", "né à été"), /Of your 4 accents it found 3\.$/);
  assert.match(said("ne a", "ne a"), /as you typed/);
});

test("what is right is told from what is wrong, and from what has no answer", () => {
  const likely = [{ symbol: "7", share: 0.9 }];
  const says = (answer, wanted) =>
    headline({ wiring: "delayed", steps: [{ likely }], answer, wanted }, { numeral: "seven" });
  assert.match(says("7", "7"), /Right\.$/);
  assert.match(says("70", "7"), /Wrong: it is 7\.$/);
  assert.match(says("70", null), /spell no number/);
  assert.match(says("", null), /answers with nothing/);
  assert.equal(percent(0.001), "< 1%");
  assert.equal(percent(0.999), "> 99%");
  assert.equal(percent(1), "100%");
});
