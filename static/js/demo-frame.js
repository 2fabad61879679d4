// @ts-check
/*
 * The frame around a demo: recorded → queued → running → done. It is never empty: it opens on a recorded run, and the
 * picture stays until the first word of the next run has come.
 *
 * The demo's own view (`mount(root, stream)`, in its lesson's static folder) draws; the frame asks, follows, stops and
 * shares, and keeps everything in the URL.
 */

import { ApiError, activeJob, actOnJob, answeredJobs, getJob, submitJob } from "./api.js";
import { copy } from "./clipboard.js";
import { loadSample, loadView } from "./demo-files.js";
import { FrameView } from "./frame-view.js";
import { followJob } from "./job-stream.js";
import { announce } from "./live.js";
import { ParamsForm } from "./params-form.js";
import { searchOfRun, urlOfDemo, valuesOfUrl, valuesToUrl } from "./params-url.js";
import { Picture, saysNothing } from "./picture.js";
import { RunState } from "./run-state.js";
import { isShown, sameValue } from "./schema.js";
import { currentUrl, urlState } from "./url-state.js";
import * as words from "./words.js";

/** @import { JobRow } from "./api.js" */
/** @import { RunEvent } from "./run-state.js" */
/** @import { Field } from "./schema.js" */

const TYPING_PAUSE = 120;
const AROUND_RESULT = new Set(["started", "progress", "log", "result"]);

/**
 * @param {HTMLElement} root a `.demo` as templates/components/demo.html writes it
 * @param {{prefix?: string}} options prefix: of this frame's state in the URL
 * @returns {() => void} destroy
 */
export function mount(root, { prefix = root.dataset.demo ?? "" } = {}) {
  const frame = new DemoFrame(root, prefix);
  frame.open();
  return () => frame.destroy();
}

class DemoFrame {
  /**
   * @param {HTMLElement} root
   * @param {string} prefix
   */
  constructor(root, prefix) {
    this.root = root;
    this.demo = JSON.parse(root.querySelector("script[type='application/json']")?.textContent ?? "{}");
    this.share = root.dataset.share ?? "";
    this.prefix = prefix;
    this.url = urlState(prefix);
    this.form = new ParamsForm(this.demo.params, {
      id: `${prefix}-param`,
      demo: this.demo.slug,
      onInput: (field) => this.#changed(field),
    });
    this.view = new FrameView(root, this.demo, this.form, {
      run: () => this.#pressRun(),
      stop: () => this.stop(),
      proceed: () => this.proceed(),
      share: () => this.shareRun(),
      preset: (name) => this.#choosePreset(name),
    });

    this.picture = new Picture(this.form.defaults);
    /** @type {JobRow | null} the job that is followed, or was last */
    this.job = null;
    /** @type {Record<string, any>} what it was asked with */
    this.followed = {};
    /** @type {{state: RunState, close: () => void} | null} */
    this.following = null;
    /** @type {Awaited<ReturnType<typeof loadSample>>} the recorded run */
    this.sample = null;
    /** Whether the recorded run says nothing that its result does not say. */
    this.resultSaysAll = false;
    this.asked = false; // by the reader, and not by the page when it opened
    this.opensLater = false; // once the reader has predicted what will be seen
    this.busy = false; // a request to run is on its way
    this.again = false; // and the words have changed since
    this.stopping = false;
    this.stopWanted = false; // pressed before there was a job to stop
    this.said = ""; // the phase that a screen reader was told last
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.typing = undefined;
    /** @type {() => void} */
    this.unmount = () => {};

    this.held = () => this.#heldOrNot();
    root.addEventListener("demo:hold", this.held);

    const initial = this.demo.presets[root.dataset.preset ?? ""]?.params ?? {};
    this.initial = { ...this.form.defaults, ...initial };
    this.#setForm({ ...this.initial, ...valuesOfUrl(this.form.fields, this.url) });
    this.#showState("recorded");
  }

