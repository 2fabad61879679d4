// @ts-check
/* The secret link of the preview: made and switched off while the text stays as it is, saved or not. */

import { request } from "../api.js";
import { selectAll } from "../clipboard.js";
import { announce } from "../live.js";

/**
 * @param {object} options
 * @param {HTMLFormElement} options.form its buttons say what to do
 * @param {HTMLElement} options.box around the link and what copies it
 * @param {HTMLInputElement} options.field of the link
 * @param {HTMLButtonElement} options.make
 * @param {HTMLButtonElement} options.off
 * @param {(words: string) => void} options.onError
 */
export function mountPreviewLink({ form, box, field, make, off, onError }) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const action = event.submitter === off ? "off" : "make";
    try {
      const answer = await request(form.getAttribute("action") ?? "", { method: "POST", body: { action } });
      if (!answer) throw new Error("You are signed out. Sign in in another tab, then try again.");
      show(answer.url);
      announce(answer.message);
    } catch (error) {
      onError(error instanceof Error ? error.message : String(error));
    }
  });

  /** @param {string} url empty: there is none */
  function show(url) {
    field.value = url;
    const copyButton = box.querySelector("[data-copy]");
    if (copyButton) copyButton.textContent = "Copy"; // it may say that it has copied the one before
    make.textContent = url ? "Make a new link" : "Make a link";
    box.hidden = off.hidden = url === "";
    if (url) selectAll(field);
    else make.focus();
  }
}
