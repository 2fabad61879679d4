// @ts-check
/*
 * Answers on their way to the server. Each is kept in this browser until the server has it, so that neither a lost
 * connection nor a closed page costs one; of several to one question the last is sent.
 */

/** @import { Answer } from "./answers.js" */

/** @typedef {{answer: Answer, version: number, seconds: number}} Waiting version: what the page saw last */
/** @typedef {"saved" | "saving" | "offline"} State */
/** @typedef {{code: string, status: number, message: string, answer?: any}} Refusal an ApiError */

/**
 * @typedef {object} Options
 * @property {Pick<Storage, "getItem" | "setItem" | "removeItem"> | null} storage
 * @property {string} place what it is kept under
 * @property {(question: string, waiting: Waiting) => Promise<{version: number}>} send
 * @property {(state: State) => void} onState
 * @property {(question: string, refusal: Refusal) => void} onKept another answer is kept already
 * @property {(question: string, refusal: Refusal) => void} onRefused the answer is none, or may not be given
 * @property {(refusal: Refusal, lost: number) => void} onOver no answer is taken any more, and so many are lost
 * @property {(run: () => void, milliseconds: number) => unknown} [later]
 */

const PAUSES = [2_000, 4_000, 8_000, 15_000]; // milliseconds between tries
const KEPT = new Set(["stale_answer", "answer_checked"]);

export class Outbox {
  /** @type {Map<string, Waiting>} */
  #waiting = new Map();
  /** What the server has, as far as this page knows. @type {Map<string, number>} */
  #versions = new Map();
  /** @type {Promise<void> | null} */
  #sending = null;
  #tries = 0;
  #planned = false;

  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    this.later = options.later ?? ((run, milliseconds) => setTimeout(run, milliseconds));
    this.#waiting = this.#read();
  }

  get isEmpty() {
    return this.#waiting.size === 0;
  }

  /** What was not sent, by question. */
  get waiting() {
    return new Map(this.#waiting);
  }

  /**
   * The page shows this version of an answer.
   * @param {string} question
   * @param {number} version
   */
  saw(question, version) {
    this.#versions.set(question, version);
  }

  /**
   * Keep an answer; `flush` sends it.
   * @param {string} question
   * @param {Answer} answer
   * @param {number} seconds how long it took
   */
  put(question, answer, seconds = 0) {
    const earlier = this.#waiting.get(question);
    const version = earlier?.version ?? this.#versions.get(question) ?? 0;
    this.#waiting.set(question, { answer, version, seconds: seconds + (earlier?.seconds ?? 0) });
    this.#write();
  }

  /**
   * Send what waits, one after the other.
   * @returns {Promise<boolean>} whether the server has everything now
   */
  async flush() {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null;
    });
    await this.#sending;
    return this.isEmpty;
  }

  /**
   * Keep it under another name from now on.
   * @param {string} place
   */
  moveTo(place) {
    const earlier = this.options.place;
    if (earlier === place) return;
    this.options.place = place;
    for (const [question, waiting] of this.#read())
      if (!this.#waiting.has(question)) this.#waiting.set(question, waiting);
    this.#write();
    remove(this.options.storage, earlier);
  }

  /**
   * Do not send what waits for this question.
   * @param {string} question
   */
  drop(question) {
    this.#waiting.delete(question);
    this.#write();
  }

  clear() {
    this.#waiting.clear();
    this.#write();
  }

  async #sendAll() {
    while (this.#waiting.size > 0) {
      const [question, waiting] = /** @type {[string, Waiting]} */ (this.#waiting.entries().next().value);
      this.options.onState("saving");
      try {
        const { version } = await this.options.send(question, waiting);
        this.#tries = 0;
        this.#done(question, waiting, version);
      } catch (error) {
        const refusal = /** @type {Refusal} */ (error);
        if (typeof refusal.code !== "string") throw error;
        if (!this.#settle(question, waiting, refusal)) return this.#tryLater();
      }
    }
    this.options.onState("saved");
  }

  /**
   * @param {string} question
   * @param {Waiting} waiting
   * @param {number} version
   */
  #done(question, waiting, version) {
    this.#versions.set(question, version);
    const now = this.#waiting.get(question);
    if (now === waiting) this.#waiting.delete(question);
    // Changed while it was on its way: what was sent in between is what it follows.
    else if (now) this.#waiting.set(question, { ...now, version, seconds: now.seconds - waiting.seconds });
    this.#write();
  }

  /**
   * @param {string} question
   * @param {Waiting} waiting
   * @param {Refusal} refusal
   * @returns {boolean} false: it is to be tried again
   */
  #settle(question, waiting, refusal) {
    const { code, status } = refusal;
    if (status === 0 || status === 429 || status >= 500) return false;
    if (code === "attempt_over" || status === 404) {
      const lost = this.#waiting.size;
      this.clear();
      this.options.onOver(refusal, lost);
    } else if (KEPT.has(code)) {
      this.#done(question, this.#waiting.get(question) ?? waiting, refusal.answer?.error?.kept?.version ?? 0);
      this.options.onKept(question, refusal);
    } else {
      this.drop(question);
      this.options.onRefused(question, refusal);
    }
    return true;
  }

  #tryLater() {
    this.options.onState("offline");
    if (this.#planned) return;
    this.#planned = true;
    const pause = PAUSES[Math.min(this.#tries, PAUSES.length - 1)];
    this.#tries += 1;
    this.later(() => {
      this.#planned = false;
      this.flush();
    }, pause);
  }

  /** @returns {Map<string, Waiting>} */
  #read() {
    try {
      const kept = JSON.parse(this.options.storage?.getItem(this.options.place) ?? "{}");
      const whole = Object.entries(kept ?? {}).filter(([, one]) => one && typeof one === "object" && "answer" in one);
      return new Map(
        whole.map(([question, { answer, version = 0, seconds = 0 }]) => [question, { answer, version, seconds }]),
      );
    } catch {
      return new Map(); // storage is forbidden, or holds something else
    }
  }

  #write() {
    const { storage, place } = this.options;
    if (this.isEmpty) return remove(storage, place);
    try {
      storage?.setItem(place, JSON.stringify(Object.fromEntries(this.#waiting)));
    } catch {
      // full or forbidden: they are sent from memory
    }
  }
}

/**
 * @param {Options["storage"]} storage
 * @param {string} place
 */
function remove(storage, place) {
  try {
    storage?.removeItem(place);
  } catch {
    // forbidden: then nothing is there
  }
}
