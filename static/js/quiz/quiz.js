// @ts-check
/* A quiz, or one question of it, brought to life: answers are saved as they are given, checked, and submitted. */

import { ApiError, request } from "../api.js";
import { h } from "../dom.js";
import { announce } from "../live.js";
import { stylesheet } from "../stylesheet.js";
import { firstField, hasGaps, isAnswered, itemsOf, readAnswer, writeAnswer } from "./answers.js";
import { mountClock } from "./clock.js";
import { confirmSubmit } from "./confirm.js";
import { moveItem } from "./ordering.js";
import { fetchPart, typesetPart } from "./part.js";
import { formIn, sessionOf } from "./session.js";

/** @import { State } from "./outbox.js" */

stylesheet(new URL("../../css/quiz.css", import.meta.url).href);

const AWAY = {
  check: "You are offline. Your answer is kept; check it when you are back.",
  submit: "You are offline. Your answers are kept here: submit when you are back.",
};
const TYPING = 600; // milliseconds without a key, until what was typed is sent
const STATES = {
  saved: "Saved",
  saving: "Saving…",
  offline: "Offline. Your answers are kept in this browser and sent as soon as the server can be reached.",
};

/**
 * @param {HTMLElement} root a `[data-quiz]`: on the quiz's page with its form, in a lesson to be filled
 * @returns {() => void} destroy
 */
export function mount(root) {
  const shell = new Shell(root);
  shell.open();
  return () => shell.destroy();
}

class Shell {
  /** @type {() => void} */
  #stopClock = () => {};
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;
  #state = "";

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.only = root.dataset.only;
    this.session = sessionOf(root.dataset.quiz ?? "");
    this.session.places.add(this);
    for (const [name, listener] of this.#listeners()) root.addEventListener(name, listener);
  }

  async open() {
    if (formIn(this.root) || this.root.querySelector("form")) this.#show();
    else await this.reload();
    this.root.dataset.mounted = "";
  }

  destroy() {
    clearTimeout(this.#typing);
    this.#stopClock();
    this.session.places.delete(this);
    for (const [name, listener] of this.#listeners()) this.root.removeEventListener(name, listener);
  }

  /** @returns {[string, (event: any) => void][]} */
  #listeners() {
    return [
      ["input", this.#typed],
      ["change", this.#chose],
      ["click", this.#pressed],
      ["submit", this.#submitted],
    ];
  }

  /** @param {string} [words] why it is shown anew */
  async reload(words = "") {
    try {
      this.root.replaceChildren(await this.#part());
      typesetPart(this.root);
      this.#show();
    } catch (error) {
      words = wordsOf(error);
    }
    if (words) this.root.prepend(h("p", { class: "notice warning", role: "alert" }, words));
  }

  /** The quiz as the server shows it now. */
  #part() {
    return fetchPart(`${this.session.address}part/`, { only: this.only, nonce: this.session.nonce });
  }

  #show() {
    this.#stopClock();
    this.form = formIn(this.root);
    if (!this.form) return;
    this.session.adopt(this.form);
    for (const question of this.questions) {
      this.session.outbox.saw(question.dataset.question ?? "", Number(question.dataset.version));
    }
    this.#restore();
    const clock = /** @type {HTMLElement | null} */ (this.root.querySelector("[data-clock]"));
    const seconds = this.form.dataset.secondsLeft;
    if (clock && seconds) this.#stopClock = mountClock(clock, Number(seconds), () => this.#timeIsUp());
    this.#count();
    if (this.#state) this.showState(/** @type {State} */ (this.#state));
  }

  /** What could not be sent when the page was open last. */
  #restore() {
    const { waiting } = this.session.outbox;
    for (const question of this.questions) {
      const one = waiting.get(question.dataset.question ?? "");
      if (one && !("locked" in question.dataset)) this.#write(question, one.answer);
    }
    if (waiting.size > 0) this.session.outbox.flush();
  }

  /** @returns {HTMLElement[]} */
  get questions() {
    return [...this.root.querySelectorAll(/** @type {any} */ ("[data-question]"))];
  }

  // Answering ------------------------------------------------------------------------------------------------------

  /** @param {Event} event */
  #typed = ({ target }) => {
    const field = /** @type {HTMLElement} */ (target);
    if (!field.matches("input[type=text]")) return;
    this.#keep(questionOf(field));
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.session.outbox.flush(), TYPING);
  };

  /** @param {Event} event */
  #chose = ({ target }) => {
    const field = /** @type {HTMLElement} */ (target);
    const question = questionOf(field);
    if (!question) return;
    // What is typed is kept at every key. The "change" comes late: also when the page takes the field away, to show what
    // is kept instead.
    if (!field.matches("input[type=text]")) {
      if (field.closest("[data-ordering]")) moveItem(question, field);
      this.#keep(question);
    }
    this.session.outbox.flush();
  };

  /** @param {MouseEvent} event */
  #pressed = (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    const question = button && questionOf(button);
    if (!button || !question) return;
    if (button.dataset.move && moveItem(question, button)) {
      this.#keep(question);
      this.session.outbox.flush();
    }
    if ("check" in button.dataset) {
      event.preventDefault();
      this.#check(question);
    }
  };

