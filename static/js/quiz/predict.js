// @ts-check
/*
 * A prediction: the demo that follows in the text waits until the reader has said what they expect, or does not want to.
 * What is right stands beside the result once the demo has shown it.
 */

import { ApiError, request } from "../api.js";
import { h } from "../dom.js";
import { browserStorage } from "../editor/backup.js";
import { announce } from "../live.js";
import { stylesheet } from "../stylesheet.js";
import { isAnswered, readAnswer } from "./answers.js";
import { moveItem } from "./ordering.js";
import { fetchPart, typesetPart } from "./part.js";

stylesheet(new URL("../../css/quiz.css", import.meta.url).href);

const HOLD = "First say above what you expect, or skip it. Then the demo runs.";

/**
 * @param {HTMLElement} root a `[data-predict]`
 * @returns {() => void} destroy
 */
export function mount(root) {
  const address = root.dataset.predict ?? "";
  const skipped = `predict.${address}`;
  const storage = browserStorage();
  const demo = nextDemo(root);
  if (!wasSkipped()) hold();
  show();

  async function show(told = false) {
    try {
      const part = await fetchPart(address, { told: told ? "1" : undefined });
      root.replaceChildren(part);
    } catch {
      root.hidden = true; // the demo is not kept from anybody because of it
      return release();
    }
    typesetPart(root);
    root.dataset.mounted = "";
    const form = root.querySelector("form");
    if (!form) return release();
    if (!("kept" in form.dataset)) return;
    release();
    if (!told && demo?.dataset.state === "succeeded") await show(true);
  }

  function hold() {
    if (!demo) return;
    demo.dataset.hold = HOLD;
    demo.dispatchEvent(new Event("demo:hold"));
  }

  function release() {
    if (!demo || !("hold" in demo.dataset)) return;
    delete demo.dataset.hold;
    demo.dispatchEvent(new Event("demo:hold"));
  }

  function wasSkipped() {
    try {
      return storage?.getItem(skipped) !== null && storage !== null;
    } catch {
      return false;
    }
  }

  /** @param {Event} event */
  async function kept(event) {
    event.preventDefault();
    const question = /** @type {HTMLElement} */ (root.querySelector("[data-question]"));
    const answer = readAnswer(question);
    if (!isAnswered(answer)) return tell("Choose an answer first, or skip this.");
    try {
      await request(root.dataset.keep ?? "", { method: "PUT", body: { answer } });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      // Predicted in another tab: that one stays, and is shown.
      if (error.code !== "prediction_kept") return tell(error.message);
    }
    await show();
    announce("Your prediction is kept. Now run the demo.");
    const run = /** @type {HTMLElement | null} */ (demo?.querySelector(".demo-actions .primary"));
    run?.focus();
  }

  /** @param {string} words */
  function tell(words) {
    root.querySelector("[data-told]")?.remove();
    root.append(h("p", { class: "notice warning", role: "alert", dataset: { told: "" } }, words));
  }

  /** @param {Event} event */
  function pressed({ target }) {
    const button = /** @type {Element} */ (target).closest("button");
    const question = /** @type {HTMLElement | null} */ (root.querySelector("[data-question]"));
    if (button?.dataset.move && question) moveItem(question, button);
    if (!button || !("skip" in button.dataset)) return;
    try {
      storage?.setItem(skipped, "");
    } catch {
      // forbidden: asked again the next time
    }
    release();
    button.remove();
    announce("Skipped. The demo can be run.");
  }

  function ran() {
    if (root.querySelector("[data-kept]") && !root.querySelector("[data-feedback]")) show(true);
  }

  root.addEventListener("submit", kept);
  root.addEventListener("click", pressed);
  demo?.addEventListener("demo:succeeded", ran);
  return () => {
    release();
    root.removeEventListener("submit", kept);
    root.removeEventListener("click", pressed);
    demo?.removeEventListener("demo:succeeded", ran);
  };
}

/**
 * @param {HTMLElement} root
 * @returns {HTMLElement | null} the next one in the text
 */
function nextDemo(root) {
  /** @type {HTMLElement[]} */
  const demos = [...document.querySelectorAll(/** @type {any} */ ("[data-demo]"))];
  return demos.find((demo) => root.compareDocumentPosition(demo) & Node.DOCUMENT_POSITION_FOLLOWING) ?? null;
}
