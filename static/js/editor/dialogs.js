// @ts-check
/* What the editor asks in between. Each dialog resolves with the answer, and with null where it was closed. */

import { h, newId } from "../dom.js";

/** @import { DemoMenu } from "./completions.js" */

/**
 * @template T
 * @param {string} title
 * @param {(done: (answer: T) => void) => (Node | null)[]} build what stands in it
 * @returns {Promise<T | null>}
 */
function ask(title, build) {
  return new Promise((resolve) => {
    const id = newId("dialog");
    const dialog = h("dialog", { class: "editor-dialog", "aria-labelledby": id }, h("h2", { id }, title));
    /** @type {T | null} */
    let answer = null;
    const done = (/** @type {T} */ given) => {
      answer = given;
      dialog.close();
    };
    for (const part of build(done)) if (part) dialog.append(part);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** @param {HTMLElement} inside */
const closeOf = (inside) => inside.closest("dialog")?.close();
const cancel = (label = "Cancel") =>
  h("button", { type: "button", onclick: (/** @type {any} */ event) => closeOf(event.currentTarget) }, label);

/**
 * @param {DemoMenu} menu
 * @returns {Promise<string | null>} the block
 */
export function chooseDemo(menu) {
  return ask("Which demo?", (done) => [
    h(
      "ul",
      { class: "demo-choice" },
      menu.flatMap(({ lesson, demos }) =>
        demos.map((demo) => {
          /** @param {string} preset @param {string} label */
          const button = (preset, label) =>
            h(
              "button",
              { type: "button", class: "small", onclick: () => done(`:::demo ${demo.slug}${preset && ` ${preset}`}`) },
              label,
            );
          return h(
            "li",
            {},
            h("h3", {}, demo.title),
            h("p", { class: "hint" }, `From the lesson “${lesson}”`),
            h(
              "div",
              { class: "row", role: "group", "aria-label": demo.title },
              button("", "As it opens"),
              demo.presets.map(({ name, title }) => button(name, title)),
            ),
          );
        }),
      ),
    ),
    h("div", { class: "form-actions" }, cancel()),
  ]);
}

/**
 * @param {{name: string, url: string}} picture
 * @returns {Promise<{description: string, caption: string} | null>}
 */
export function describePicture({ name, url }) {
  return ask(`Put in the picture ${name}`, (done) => {
    const description = h("input", { id: newId("say"), required: true, maxlength: 300 });
    const caption = h("input", { id: newId("say"), maxlength: 500 });
    return [
      h(
        "form",
        {
          class: "form",
          onsubmit: (/** @type {Event} */ event) => {
            event.preventDefault();
            done({ description: description.value, caption: caption.value });
          },
        },
        h("img", { src: url, alt: "", style: "max-height: 10rem" }),
        h(
          "div",
          { class: "field" },
          h("label", { for: description.id }, "What is to be seen?"),
          description,
          h("p", { class: "hint" }, "For those who cannot see it. A lesson is not published without it."),
        ),
        h(
          "div",
          { class: "field" },
          h("label", { for: caption.id }, "Caption ", h("span", { class: "optional" }, "optional")),
          caption,
        ),
        h(
          "div",
          { class: "form-actions" },
          h("button", { class: "primary" }, "Put it into the text"),
          cancel("Not now"),
        ),
      ),
    ];
  });
}

/**
 * @param {{author: string, number: number, at: string}} head
 * @param {string} diff HTML of our own server: what mine would change of theirs
 * @returns {Promise<"mine" | "theirs" | null>}
 */
export function settleConflict(head, diff) {
  return ask(`${head.author} saved this lesson in the meantime`, (done) => [
    h(
      "p",
      {},
      `Revision ${head.number}, ${head.at}. Nothing is overwritten, and yours is not saved yet. `,
      "This is what yours would change of theirs:",
    ),
    h("div", {}, ...new DOMParser().parseFromString(diff, "text/html").body.children),
    h(
      "div",
      { class: "form-actions" },
      h("button", { type: "button", class: "primary", onclick: () => done("mine") }, "Keep mine on top"),
      h("button", { type: "button", onclick: () => done("theirs") }, "Take theirs"),
      cancel("Decide later"),
    ),
    h(
      "p",
      { class: "hint" },
      "Mine on top: theirs stays in the history. Take theirs: yours is kept in this browser, and you can have it back.",
    ),
  ]);
}
