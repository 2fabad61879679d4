// @ts-check
/* The last word before a quiz is submitted: which questions are still without an answer. */

import { h } from "../dom.js";
import { firstField } from "./answers.js";

/**
 * @param {HTMLElement[]} left the questions without an answer
 * @param {HTMLElement[]} partly those that are answered in part
 * @returns {Promise<boolean>} whether to submit
 */
export function confirmSubmit(left, partly) {
  const words = [
    left.length > 0 && `Not answered yet: ${names(left)}.`,
    partly.length > 0 && `Not filled in completely: ${names(partly)}.`,
  ].filter((line) => line !== false);
  const dialog = h(
    "dialog",
    { class: "quiz-dialog", "aria-labelledby": "submit-title" },
    h(
      "form",
      { method: "dialog" },
      h("h2", { id: "submit-title" }, "Submit your answers?"),
      ...(words.length > 0 ? words : ["All questions are answered."]).map((line) => h("p", {}, line)),
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
      if (dialog.returnValue !== "yes") firstField([...left, ...partly][0])?.focus();
      resolve(dialog.returnValue === "yes");
    });
  });
}

/** @param {HTMLElement[]} questions */
function names(questions) {
  return questions.map((question) => question.querySelector(".question-number")?.textContent ?? "").join(", ");
}
