// @ts-check
/* One quiz on a page: its attempt, and the answers on their way. Every place that shows some of it shares this. */

import { ApiError, request } from "../api.js";
import { browserStorage } from "../editor/backup.js";
import { Outbox } from "./outbox.js";
import { fetchPart } from "./part.js";

/** @import { Answer } from "./answers.js" */
/** @import { State } from "./outbox.js" */

/**
 * @typedef {object} Place somewhere that shows questions of the quiz
 * @property {(state: State) => void} showState
 * @property {(question: string, words: string) => Promise<void>} showKept shows what the server has, and why
 * @property {(question: string, words: string) => void} showRefused
 * @property {(words?: string) => Promise<void>} reload
 */

/** @type {Map<string, Session>} */
const sessions = new Map();

/** @param {string} address of the quiz's page */
export function sessionOf(address) {
  const found = sessions.get(address) ?? new Session(address);
  sessions.set(address, found);
  return found;
}

class Session {
  /** @type {Set<Place>} */
  places = new Set();
  /** The API's address of the attempt; empty as long as there is none. */
  attempt = "";
  #arranged = "";
  #start = "";
  /** @type {Promise<void> | null} */
  #beginning = null;
  #active = performance.now(); // when something was done last

  /** @param {string} address */
  constructor(address) {
    this.address = address;
    this.storage = browserStorage();
    // What was answered before there was an attempt belongs to the questions as they were shown then.
    this.nonce = this.#keptNonce() ?? newNonce();
    this.outbox = this.#newOutbox(this.#placeOfNonce());
    addEventListener("online", () => this.outbox.flush());
    document.addEventListener("visibilitychange", () => {
      this.#active = performance.now();
    });
  }

  /** @param {HTMLFormElement} form as the server has rendered it */
  adopt(form) {
    const { attempt = "", arranged = "", nonce = "", start = "" } = form.dataset;
    this.#start = start;
    this.#arranged = arranged;
    if (attempt && attempt !== this.attempt) this.#took(attempt);
    else if (!attempt && !this.attempt && nonce !== this.nonce) {
      this.nonce = nonce; // the page itself has chosen one
      this.outbox = this.#newOutbox(this.#placeOfNonce());
    }
  }

  /**
   * @param {string} question
   * @param {Answer} answer
   */
  put(question, answer) {
    const now = performance.now();
    this.outbox.put(question, answer, Math.round((now - this.#active) / 100) / 10);
    this.#active = now;
    if (!this.attempt) keep(this.storage, this.#nameOfNonce(), this.nonce);
  }

  /** @param {string} question */
  async check(question) {
    await request(`${this.attempt}answers/${question}/check/`, { method: "POST" });
  }

  async submit() {
    await this.begin();
    await request(`${this.attempt}submit/`, { method: "POST" });
    this.outbox.clear();
    this.attempt = "";
    this.nonce = newNonce();
  }

  /** Sees to it that there is an attempt. */
  async begin() {
    if (this.attempt) return;
    this.#beginning ??= this.#begin().finally(() => {
      this.#beginning = null;
    });
    await this.#beginning;
  }

  async #begin() {
    await request(this.#start, { method: "POST", body: { nonce: this.nonce } });
    const form = formIn(await fetchPart(`${this.address}part/`));
    if (!form?.dataset.attempt) throw new ApiError("attempt_over", "This quiz cannot be taken now.", { status: 409 });
    const same = form.dataset.arranged === this.#arranged;
    this.#took(form.dataset.attempt, same);
    if (same) return;
    // Begun in another tab or on another device: the questions stand there in another order, with other numbers.
    const words = "You have begun this quiz in another tab or on another device. Here it is as you left it there.";
    throw new ApiError("attempt_over", words, { status: 409 });
  }

  /**
   * @param {string} attempt
   * @param {boolean} mine whether what waits was given to its questions
   */
  #took(attempt, mine = true) {
    const begun = this.#beginning !== null;
    this.attempt = attempt;
    drop(this.storage, this.#nameOfNonce());
    if (begun && mine) this.outbox.moveTo(`quiz.${attempt}`);
    else if (!begun) this.outbox = this.#newOutbox(`quiz.${attempt}`);
  }

  /** @param {string} place */
  #newOutbox(place) {
    /** @param {(place: Place) => unknown} tell */
    const all = (tell) => this.places.forEach(tell);
    return new Outbox({
      storage: this.storage,
      place,
      send: async (question, waiting) => {
        await this.begin();
        return await request(`${this.attempt}answers/${question}/`, { method: "PUT", body: waiting });
      },
      onState: (state) => all((one) => one.showState(state)),
      onKept: (question, { message }) => all((one) => one.showKept(question, message)),
      onRefused: (question, { message }) => all((one) => one.showRefused(question, message)),
      onOver: ({ message }, lost) => all((one) => one.reload(`${message} ${notCounted(lost)}`)),
    });
  }

  #nameOfNonce() {
    return `quiz.${this.address}`;
  }

  #placeOfNonce() {
    return `quiz.${this.address}.${this.nonce}`;
  }

  #keptNonce() {
    try {
      return this.storage?.getItem(this.#nameOfNonce()) ?? null;
    } catch {
      return null; // forbidden
    }
  }
}

/** @param {ParentNode} part @returns {HTMLFormElement | null} */
export const formIn = (part) => part.querySelector("form[data-answering]");

/** @param {number} lost how many answers */
const notCounted = (lost) =>
  lost === 1 ? "One answer from this page does not count." : `${lost} answers from this page do not count.`;

function newNonce() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {Storage | null} storage @param {string} name @param {string} value */
function keep(storage, name, value) {
  try {
    storage?.setItem(name, value);
  } catch {
    // full or forbidden
  }
}

/** @param {Storage | null} storage @param {string} name */
function drop(storage, name) {
  try {
    storage?.removeItem(name);
  } catch {
    // forbidden
  }
}
