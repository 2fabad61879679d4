// @ts-check
/*
 * Time: play, pause, step, drag. Wherever a computation has steps there is this one control; the arrow keys, Home and
 * End work on its slider, and the current step carries the accent colour.
 */

import { fill, h, svg } from "./dom.js";

const ICONS = {
  back: "M3 3h2v10H3zM14 3v10L6 8z",
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  next: "M11 3h2v10h-2zM2 3v10l8-5z",
};

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {string} options.label what the steps are, "Time step"
 * @param {number} options.count
 * @param {number} [options.index]
 * @param {(index: number) => string} [options.format] the step in words
 * @param {(index: number) => void} options.onChange
 * @param {number} [options.fps] steps a second while it plays
 */
export function createScrubber(root, { label, count, index = 0, format = (i) => `${i + 1}`, onChange, fps = 6 }) {
  const range = h("input", { type: "range", min: 0, max: 0, step: 1, "aria-label": label });
  const words = h("output", {});
  const back = button("back", "One step back", () => go(index - 1));
  const play = button("play", "Play", () => (timer === undefined ? start() : pause()));
  const next = button("next", "One step on", () => go(index + 1));
  const element = h("div", { class: "scrubber", role: "group", "aria-label": label }, back, play, next, range, words);
  root.append(element);

  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  range.addEventListener("input", () => go(Number(range.value)));

  /** @param {number} to by hand: what plays stops */
  function go(to) {
    pause();
    move(to);
  }

  /** @param {number} to */
  function move(to) {
    const target = Math.max(0, Math.min(count - 1, to));
    if (target === index) return;
    index = target;
    show();
    onChange(index);
  }

  function start() {
    if (count < 2) return;
    if (index === count - 1) move(0);
    setIcon(play, "pause", "Pause");
    timer = setInterval(() => {
      move(index + 1);
      if (index === count - 1) pause();
    }, 1000 / fps);
  }

  function pause() {
    clearInterval(timer);
    timer = undefined;
    setIcon(play, "play", "Play");
  }

  function show() {
    range.max = String(Math.max(0, count - 1));
    range.value = String(index);
    fill(range);
    const text = count === 0 ? "–" : format(index);
    range.setAttribute("aria-valuetext", text);
    words.textContent = text;
    for (const control of [back, play, next]) control.toggleAttribute("disabled", count < 2);
    range.disabled = count < 2;
  }

  show();
  return {
    /**
     * More steps have come, or others.
     * @param {number} steps
     * @param {{follow?: boolean}} options follow: stay at the last step if one is there
     */
    setCount(steps, { follow = false } = {}) {
      const atEnd = count === 0 || index >= count - 1;
      count = steps;
      const target = follow && atEnd && timer === undefined ? count - 1 : Math.min(index, count - 1);
      const moved = Math.max(0, target) !== index;
      index = Math.max(0, target);
      show();
      if (moved) onChange(index);
    },
    /** @param {number} to without telling `onChange` */
    setIndex(to) {
      index = Math.max(0, Math.min(count - 1, to));
      show();
    },
    get index() {
      return index;
    },
    destroy() {
      pause();
      element.remove();
    },
  };
}

/**
 * @param {keyof typeof ICONS} icon
 * @param {string} name
 * @param {() => void} onclick
 */
function button(icon, name, onclick) {
  const element = h("button", { type: "button", class: "quiet", onclick });
  setIcon(element, icon, name);
  return element;
}

/**
 * @param {HTMLButtonElement} element
 * @param {keyof typeof ICONS} icon
 * @param {string} name
 */
function setIcon(element, icon, name) {
  if (element.ariaLabel === name) return;
  element.ariaLabel = name;
  element.title = name;
  element.replaceChildren(svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svg("path", { d: ICONS[icon] })));
}
