// @ts-check
/* The last word before a quiz is submitted: which questions are still without an answer. */

import { h } from "../dom.js";

/**
 * @param {HTMLElement[]} left the questions without an answer
 * @returns {Promise<boolean>} whether to submit
 */
export function confirmSubmit(left) {
  const names = left.map((question) => question.querySelector(".question-number")?.textContent ?? "");
  const words = left.length === 0 ? "All questions are answered." : `Not answered yet: ${names.join(", ")}.`;
  const dialog = h(
    "dialog",
    { class: "quiz-dialog", "aria-labelledby": "submit-title" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "submit-title" }, "Submit your answers?"),
      h("p", {}, words),
      h("p", { class: "hint" }, "After that they cannot be changed."),
      h(
        "div",
        { class: "form-actions" },
        h("button", { class: "primary", value: "yes" }, "Submit"),
        h("button", { value: "" }, "Go back"),
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      const first = /** @type {HTMLElement | null | undefined} */ (
        left[0]?.querySelector(".question-answer :is(input, select)")
      );
      if (dialog.returnValue !== "yes") first?.focus();
      resolve(dialog.returnValue === "yes");
    });
  });
}
