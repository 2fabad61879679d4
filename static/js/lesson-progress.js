// @ts-check
/*
 * Tells the server what the reader of a lesson has done, and where they are; keeps the page's own words about it true.
 *
 * The text counts as read when its end is in view and nearly all of it has been in view before, each part long enough
 * to be looked at: a jump to the end is not reading. Whoever reads in another way has a button.
 */

import { ApiError, request } from "./api.js";
import { h } from "./dom.js";
import { announce } from "./live.js";

const LOOKED_AT = 400; // milliseconds that a part must be in view
const ENOUGH = 0.8; // of the parts
const REST = 1500; // milliseconds without scrolling, until the place is told

/**
 * @param {HTMLElement} root the list "In this lesson"
 * @returns {() => void} destroy
 */
export function mount(root) {
  const url = root.dataset.lessonProgress ?? "";
  const article = /** @type {HTMLElement} */ (document.querySelector("article.prose"));
  const button = /** @type {HTMLButtonElement | null} */ (root.querySelector("[data-mark-read]"));
  const items = /** @type {HTMLElement[]} */ ([...root.querySelectorAll("li[data-kind]")]);
  const readItem = items.find((item) => item.dataset.kind === "read");
  /** What is being told now, so that nothing is told twice. */
  const telling = new Set();

  /**
   * @param {HTMLElement | undefined} item
   * @param {boolean} done
   */
  async function tell(item, done) {
    if (!item || telling.has(item) || item.classList.contains("done") === done) return;
    telling.add(item);
    const { kind, key } = item.dataset;
    try {
      const count = await request(url, { method: "POST", body: { kind, key, done } });
      show(item, done, count);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Not noted now: the next run of the demo, or the button, tries again.
      if (kind === "read" && document.activeElement === button) announce(error.message);
    } finally {
      telling.delete(item);
    }
  }

  /**
   * @param {HTMLElement} item
   * @param {boolean} done
   * @param {{done: number, total: number}} count
   */
  function show(item, done, count) {
    item.classList.toggle("done", done);
    const state = item.querySelector(".todo-state");
    if (state) state.textContent = done ? "Done" : "Not yet";
    const words = `${count.done} of ${count.total} done`;
    const line = root.querySelector(".todo-count");
    if (line) line.textContent = words;
    if (button && item === readItem) button.textContent = done ? "Mark as not read" : "Mark as read";
    showInRail(count);
    announce(count.done === count.total ? "You have done everything in this lesson." : `${words} in this lesson.`);
  }

  // Where the reader is --------------------------------------------------------------------------------------------

  const headings = /** @type {HTMLElement[]} */ ([...article.querySelectorAll("h2[id], h3[id]")]).filter(
    (heading) => !heading.closest(".demo"),
  );
  let told = root.dataset.position ?? "";
  let moved = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;

  function position() {
    const line = innerHeight * 0.3;
    return headings.findLast((heading) => heading.getBoundingClientRect().top < line)?.id ?? "";
  }

  async function tellPosition() {
    clearTimeout(resting);
    const now = position();
    if (!moved || now === told) return;
    told = now;
    await request(url, { method: "POST", body: { position: now }, keepalive: true }).catch((error) => {
      if (!(error instanceof ApiError)) throw error;
    });
  }

  function scrolled() {
    moved = true;
    clearTimeout(resting);
    resting = setTimeout(tellPosition, REST);
  }

  // Whether the text is read ---------------------------------------------------------------------------------------

  const end = h("div", { "aria-hidden": "true" });
  article.append(end);
  const parts = [...article.children];
  const seen = new Set();
  /** @type {Map<Element, ReturnType<typeof setTimeout>>} */
  const inView = new Map();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting && !inView.has(target))
        inView.set(
          target,
          setTimeout(() => looked(target), LOOKED_AT),
        );
      if (!isIntersecting) {
        clearTimeout(inView.get(target));
        inView.delete(target);
      }
    }
  });

  /** @param {Element} part */
  function looked(part) {
    seen.add(part);
    if (!inView.has(end) || !seen.has(end) || seen.size < ENOUGH * parts.length) return;
    observer.disconnect(); // said once: who marks it as not read means it
    tell(readItem, true);
  }

  // A text that is read already is not asked about again.
  if (!readItem?.classList.contains("done")) for (const part of parts) observer.observe(part);

  /** @param {string | undefined} demo */
  function ran(demo) {
    tell(
      items.find((item) => item.dataset.kind === "demo" && item.dataset.key === demo),
      true,
    );
  }
  /** @param {Event} event */
  function succeeded(event) {
    ran(/** @type {CustomEvent} */ (event).detail.demo);
  }
  // A frame that was quicker than this module has said it already.
  for (const frame of article.querySelectorAll("[data-demo][data-ran]")) {
    ran(/** @type {HTMLElement} */ (frame).dataset.demo);
  }
  function submitted() {
    tell(
      items.find((item) => item.dataset.kind === "quiz"),
      true,
    );
  }
  function marked() {
    observer.disconnect();
    tell(readItem, !readItem?.classList.contains("done"));
  }

  article.addEventListener("demo:succeeded", succeeded);
  article.addEventListener("quiz:submitted", submitted);
  if (button) button.disabled = false; // not before it does something
  button?.addEventListener("click", marked);
  addEventListener("scroll", scrolled, { passive: true });
  addEventListener("pagehide", tellPosition);
  return () => {
    observer.disconnect();
    for (const waiting of inView.values()) clearTimeout(waiting);
    clearTimeout(resting);
    end.remove();
    article.removeEventListener("demo:succeeded", succeeded);
    article.removeEventListener("quiz:submitted", submitted);
    button?.removeEventListener("click", marked);
    removeEventListener("scroll", scrolled);
    removeEventListener("pagehide", tellPosition);
  };
}

/**
 * The same in the list of lessons: this one's word, and how many are done.
 * @param {{done: number, total: number}} count
 */
function showInRail({ done, total }) {
  const here = document.querySelector("[data-here]");
  if (!here) return;
  here.classList.toggle("done", done === total);
  const words = here.querySelector(".step-state");
  if (words) words.textContent = done === total ? "Done" : done ? `${done} of ${total} done` : "Begun";
  const course = /** @type {HTMLElement | null} */ (document.querySelector("[data-course-progress]"));
  const bar = course?.querySelector("progress");
  const line = course?.querySelector("p");
  if (!course || !bar || !line) return;
  const lessons = document.querySelectorAll(".lesson-steps > li.done").length;
  bar.value = lessons;
  line.textContent = line.textContent?.replace(/^\d+/, String(lessons)) ?? "";
  course.hidden = lessons === 0;
}
