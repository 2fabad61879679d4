// @ts-check
/* A visitor's earlier trainings, whose curves can be laid over the one in the picture. */

import { h } from "./dom.js";
import { sameCurve } from "./training-run.js";

/** @typedef {{id: string, created: string, params: Record<string, any>, result: Record<string, any>}} PastRun */

const OVERLAID = 4;
const SHOWN = 8;

/**
 * @param {HTMLElement} root
 * @param {any} stream
 * @param {object} options
 * @param {string} options.about which runs these are, and what stands behind each
 * @param {(run: PastRun) => boolean} [options.comparable] to the one in the picture
 * @param {(run: PastRun) => string} options.nameOf
 * @param {(run: PastRun) => string} options.scoreOf
 * @param {() => void} options.onChange other curves are to be drawn
 */
export function createPastRuns(root, stream, { about, comparable = () => true, nameOf, scoreOf, onChange }) {
  const element = h("div", { class: "past-runs", hidden: true });
  root.append(element);
  /** @type {PastRun[]} */
  let past = [];
  let mounted = true;
  const overlaid = new Set((stream.url.get("with") ?? "").split(",").filter(Boolean));

  function others() {
    return past.filter((run) => comparable(run) && !sameCurve(run.result.curve, stream.result?.curve ?? []));
  }

  function show() {
    const runs = others().slice(0, SHOWN);
    element.hidden = runs.length === 0;
    const boxes = runs.map((run) => {
      const box = h("input", { type: "checkbox" });
      box.checked = overlaid.has(run.id);
      box.addEventListener("change", () => lay(run.id, box.checked));
      return { id: run.id, box, words: `${nameOf(run)} (${scoreOf(run)})` };
    });

    /** @param {string} id @param {boolean} over */
    function lay(id, over) {
      if (over) overlaid.add(id);
      else overlaid.delete(id);
      while (overlaid.size > OVERLAID) overlaid.delete([...overlaid][0]);
      stream.url.set("with", [...overlaid].join(",") || null);
      for (const each of boxes) each.box.checked = overlaid.has(each.id);
      onChange();
    }

    element.replaceChildren(
      h("p", {}, `${about}; lay up to ${OVERLAID} over the curve`),
      ...boxes.map(({ box, words }) => h("label", { class: "check" }, box, words)),
    );
  }

  return {
    show,
    /** Asks for them anew: another may have ended. */
    async find() {
      try {
        past = (await stream.runs()).filter((/** @type {PastRun} */ { result }) => Array.isArray(result.curve));
      } catch {
        past = []; // without them there is nothing to lay over, and the rest is as good
      }
      if (!mounted) return;
      show();
      onChange();
    },
    /** Those that are laid over the curve. */
    chosen: () => others().filter(({ id }) => overlaid.has(id)),
    destroy() {
      mounted = false;
      element.remove();
    },
  };
}