  async open() {
    const { sample: sampleUrl, view: viewUrl } = this.root.dataset;
    const [sample, module] = await Promise.all([loadSample(sampleUrl), loadView(viewUrl)]);
    this.sample = sample;
    this.#showSample();
    this.resultSaysAll = sample?.events.every((/** @type {RunEvent} */ { kind }) => AROUND_RESULT.has(kind)) ?? false;
    if (module) this.unmount = module.mount(this.view.body, this.#stream());
    else this.view.showProblem("The picture of this demo could not be loaded. Reload the page to try again.");
    this.root.dataset.mounted = "";
    this.view.showStatus(this.#recordedWords());
    await this.#findJob();
  }

  destroy() {
    clearTimeout(this.typing);
    this.following?.close();
    this.root.removeEventListener("demo:hold", this.held);
    this.unmount();
    this.view.destroy();
  }

  /** @param {{typing?: boolean, opening?: boolean}} options opening: the page asks, not the reader */
  async run({ typing = false, opening = false } = {}) {
    clearTimeout(this.typing);
    if (this.root.dataset.hold) {
      this.opensLater ||= opening;
      return this.#heldOrNot();
    }
    if (this.busy) {
      this.again = true;
      return;
    }
    if (this.view.training && this.#isActive()) return;
    if (!(typing ? this.form.isValid : this.form.check())) return;
    this.asked = !opening;
    if (this.#isFollowed()) return this.#showRun(); // typed, and then the button: one run
    if (!typing) this.#begin();
    const asked = submitJob(this.demo.slug, this.#paramsToSend(), typing ? this.job?.id : undefined);
    await this.#await(asked, this.form.values);
  }

  async stop() {
    if (this.busy) {
      this.stopWanted = true;
      return;
    }
    if (!this.job || !this.following || this.following.state.final || this.stopping) return;
    this.stopping = true;
    this.#showState("stopped"); // at once; the run's own last word follows
    this.view.showStatus(words.stopped(this.following.state.progress));
    try {
      await actOnJob(this.job.id, "stop");
    } catch (error) {
      this.stopping = false;
      this.#refused(error);
    }
  }

  async proceed() {
    if (!this.job || this.busy) return;
    this.asked = true;
    this.#begin();
    await this.#await(actOnJob(this.job.id, "continue"), { ...this.form.defaults, ...this.job.params });
  }

  async shareRun() {
    if (!this.job) return;
    try {
      const { share_url } = await actOnJob(this.job.id, "share");
      const url = new URL(share_url ?? "", location.href);
      url.search = searchOfRun(currentUrl().searchParams, this.prefix, this.demo.slug, this.form.fields).toString();
      const copied = await copy(url.href);
      this.view.showShared(url.href, copied);
      announce(copied ? "The link is copied." : "The link is selected. Copy it by hand.");
    } catch (error) {
      this.#refused(error);
    }
  }

  // What to show first ---------------------------------------------------------------------------------------------

  /** A shared run, the run that the URL names, one's own run that is still going on, or what the URL's values say. */
  async #findJob() {
    if (this.share) return this.#openShared();
    const id = this.url.get("job");
    const asked = Object.keys(valuesOfUrl(this.form.fields, this.url)).length > 0 || this.root.dataset.preset;
    if (id) {
      try {
        const job = await getJob(id);
        const values = { ...job.params, ...valuesOfUrl(this.form.fields, this.url) };
        this.#setForm(values);
        this.asked = this.view.training; // no page starts a training
        return this.#follow(job, { ...this.form.defaults, ...job.params });
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 404) return this.#refused(error);
        this.url.set("job", null); // somebody else's, or too old: its settings stand in the URL as well
        if (this.view.training) this.view.showStatus("That run is not kept any more. This is a recorded one.");
      }
    } else if (this.view.training && "signedIn" in document.body.dataset) {
      const job = await activeJob(this.demo.slug).catch(() => null);
      if (job && !this.job) {
        this.#setForm(job.params);
        this.asked = true;
        return this.#follow(job, { ...this.form.defaults, ...job.params });
      }
    }
    if (asked && !this.view.training && !this.job && !this.#isShown()) {
      await this.run({ typing: true, opening: true });
    }
  }

  async #openShared() {
    try {
      const job = await getJob(this.root.dataset.job ?? "", this.share);
      const displayed = this.form.fields.filter((field) => field.displayOnly);
      this.#setForm({ ...job.params, ...valuesOfUrl(displayed, this.url) });
      if (!job.mine) {
        this.form.lock();
        this.view.showReadOnly(urlOfDemo(this.demo.slug, this.form.fields, job.params));
      }
      this.#follow(job, this.form.values);
    } catch (error) {
      this.#refused(error);
    }
  }

  #isActive() {
    const { state } = this.root.dataset;
    return state === "queued" || state === "running";
  }

  /** Whether the picture is that of the form's values. */
  #isShown() {
    return this.#matches(this.picture.params);
  }

