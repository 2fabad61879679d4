import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  bits,
  choose,
  chosenPlaces,
  label,
  level,
  mean,
  noText,
  percent,
  rowsAt,
  surprising,
  take,
} from "../../lessons/text_generation/static/generate-steps.js";

const sample = JSON.parse(
  readFileSync(new URL("../../lessons/text_generation/static/generate.sample.json", import.meta.url), "utf8"),
);

function recorded() {
  const texts = [noText()];
  for (const { kind, data } of sample.events) if (kind === "tokens") take(texts, data);
  return texts[0];
}

test("the events of a run add up to its text, with something known of every character", () => {
  const text = recorded();
  const { result } = sample.events.at(-1).data;
  assert.equal(text.symbols.join(""), result.texts[0].text);
  for (const name of ["nats", "top", "likely", "allowed", "given", "kept"]) {
    assert.equal(text[name].length, text.symbols.length, name);
  }
});

test("the page's means and most surprising places are those that Python found", () => {
  const { result } = sample.events.at(-1).data;
  const average = mean(recorded());
  for (const name of ["nats", "bits", "perplexity"]) {
    assert.ok(Math.abs(average[name] - result.texts[0][name]) < 1e-3 * result.texts[0][name], name);
  }
  assert.equal(average.known, result.texts[0].known);
  const places = surprising(recorded(), 8).map(({ at }) => at);
  assert.deepEqual(
    places,
    result.surprising.map(({ at }) => at),
  );
});

test("a text of characters that were never seen has no mean", () => {
  const texts = [];
  take(texts, {
    of: 0,
    at: 0,
    text: "€👑",
    nats: [null, null],
    top: ["", ""],
    likely: [[], []],
    allowed: [[], []],
    given: [null, null],
    kept: [0, 0],
    unknown: [0, 1],
  });
  assert.deepEqual(texts[0].symbols, ["€", "👑"]);
  assert.equal(mean(texts[0]), null);
  assert.deepEqual(rowsAt(texts[0], 1), []);
  assert.deepEqual(surprising(texts[0], 8), []);
});

test("a coin is one bit, and shading grows with surprise", () => {
  assert.equal(bits(Math.LN2), 1);
  assert.deepEqual(
    [0, 0.9, 1, 2.9, 3, 5, 8, 30].map((one) => level(one * Math.LN2 + 1e-12)),
    [0, 0, 1, 1, 2, 3, 4, 4],
  );
  assert.equal(level(null), 0);
});

test("what stands there is among the rows even where it is not among the likeliest", () => {
  const text = noText();
  take([text], {
    of: 0,
    at: 0,
    text: "q",
    nats: [-Math.log(0.001)],
    top: ["eta"],
    likely: [[0.5, 0.3, 0.1]],
    allowed: [[0.6, 0.4, 0]],
    given: [0.00001],
    kept: [2],
  });
  const rows = rowsAt(text, 0);
  assert.deepEqual(
    rows.map(({ symbol, stands }) => [symbol, stands]),
    [
      ["e", false],
      ["t", false],
      ["a", false],
      ["q", true],
    ],
  );
  assert.ok(Math.abs(rows[3].likely - 0.001) < 1e-12);
  assert.equal(rows[2].allowed, 0);
});

test("choosing a character keeps what was chosen before it, and the other text", () => {
  assert.equal(choose("", 0, 12, "e"), "0.12.101");
  assert.equal(choose("0.3.65 0.20.66 1.50.67", 0, 12, "e"), "0.3.65 0.12.101 1.50.67");
  assert.equal(choose("0.12.65", 0, 12, "👑"), "0.12.128081");
  assert.equal(choose("nonsense", 0, 2, "\n"), "0.2.10");
  assert.deepEqual([...chosenPlaces("0.3.65 1.50.67 junk")], ["0.3", "1.50"]);
});

test("gaps and very small shares have names", () => {
  assert.deepEqual([" ", "\n", "\t", "e"].map(label), ["space", "new line", "tab", "e"]);
  assert.deepEqual([0, 0.0001, 0.0123, 0.9999, 1].map(percent), ["0", "< 0.1 %", "1.2 %", "100 %", "100 %"]);
});