  /** @param {HTMLElement | null} question */
  #keep(question) {
    if (!question || "locked" in question.dataset) return;
    const answer = readAnswer(question);
    question.toggleAttribute("data-answered", isAnswered(answer));
    question.querySelector("[data-told]")?.remove();
    this.session.put(question.dataset.question ?? "", answer);
    this.#count();
    this.#showTwins(question, answer);
  }

  /**
   * The same question elsewhere on the page.
   * @param {HTMLElement} question
   * @param {import("./answers.js").Answer} answer
   */
  #showTwins(question, answer) {
    for (const place of this.session.places) {
      if (place !== this && place instanceof Shell) {
        const twin = place.questions.find((one) => one.dataset.question === question.dataset.question);
        if (twin) place.#write(twin, answer);
      }
    }
  }

  /**
   * @param {HTMLElement} question
   * @param {import("./answers.js").Answer} answer
   */
  #write(question, answer) {
    writeAnswer(question, answer);
    question.toggleAttribute("data-answered", isAnswered(answer));
    this.#count();
  }

  /** @param {HTMLElement} question */
  async #check(question) {
    const name = question.dataset.question ?? "";
    const missing = missingIn(question);
    if (missing) return this.showRefused(name, missing);
    this.#keep(question);
    try {
      if (!(await this.session.outbox.flush())) {
        return this.showRefused(name, AWAY.check);
      }
      if (question.isConnected) await this.session.check(name);
      for (const place of this.session.places) if (place instanceof Shell) await place.#renew(name);
      const told = /** @type {HTMLElement | null} */ (this.#question(name)?.querySelector("[data-feedback]"));
      told?.focus();
      announce(told?.querySelector(".verdict")?.textContent?.replace(/\s+/g, " ") ?? "");
    } catch (error) {
      this.showRefused(name, wordsOf(error));
    }
  }

  /** @param {string} name */
  #question(name) {
    return this.questions.find((question) => question.dataset.question === name);
  }

  /**
   * One question as the server shows it now.
   * @param {string} name
   */
  async #renew(name) {
    const old = this.#question(name);
    if (!old) return;
    const part = await this.#part();
    const fresh = /** @type {HTMLElement | null} */ (part.querySelector(`[data-question="${name}"]`));
    if (!fresh) return this.reload();
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(fresh);
    if (hadFocus) firstField(fresh)?.focus();
    typesetPart(fresh);
    this.session.outbox.saw(name, Number(fresh.dataset.version));
    this.#count();
  }

  // What the outbox tells ------------------------------------------------------------------------------------------

  /** @param {State} state */
  showState(state) {
    const line = this.root.querySelector("[data-save-state]");
    if (line) {
      line.textContent = STATES[state];
      line.className = state;
    }
    if (state === "offline" && this.#state !== "offline") announce(STATES.offline);
    if (state === "saved" && this.#state === "offline") this.#isBack();
    if (state !== "saving" || this.#state !== "offline") this.#state = state;
  }

  #isBack() {
    announce("You are back. Your answers are saved.");
    for (const told of this.root.querySelectorAll("[data-told]")) {
      if (Object.values(AWAY).includes(told.textContent ?? "")) told.remove();
    }
  }

  /**
   * @param {string} name
   * @param {string} words
   */
  async showKept(name, words) {
    if (!this.#question(name)) return;
    await this.#renew(name).catch(() => {});
    this.session.outbox.drop(name); // typed meanwhile, without knowing
    this.showRefused(name, words);
  }

  /**
   * @param {string} name
   * @param {string} words
   */
  showRefused(name, words) {
    const question = this.#question(name);
    question?.querySelector("[data-told]")?.remove();
    question?.append(h("p", { class: "notice warning", role: "alert", dataset: { told: "" } }, words));
  }

  #count() {
    const line = this.root.querySelector("[data-count]");
    const all = this.questions;
    const done = all.filter((question) => "answered" in question.dataset).length;
    if (line) line.textContent = `${done} of ${all.length} answered`;
  }

  // Beginning and submitting ---------------------------------------------------------------------------------------

  /** @param {SubmitEvent} event */
  #submitted = (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    event.preventDefault();
    if (form !== this.form) return this.#start(form);
    if (event.submitter && "submit" in event.submitter.dataset) return this.#submit();
    return this.session.outbox.flush();
  };

  /** @param {HTMLFormElement} form */
  async #start(form) {
    try {
      await request(form.dataset.start ?? "", { method: "POST", body: {} });
      await this.reload();
      firstField(this.questions[0])?.focus();
    } catch (error) {
      this.root.prepend(h("p", { class: "notice error", role: "alert" }, wordsOf(error)));
    }
  }

  async #submit() {
    const left = this.questions.filter((question) => !("answered" in question.dataset));
    const partly = this.questions.filter((question) => "answered" in question.dataset && isOpen(question));
    if (!(await confirmSubmit(left, partly))) return;
    try {
      if (!(await this.session.outbox.flush())) {
        throw new ApiError("offline", AWAY.submit);
      }
      await this.#handIn();
    } catch (error) {
      const end = this.root.querySelector(".quiz-end");
      end?.querySelector("[data-told]")?.remove();
      end?.append(h("p", { class: "notice error", role: "alert", dataset: { told: "" } }, wordsOf(error)));
    }
  }

  async #handIn() {
    const results = this.form?.dataset.results ?? "";
    await this.session.submit();
    this.root.dispatchEvent(new CustomEvent("quiz:submitted", { bubbles: true }));
    if (!this.root.closest("article")) {
      location.replace(results); // nothing is left to go back to
      return;
    }
    for (const place of this.session.places) await place.reload();
    announce("Submitted.");
    this.root.querySelector("a")?.focus();
  }

  async #timeIsUp() {
    announce("The time is up. Your answers are submitted.");
    await this.session.outbox.flush();
    await this.#handIn().catch((error) => this.reload(wordsOf(error)));
  }
}

/** @param {Element} element @returns {HTMLElement | null} */
function questionOf(element) {
  return element.closest("[data-question]");
}

/** @param {HTMLElement} question */
const isOpen = (question) => !("locked" in question.dataset) && hasGaps(question);

/**
 * Why an answer cannot be checked yet; empty: it can.
 * @param {HTMLElement} question
 */
function missingIn(question) {
  const answer = readAnswer(question);
  // Three items and more never stand in the right order to begin with (arrangement.py); of two it may be meant.
  const untouched = !("answered" in question.dataset) && itemsOf(question).length > 2;
  if (untouched) return "Put them in order first.";
  if (!isAnswered(answer)) return "Answer the question first.";
  const isNumber = question.dataset.type !== "numeric" || /\d/.test(String(answer));
  return isNumber ? "" : "Type a number, such as 0.45.";
}

/** @param {unknown} error */
function wordsOf(error) {
  if (!(error instanceof ApiError)) throw error;
  return error.message;
}