  /** @param {Record<string, any>} params */
  #matches(params) {
    const values = this.form.values;
    return this.form.fields.every(
      (field) => field.displayOnly || !isShown(field, values) || sameValue(values[field.name], params[field.name]),
    );
  }

  /** Whether the run that is followed answers the form's values, or is about to. */
  #isFollowed() {
    const state = this.following?.state;
    if (!this.demo.follows_typing || !state || (state.final && state.phase !== "succeeded")) return false;
    return !this.stopping && this.#matches(this.followed);
  }

  /** Something on the page keeps this demo from running (`data-hold` says why), or does so no longer. */
  #heldOrNot() {
    if (!this.root.dataset.hold && this.opensLater) {
      this.opensLater = false;
      this.run({ typing: true });
    }
    this.#showState(this.following ? this.following.state.phase : "recorded");
    this.view.showStatus(this.following ? words.status(this.following.state) : this.#recordedWords());
  }

  #recordedWords() {
    if (this.root.dataset.hold) return this.root.dataset.hold;
    if (this.picture.state.events.length === 0) return "Press Run to start.";
    if (this.#isShown()) return "A recorded run. Press Run for a live one.";
    return this.demo.follows_typing && this.picture.isComputedInPage
      ? "The server has not computed these settings yet. Press Run."
      : "A recorded run with other settings. Press Run for yours.";
  }

  // Following a job ------------------------------------------------------------------------------------------------

  #begin() {
    this.view.showProblem();
    this.view.shared.hidden = true;
    this.view.keepHeight();
    this.#showState("queued");
    this.view.showStatus(words.queued(null));
  }

  /**
   * Follow the job that was asked for, once its answer is here; then do what was pressed or typed meanwhile.
   * @param {Promise<JobRow>} asked
   * @param {Record<string, any>} params
   */
  async #await(asked, params) {
    this.busy = true;
    try {
      const job = await asked;
      this.form.clearErrors();
      this.view.showProblem();
      this.#follow(job, params);
    } catch (error) {
      this.stopWanted = false;
      this.#refused(error);
    } finally {
      this.busy = false;
    }
    if (this.stopWanted) {
      this.stopWanted = false;
      this.stop();
    }
    if (this.again) {
      this.again = false;
      this.run({ typing: true });
    }
  }

  /**
   * @param {JobRow} job
   * @param {Record<string, any>} params
   */
  #follow(job, params) {
    this.following?.close();
    this.job = job;
    this.followed = params;
    this.stopping = false;
    if (!this.share) this.url.set("job", job.id);
    if (job.state === "succeeded" && job.result && this.resultSaysAll) {
      const event = { seq: 1, attempt: 1, t: 0, kind: "result", data: { result: job.result } };
      this.following = { state: RunState.of([event]), close: () => {} };
      this.#show(params, this.following.state);
      return this.#showRun();
    }
    let pending = true;
    this.view.showStale(!(this.demo.follows_typing && this.picture.isComputedInPage));
    this.following = followJob(job, {
      share: this.share,
      onConnection: (connection) => this.view.showConnection(connection),
      onGone: () => this.#forget(),
      onEvent: (change, event, state) => {
        if (pending && !saysNothing(event)) {
          pending = false;
          this.#show(params, state);
        } else if (!pending) this.picture.tell(change, event, state);
        if (state.final) this.view.showStale(false);
        this.#showRun();
      },
    });
    this.#showRun();
  }

  /** The job that was followed is not there any more: back to the recorded run. */
  #forget() {
    const readOnly = this.job?.mine === false;
    this.job = null;
    this.following = null;
    this.stopping = false;
    this.url.set("job", null);
    this.#showSample();
    this.#showState("recorded");
    this.view.showStatus(readOnly ? "" : this.#recordedWords());
    this.view.showProblem(`This run is not there any more.${readOnly ? "" : " Press Run to start a new one."}`);
  }

  /** The frame's words, chip and buttons, as the job that is followed has them now. */
  #showRun() {
    const state = this.following?.state;
    if (!state) return;
    if (this.stopping && !state.final) return;
    this.#showState(state.phase);
    this.view.showStatus(state.phase === "failed" ? "" : words.status(state));
    if (state.phase === "running") this.view.showProgress(state.progress);
    if (state.phase === "failed") this.view.showProblem(words.status(state));
    if (state.phase === "succeeded" && this.asked && this.job?.mine !== false) {
      this.root.dataset.ran = "";
      this.root.dispatchEvent(new CustomEvent("demo:succeeded", { bubbles: true, detail: { demo: this.demo.slug } }));
    }
    if (state.phase !== this.said && !this.demo.follows_typing) announce(words.status(state));
    this.said = state.phase;
  }

  /** @param {string} state */
  #showState(state) {
    const own = this.job !== null && this.job.mine !== false;
    const final = this.following?.state.final ?? false;
    const canProceed = own && this.demo.continues && (state === "succeeded" || (state === "stopped" && final));
    this.view.showState(state, { canShare: own && !this.share, canProceed });
  }

  /** @param {unknown} error */
  #refused(error) {
    if (!(error instanceof ApiError)) throw error;
    this.#showState(this.following ? this.following.state.phase : "recorded");
    this.view.showStatus(this.following ? words.status(this.following.state) : this.#recordedWords());
    const others = this.form.showErrors(error.fields);
    if (Object.keys(error.fields).length > 0 && others.length === 0) return;
    this.view.showRefusal(error, others);
  }

  /**
   * @param {Record<string, any>} params
   * @param {RunState} state
   */
  #show(params, state) {
    this.view.showStale(false);
    this.picture.show({ ...this.form.defaults, ...params }, state);
  }

  #showSample() {
    this.view.showStale(false);
    if (this.sample) this.#show(this.sample.params, RunState.of(this.sample.events));
  }

  #stream() {
    return this.picture.stream({
      isActive: () => this.#isActive(),
      submit: (changes, { typing = false } = {}) => {
        if (this.share) return;
        this.#setForm(changes);
        this.#valuesToUrl();
        if (typing) this.#runSoon(TYPING_PAUSE);
        else this.run();
      },
      runs: async ({ most = 20 } = {}) =>
        (await answeredJobs(this.demo.slug, most)).map(({ id, created, params, result }) => ({
          id,
          created,
          params: { ...this.form.defaults, ...params },
          result: result ?? {},
        })),
      facts: (name) => this.form.facts(name),
      url: this.url,
      announce,
    });
  }

  // Settings -------------------------------------------------------------------------------------------------------

  /** @param {Field} field */
  #changed(field) {
    this.#valuesToUrl();
    this.#tellValues();
    this.view.presets.value = "";
    if (field.displayOnly) {
      this.picture.adjust({ [field.name]: this.form.values[field.name] });
    } else if (this.demo.follows_typing) {
      this.#runSoon(field.kind === "text" || field.kind === "textarea" || field.kind === "words" ? TYPING_PAUSE : 0);
    }
  }

  /** @param {number} pause in which nothing more is changed */
  #runSoon(pause) {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.run({ typing: true }), pause);
  }

  /** @param {Record<string, any>} values only those to change */
  #setForm(values) {
    this.form.set(values);
    this.#tellValues();
  }

  #tellValues() {
    if (!this.form.isValid) return;
    this.picture.setValues(this.form.values);
    this.view.showNotebook(this.#paramsToSend());
  }

  #pressRun() {
    this.run();
    if (this.form.isValid) this.view.reveal();
  }

  /** @param {string} name */
  #choosePreset(name) {
    this.#setForm({ ...this.form.defaults, ...this.demo.presets[name].params });
    this.form.clearErrors();
    this.#valuesToUrl();
    if (!this.view.training) this.run();
  }

  /** Without what does not matter here: so equal questions are equal requests. */
  #paramsToSend() {
    const values = this.form.values;
    return Object.fromEntries(
      this.form.fields.filter((field) => isShown(field, values)).map(({ name }) => [name, values[name]]),
    );
  }

  #valuesToUrl() {
    valuesToUrl(this.form.fields, this.url, this.form.values, this.initial);
  }
}
