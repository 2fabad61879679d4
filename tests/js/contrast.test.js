import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const css = readFileSync(new URL("../../static/css/tokens.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name,
    { light, dark },
  ]),
);

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex) {
  const [red, green, blue] = [1, 3, 5]
    .map((start) => Number.parseInt(hex.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other, theme) {
  const [dark, light] = [one, other].map((name) => luminance(tokens.get(name)[theme])).sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function holds(least, ones, others) {
  for (const theme of ["light", "dark"]) {
    for (const one of ones) {
      for (const other of others) {
        const found = contrast(one, other, theme);
        assert.ok(found >= least, `--${one} on --${other}, ${theme}: ${found.toFixed(2)}, needs ${least}`);
      }
    }
  }
}

const surfaces = ["paper", "panel", "sunken"];

test("text is readable on every surface", () => {
  holds(4.5, ["ink", "ink-2", "ink-3", "link", "now", "ok", "warn", "bad"], surfaces);
});

test("text is readable on the soft grounds of chips and notices", () => {
  for (const name of ["ok", "warn", "bad", "now"]) holds(4.5, [name, "ink", "ink-2"], [`${name}-soft`]);
});

test("text is readable on full grounds", () => {
  holds(4.5, ["on-ink"], ["ink", "now", "ok", "bad"]);
});

test("the borders of controls, and marks in charts, stand out from their ground", () => {
  holds(3, ["edge", "neg", "pos", "cat-1", "cat-2", "cat-3", "cat-4", "cat-5", "cat-6"], surfaces);
});

test("the sequential scale rises evenly in lightness, so it survives greyscale", () => {
  for (const theme of ["light", "dark"]) {
    const steps = [0, 1, 2, 3, 4, 5].map((step) => luminance(tokens.get(`seq-${step}`)[theme]));
    const rising = theme === "dark" ? steps : steps.toReversed();
    for (let step = 1; step < rising.length; step += 1) {
      const ratio = (rising[step] + 0.05) / (rising[step - 1] + 0.05);
      assert.ok(ratio > 1.25, `${theme}, step ${step}: ${ratio.toFixed(2)}`);
    }
  }
});
