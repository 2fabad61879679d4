// @ts-check
/* What a demo's frame looks like. demo-frame.js decides what it shows. */

import { selectAll } from "./clipboard.js";
import { h } from "./dom.js";
import { currentUrl } from "./url-state.js";
import { CHIPS, CONNECTIONS, refusal } from "./words.js";

/** @import { ApiError } from "./api.js" */
/** @import { ParamsForm } from "./params-form.js" */
/** @import { Progress } from "./run-state.js" */
/** @import { Connection } from "./job-stream.js" */

/**
 * @typedef {object} Actions
 * @property {() => void} run
 * @property {() => void} stop
 * @property {() => void} proceed goes on from the last checkpoint
 * @property {() => void} share
 * @property {(name: string) => void} preset
 */

/** @typedef {keyof typeof CHIPS | string} FrameState */

export class FrameView {
  /**
   * @param {HTMLElement} root
   * @param {any} demo the API's row
   * @param {ParamsForm} form
   * @param {Actions} actions
   */
  constructor(root, demo, form, actions) {
    this.root = root;
    this.training = demo.queue === "training";
    const head = /** @type {HTMLElement} */ (root.querySelector(".demo-head"));
    this.chip = /** @type {HTMLElement} */ (head.querySelector(".chip"));
    this.connection = h("span", { class: "demo-connection" });
    this.chip.after(this.connection);

    const names = Object.keys(demo.presets);
    this.presets = h(
      "select",
      { "aria-label": "Examples", onchange: () => this.presets.value && actions.preset(this.presets.value) },
      h("option", { value: "" }, "Examples"),
      names.map((name) => h("option", { value: name }, demo.presets[name].title)),
    );
    const menu = names.length > 0 && h("div", { class: "demo-presets" }, this.presets);
    if (menu) head.append(menu);

    this.run = h("button", { class: "primary" }, "Run");
    this.stop = h("button", { type: "button", class: "demo-stop", onclick: actions.stop }, "Stop");
    this.proceed = h("button", { type: "button", hidden: true, onclick: actions.proceed }, "Continue");
    this.share = h("button", { type: "button", class: "quiet", onclick: actions.share }, "Share");
    this.notebook = h("a", { class: "btn quiet demo-notebook" }, "Open as notebook");
    this.notebook.hidden = !root.dataset.notebook;
    this.status = h("p", { class: "demo-status" });
    this.controls = h(
      "form",
      {
        class: "demo-controls",
        novalidate: true,
        "aria-label": `Settings of ${head.querySelector(".demo-title")?.textContent ?? demo.title}`,
      },
      form.element,
      h("div", { class: "demo-actions" }, this.run, this.status, this.stop, this.proceed, this.share, this.notebook),
    );
    this.controls.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.run.ariaDisabled !== "true") actions.run();
    });

    this.problem = h("div", { class: "notice error demo-problem", role: "alert", hidden: true });
    this.progress = h("progress", { class: "bar demo-progress", max: 1, value: 0, "aria-label": "Progress" });
    this.body = h("div", { class: "demo-body" });
    this.shared = h("div", { class: "demo-shared", hidden: true });
    root.append(this.controls, this.problem, this.shared, this.progress, this.body);
  }

  /**
   * @param {FrameState} state
   * @param {{canShare: boolean, canProceed: boolean}} can
   */
  showState(state, { canShare, canProceed }) {
    const active = state === "queued" || state === "running";
    const focused = document.activeElement;
    this.root.dataset.state = state;
    this.chip.className = `chip ${state}`;
    this.chip.textContent = CHIPS[state];
    // Not `disabled`: the focus would fall off the button that was just pressed.
    this.run.ariaDisabled = String((active && this.training) || "hold" in this.root.dataset);
    this.stop.classList.toggle("shown", active);
    this.stop.ariaDisabled = String(!active);
    this.share.hidden = !canShare;
    this.proceed.hidden = !canProceed;
    // Pressed, and gone: whoever goes by keys would have to begin again at the top of the page.
    const gone = (focused === this.stop && !active) || (focused === this.proceed && !canProceed);
    if (gone) this.run.focus({ preventScroll: true });
    this.body.ariaBusy = String(active);
    if (state !== "running") this.showProgress(null);
  }

  /** @param {Progress | null} progress */
  showProgress(progress) {
    this.progress.classList.toggle("shown", progress !== null);
    if (!progress) return;
    this.progress.max = progress.total || 1;
    this.progress.value = progress.done;
  }

  /** @param {Record<string, any>} params with which the notebook opens */
  showNotebook(params) {
    this.notebook.href = `${this.root.dataset.notebook}?${new URLSearchParams({ params: JSON.stringify(params) })}`;
  }

  /** @param {string} text */
  showStatus(text) {
    this.status.textContent = text;
  }

  /** @param {...(Node | string)} content nothing: there is no problem (any more) */
  showProblem(...content) {
    this.problem.hidden = content.length === 0;
    this.problem.classList.add("error");
    this.problem.replaceChildren(...content);
  }

  /**
   * What the server refused, and what to do about it.
   * @param {ApiError} error
   * @param {string[]} others what it says about fields that are not shown
   */
  showRefusal(error, others) {
    const text = [refusal(error), ...others].join(" ");
    if (error.code !== "sign_in_needed") return this.showProblem(text);
    const { pathname, search } = currentUrl();
    const next = encodeURIComponent(`${pathname}${search}#${this.root.getAttribute("aria-labelledby")}`);
    this.showProblem(
      `${text} `,
      h("a", { href: `/accounts/signup/?next=${next}` }, "Sign up"),
      " or ",
      h("a", { href: `/accounts/login/?next=${next}` }, "sign in"),
      ": you come back to this demo.",
    );
    this.problem.classList.remove("error"); // an invitation
  }

  /** @param {Connection} connection */
  showConnection(connection) {
    this.connection.dataset.connection = connection;
    this.connection.textContent = CONNECTIONS[connection] ?? "";
  }

  /** The picture that is seen is not yet that of the run that was asked for. */
  showStale(/** @type {boolean} */ stale) {
    this.body.classList.toggle("stale", stale);
  }

  /** Where the picture is out of sight, as on a phone: shows what the run says, and the picture under it. */
  reveal() {
    if (this.body.getBoundingClientRect().top < innerHeight * 0.75) return;
    this.run.parentElement?.scrollIntoView({ block: "start" });
  }

  /** From now on the body only grows: nothing below it moves when a picture is replaced by another one. */
  keepHeight() {
    this.body.style.minHeight = `${this.body.offsetHeight}px`;
  }

  /**
   * @param {string} url
   * @param {boolean} copied
   */
  showShared(url, copied) {
    const input = h("input", { readonly: true, value: url, "aria-label": "Link to this run" });
    const words = `${copied ? "Copied." : "Copy this link by hand."} Whoever has it can see this run.`;
    this.shared.replaceChildren(h("p", {}, words), h("div", { class: "copy" }, input));
    this.shared.hidden = false;
    selectAll(input);
  }

  /** @param {string} url where the reader can run the demo */
  showReadOnly(url) {
    for (const button of [this.run, this.stop, this.proceed, this.share]) button.remove();
    this.presets.parentElement?.remove();
    this.status.after(h("a", { class: "btn", href: url }, "Run it yourself"));
  }

  destroy() {
    for (const element of [this.controls, this.problem, this.progress, this.body, this.shared, this.connection]) {
      element.remove();
    }
    this.presets.parentElement?.remove();
  }
}
