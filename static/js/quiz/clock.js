// @ts-check
/* The time that is left: seen all the time, said a few times. The server decides when it is up. */

import { announce } from "../live.js";

const SAID = [600, 300, 60, 30]; // seconds

/**
 * What to say when so many seconds were left a moment ago, and so many now; empty: nothing.
 * @param {number} before
 * @param {number} now
 */
export function toSay(before, now) {
  const mark = SAID.find((seconds) => before > seconds && now <= seconds);
  if (!mark) return "";
  return mark < 60 ? `${mark} seconds left.` : `${mark / 60} minute${mark === 60 ? "" : "s"} left.`;
}

/** @param {number} seconds @returns {string} “1:05:00”, “4:05” */
export function inWords(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/**
 * @param {HTMLElement} element
 * @param {number} seconds that are left now
 * @param {() => void} onEnd
 * @returns {() => void} destroy
 */
export function mountClock(element, seconds, onEnd) {
  // By the clock on the wall: performance.now() may stand still while a phone sleeps, and the time runs on.
  const end = Date.now() + seconds * 1000;
  let before = Number.POSITIVE_INFINITY;
  const left = () => (end - Date.now()) / 1000;
  const timer = setInterval(tick, 500);

  function tick() {
    const now = left();
    element.textContent = `${inWords(now)} left`;
    element.classList.toggle("soon", now <= 60);
    if (Number.isFinite(before)) announce(toSay(before, now));
    before = now;
    if (now > 0) return;
    clearInterval(timer);
    onEnd();
  }

  element.hidden = false;
  tick();
  return () => clearInterval(timer);
}
