// @ts-check
/* The fields of one question (templates/quizzes/question/) as an answer of the API, and back. */

/** @typedef {number | string | null | (number | null)[] | Record<string, string>} Answer */

/**
 * @param {HTMLElement} question a `[data-question]`
 * @returns {Answer} null: nothing that could be sent
 */
export function readAnswer(question) {
  switch (question.dataset.type) {
    case "single":
    case "poll":
      return checked(question)[0] ?? null;
    case "multiple":
      return checked(question);
    case "ordering":
      return itemsOf(question).map(placeOf);
    case "matching":
      return parts(question).map(({ value }) => (value === "" ? null : Number(value)));
    case "blanks":
      return Object.fromEntries(parts(question).map(({ dataset, value }) => [dataset.part, value]));
    default:
      return typed(question)?.value ?? "";
  }
}

/**
 * @param {HTMLElement} question
 * @param {Answer} answer
 */
export function writeAnswer(question, answer) {
  const list = Array.isArray(answer) ? answer : [answer];
  switch (question.dataset.type) {
    case "single":
    case "poll":
    case "multiple":
      for (const box of boxes(question)) box.checked = list.includes(Number(box.value));
      return;
    case "ordering": {
      const items = itemsOf(question);
      items[0]?.parentElement?.append(
        ...[...items].sort((a, b) => list.indexOf(placeOf(a)) - list.indexOf(placeOf(b))),
      );
      rank(question);
      return;
    }
    case "matching":
      parts(question).forEach((select, place) => {
        select.value = String(list[place] ?? "");
      });
      return;
    case "blanks":
      for (const gap of parts(question)) gap.value = /** @type {any} */ (answer)?.[gap.dataset.part ?? ""] ?? "";
      return;
    default: {
      const field = typed(question);
      if (field) field.value = String(answer ?? "");
    }
  }
}

/** @param {Answer} answer */
export function isAnswered(answer) {
  const all = Array.isArray(answer) ? answer : answer && typeof answer === "object" ? Object.values(answer) : [answer];
  return all.some((part) => part !== null && String(part).trim() !== "");
}

/**
 * Where answering begins.
 * @param {HTMLElement | undefined} question
 * @returns {HTMLElement | null}
 */
export const firstField = (question) =>
  question?.querySelector(".question-answer :is(input:not([type=hidden]), select)") ?? null;

/**
 * Whether a part of the answer is still empty: a gap, or a pair.
 * @param {HTMLElement} question
 */
export const hasGaps = (question) => parts(question).some(({ value }) => value.trim() === "");

/** @param {HTMLElement} question */
export function itemsOf(question) {
  return /** @type {HTMLElement[]} */ ([...question.querySelectorAll("[data-ordering] > li")]);
}

/**
 * Say of each item where it stands now.
 * @param {HTMLElement} question
 */
export function rank(question) {
  itemsOf(question).forEach((item, place) => {
    const select = item.querySelector("select");
    if (select) select.value = String(place + 1);
  });
}

/** @param {HTMLElement} item */
const placeOf = (item) => Number(/** @type {HTMLInputElement} */ (item.querySelector("input[type=hidden]")).value);

/** @param {HTMLElement} question @returns {HTMLInputElement[]} */
const boxes = (question) => [...question.querySelectorAll(/** @type {any} */ (".choices input"))];

/** @param {HTMLElement} question */
const checked = (question) => boxes(question).flatMap((box) => (box.checked ? [Number(box.value)] : []));

/** @param {HTMLElement} question @returns {(HTMLInputElement | HTMLSelectElement)[]} */
const parts = (question) => [...question.querySelectorAll(/** @type {any} */ ("[data-part]"))];

/** @param {HTMLElement} question @returns {HTMLInputElement | null} */
const typed = (question) => question.querySelector(".typed input");
