import assert from "node:assert/strict";
import { test } from "node:test";
import { fieldsOf, isShown, limits, niceStep, problem, sameValue, toText, toValue } from "../../static/js/schema.js";

/** As pydantic 2 writes it. */
const schema = {
  $defs: { Metric: { enum: ["cosine", "dot_product"], title: "Metric", type: "string" } },
  properties: {
    task: {
      default: "near",
      description: "What to ask.",
      enum: ["near", "odd_one_out"],
      title: "Question",
      type: "string",
      labels: { near: "What is near?" },
    },
    word: { default: "paris", maxLength: 50, minLength: 1, title: "Word", type: "string", when: { task: ["near"] } },
    words: {
      default: ["a", "b", "c"],
      items: { maxLength: 50, type: "string" },
      maxItems: 10,
      minItems: 3,
      title: "Words",
      type: "array",
      widget: "words",
    },
    count: { default: 12, maximum: 40, minimum: 3, title: "How many", type: "integer" },
    rate: { default: 0.05, exclusiveMinimum: 0, maximum: 0.2, title: "Rate", type: "number" },
    seed: { anyOf: [{ minimum: 0, type: "integer" }, { type: "null" }], default: null, title: "Seed" },
    metric: { $ref: "#/$defs/Metric", default: "cosine" },
    labels: { default: true, display_only: true, title: "Labels", type: "boolean" },
    note: { default: "", title: "Note", type: "string", widget: "textarea" },
    weights: { default: "", maxLength: 90, title: "Weights", type: "string", widget: "hidden" },
    nested: { default: {}, type: "object", title: "Not for a form" },
  },
};
const fields = Object.fromEntries(fieldsOf(schema).map((field) => [field.name, field]));

test("each type has its control", () => {
  const kinds = Object.fromEntries(Object.entries(fields).map(([name, { kind }]) => [name, kind]));
  assert.deepEqual(kinds, {
    task: "choice",
    word: "text",
    words: "words",
    count: "slider",
    rate: "slider",
    seed: "number",
    metric: "choice",
    labels: "boolean",
    note: "textarea",
    weights: "text",
  });
});

test("what the view itself controls is hidden", () => {
  const hidden = Object.values(fields).filter((field) => field.hidden);
  assert.deepEqual(
    hidden.map(({ name }) => name),
    ["weights"],
  );
});

test("bounds, steps and defaults are the schema's", () => {
  assert.deepEqual([fields.count.min, fields.count.max, fields.count.step, fields.count.default], [3, 40, 1, 12]);
  assert.deepEqual([fields.rate.min, fields.rate.max, fields.rate.step], [0, 0.2, 0.002]);
  assert.deepEqual([fields.seed.min, fields.seed.nullable, fields.seed.integer], [0, true, true]);
  assert.equal(fields.labels.displayOnly, true);
});

test("choices have words, the author's or the value's own", () => {
  assert.deepEqual(fields.task.choices, [
    { value: "near", label: "What is near?" },
    { value: "odd_one_out", label: "Odd one out" },
  ]);
  assert.deepEqual(
    fields.metric.choices.map(({ value }) => value),
    ["cosine", "dot_product"],
  );
});

test("a field shows only when it matters", () => {
  assert.equal(isShown(fields.word, { task: "near" }), true);
  assert.equal(isShown(fields.word, { task: "odd_one_out" }), false);
  assert.equal(isShown(fields.count, { task: "odd_one_out" }), true);
});

test("every value survives the way through its control", () => {
  const values = { task: "odd_one_out", word: "new york", words: ["x", "y", "z"], count: 7, rate: 0.01, seed: 3 };
  for (const [name, value] of Object.entries({ ...values, labels: false, note: "a\nb" })) {
    assert.deepEqual(toValue(fields[name], toText(fields[name], value)), value, name);
  }
  assert.equal(toValue(fields.seed, toText(fields.seed, null)), null);
});

test("words may be parted by spaces or commas", () => {
  assert.deepEqual(toValue(fields.words, " tea, coffee;milk\nwater "), ["tea", "coffee", "milk", "water"]);
});

test("text that is no number stays text, and is told", () => {
  assert.equal(toValue(fields.count, "many"), "many");
  assert.equal(problem(fields.count, "many"), "Write a number.");
  assert.equal(problem(fields.count, 2), "Write 3 or more.");
  assert.equal(problem(fields.count, 41), "Write 40 or less.");
  assert.equal(problem(fields.count, 3.5), "Write a whole number.");
  assert.equal(problem(fields.count, 3), "");
});

test("too few, too many and no words are told", () => {
  assert.equal(problem(fields.words, ["a"]), "Write at least 3 words.");
  assert.equal(problem(fields.words, Array(11).fill("a")), "Write at most 10 words; here are 11.");
  assert.equal(problem(fields.word, ""), "Write something here.");
  assert.equal(problem(fields.word, "a".repeat(51)), "Write at most 50 letters; here are 51.");
  assert.equal(problem(fields.seed, null), "");
});

test("limits stand in words where no slider shows them", () => {
  assert.equal(limits(fields.words), "3 to 10 words, separated by spaces.");
  assert.equal(limits(fields.seed), "0 or more.");
  assert.equal(limits(fields.count), "");
});

test("a slider has about a hundred steps of a round size", () => {
  assert.equal(niceStep(0, 1), 0.01);
  assert.equal(niceStep(0.001, 0.2), 0.002);
  assert.equal(niceStep(0, 37), 0.5);
});

test("lists are equal by what they hold", () => {
  assert.ok(sameValue(["a", "b"], ["a", "b"]));
  assert.ok(!sameValue(["a"], ["b"]));
  assert.ok(sameValue(null, undefined));
});
