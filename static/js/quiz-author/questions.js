// @ts-check
/* The page of a lesson's questions: their text becomes a CodeMirror with marks at what is wrong. */

import { mountProblems } from "../editor/problems.js";
import { mountText } from "../editor/text-field.js";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const textarea = /** @type {HTMLTextAreaElement} */ (byId("quiz-text"));
const text = mountText(textarea, { language: "yaml", label: "Questions (quiz.yaml)", onChange() {} });
const lines = /** @type {HTMLElement[]} */ ([...byId("problem-lines").children]);

mountProblems({ list: byId("problems"), none: byId("no-problems"), text, onGo() {} }).show(
  lines.map((line) => ({ line: Number(line.dataset.line), message: line.textContent ?? "" })),
);
document.documentElement.dataset.mounted = "";
