// @ts-check
/* Saving and publishing: a save goes on top of the revision it was written on, or it is a conflict that the author
 * settles. Nothing is overwritten, and what is typed is kept in this browser until it is saved. */

import { ApiError, request } from "../api.js";
import { announce } from "../live.js";
import { settleConflict } from "./dialogs.js";
import { sameValues } from "./fields.js";

/** @import { Values } from "./fields.js" */

const SIGNED_OUT = "You are signed out. Your text is kept in this browser: reload the page, sign in, and take it back.";

const NOT_TAKEN =
  "The server does not take this from here any more: you have signed in again in another tab, or are no instructor now. Your text is kept in this browser: reload the page, and take it back.";

/**
 * What an author is told. A refusal that says nothing of itself (403 without a code of its own) is that of a page which
 * was open for too long, or of somebody whose role was taken away; whoever is signed out is told so by send().
 * @param {ApiError} error
 */
export function wordsOf(error) {
  return error.status === 403 && error.code === "server" ? NOT_TAKEN : error.message;
}

export class Saving {
  #busy = false;

  /**
   * @param {object} options
   * @param {{save: string, publish: string}} options.addresses
   * @param {number} options.base the revision that is written on
   * @param {ReturnType<typeof import("./fields.js").fieldsOf>} options.fields
   * @param {HTMLInputElement} options.message what was changed, in the author's words
   * @param {ReturnType<typeof import("./backup.js").backupOf>} options.backup
   * @param {ReturnType<typeof import("./notices.js").noticesIn>} options.notices
   * @param {(answer: {revision: number, state: string}) => void} options.onState
   * @param {(problems: {line: number, message: string}[]) => void} options.onProblems
   * @param {(line: number) => void} options.goTo
   * @param {() => void} options.onChange what is dirty may have changed
   */
  constructor({ addresses, base, fields, message, backup, notices, onState, onProblems, goTo, onChange }) {
    this.addresses = addresses;
    this.base = base;
    this.fields = fields;
    this.message = message;
    this.backup = backup;
    this.notices = notices;
    this.onState = onState;
    this.onProblems = onProblems;
    this.goTo = goTo;
    this.onChange = onChange;
    this.saved = fields.read();
  }

  get isDirty() {
    return !sameValues(this.fields.read(), this.saved);
  }

  get isBusy() {
    return this.#busy;
  }

  /** Something was typed. */
  typed() {
    if (this.isDirty) this.backup.keep("typed", this.base, this.fields.read());
    else this.backup.dropOwn("typed");
    this.onChange();
  }

  /** @returns {Promise<boolean>} whether everything is saved now */
  async save() {
    if (this.#busy) return false;
    this.notices.hide("save");
    const values = this.fields.read();
    try {
      this.#busy = true;
      this.onChange();
      const body = { ...values, message: this.message.value, base: this.base };
      const answer = await send(this.addresses.save, body);
      this.#took(answer, values);
      this.message.value = "";
      announce("Saved.");
      return true;
    } catch (error) {
      this.#busy = false;
      return await this.#refused(error, values);
    } finally {
      this.#busy = false;
      this.onChange();
    }
  }

  /** Publishes what is written; it is saved first. */
  async publish() {
    if (this.isDirty && !(await this.save())) return;
    this.notices.hide("save");
    try {
      this.onState(await send(this.addresses.publish, { base: this.base }));
      announce("Published. Students read this now.");
    } catch (error) {
      await this.#refused(error, this.fields.read());
    }
  }

  /** @param {{revision: number, state: string}} answer @param {Values} values */
  #took(answer, values) {
    this.base = answer.revision;
    this.saved = values;
    this.fields.mark({});
    this.onState(answer);
    if (this.isDirty) this.typed();
    else this.backup.dropOwn("typed");
  }

  /**
   * @param {unknown} error
   * @param {Values} values
   * @returns {Promise<boolean>} whether it is settled and everything is saved
   */
  async #refused(error, values) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === "edit_conflict") return await this.#settle(error, values);
    this.fields.mark(error.fields);
    const problems = error.answer?.problems;
    if (problems) this.onProblems(problems);
    const actions = problems?.length ? [{ label: "Go to the first", run: () => this.goTo(problems[0].line) }] : [];
    this.notices.show(problems?.length ? "refused" : "save", "error", [wordsOf(error)], actions);
    return false;
  }

  /** @param {ApiError} error @param {Values} mine */
  async #settle({ message, answer }, mine) {
    if (!answer.head) {
      // Publishing tells no difference: saving does, and asks.
      this.notices.show("save", "error", [message], [{ label: "Compare", run: () => this.save() }]);
      return false;
    }
    const { head, diff } = answer;
    const choice = await settleConflict(head, diff);
    if (choice === "mine") {
      this.base = head.number;
      return await this.save();
    }
    if (choice === "theirs") {
      this.backup.keep("aside", this.base, mine);
      this.base = head.number;
      this.saved = head;
      this.fields.write(head);
      this.onState(answer);
      this.offer("aside");
    } else this.notices.show("save", "warning", ["Not saved yet. Save again to decide."]);
    return false;
  }

  /**
   * Says that there is a text in this browser that was not saved, and gives it back.
   * @param {"typed" | "aside"} place
   */
  offer(place) {
    const draft = this.backup.read(place);
    if (!draft) return;
    if (sameValues(draft.values, this.fields.read())) {
      this.backup.drop(place);
      return;
    }
    const when = new Date(draft.at).toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
    this.notices.show(
      place,
      "info",
      [`A text of yours from ${when} was not saved. It is kept in this browser.`],
      [
        {
          label: "Take it back",
          run: () => {
            const now = this.fields.read();
            this.fields.write(draft.values);
            this.base = draft.base; // so that saving tells what came in between
            this.backup.drop(place);
            if (place === "aside" && !sameValues(now, this.saved)) this.backup.keep("aside", this.base, now);
            this.typed();
          },
        },
        { label: "Throw it away", run: () => this.backup.drop(place) },
      ],
    );
  }
}

/**
 * @param {string} address
 * @param {object} body
 */
async function send(address, body) {
  const answer = await request(address, { method: "POST", body });
  // Whoever is signed out is sent to the sign-in, which is a page and no answer.
  if (!answer) throw new ApiError("signed_out", SIGNED_OUT, { status: 403 });
  return answer;
}
