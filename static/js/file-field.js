// @ts-check
/*
 * The control for a file of the reader's own. Choosing one uploads it at once; the value is its id, so a page that is
 * loaded again, or opened by its address, still has it.
 */

import { ApiError, getUpload, uploadFile } from "./api.js";
import { h } from "./dom.js";
import { announce } from "./live.js";

/** @import { UploadRow } from "./api.js" */
/** @import { Field } from "./schema.js" */

/**
 * @param {Field} field
 * @param {string} id
 * @param {string} demo slug of the demo that reads it
 */
export function fileField(field, id, demo) {
  let value = "";
  /** @type {UploadRow | null} what is known of the file that `value` names */
  let known = null;
  let wrong = "";
  let locked = false;
  /** Which of several choices is the last. */
  let turn = 0;
  let uploading = false;

  const input = h("input", { type: "file", accept: field.accept, hidden: true, tabindex: -1 });
  const choose = h("button", { type: "button", id, "aria-labelledby": `${id}-label ${id}` }, "Choose a file");
  const remove = h("button", { type: "button", class: "quiet", hidden: true }, "Remove");
  const text = h("span", { class: "file-name" });
  const element = h("div", { class: "file-field" }, input, choose, text, remove);

  choose.addEventListener("click", () => choose.ariaDisabled !== "true" && input.click());
  input.addEventListener("change", (event) => {
    event.stopPropagation();
    if (input.files?.[0]) take(input.files[0]);
    input.value = ""; // so that the same file can be chosen again, once it is mended
  });
  input.addEventListener("input", (event) => event.stopPropagation());
  remove.addEventListener("click", () => {
    become("", null);
    say();
    announce("The file is taken away.");
    choose.focus();
  });
  element.addEventListener("dragover", (event) => {
    if (locked || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    element.classList.add("over");
  });
  element.addEventListener("dragleave", () => element.classList.remove("over"));
  element.addEventListener("drop", (event) => {
    element.classList.remove("over");
    if (locked || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) take(file);
  });

  /** @param {File} file */
  async function take(file) {
    become("", null);
    const mine = turn;
    if (file.size > field.maxBytes)
      return refuse(`This file has more than ${size(field.maxBytes)}. Choose a smaller one.`);
    uploading = true;
    draw(`Uploading “${file.name}” …`);
    try {
      const row = await uploadFile(demo, field.name, file);
      if (mine !== turn) return;
      uploading = false;
      become(row.id, row);
      announce(`The file is here: ${words(row)}`);
      say();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (mine !== turn) return;
      uploading = false;
      refuse([error.fields[field.name] ?? error.message].flat().join(" "));
    }
  }

  /** @param {string} why */
  function refuse(why) {
    become("", null);
    wrong = why;
    say();
    announce(why);
  }

  /**
   * @param {string} next
   * @param {UploadRow | null} row
   */
  function become(next, row) {
    turn += 1;
    [value, known, wrong, uploading] = [next, row, "", false];
    draw();
  }

  /** Tells the form that there is another value, or another problem. */
  function say() {
    element.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function draw(doing = "") {
    let name = value ? "" : "or drop one here";
    if (known) name = words(known);
    else if (locked) name = value ? "A file of whoever ran this" : "No file";
    text.textContent = doing || name;
    text.classList.toggle("unset", !doing && !value);
    choose.textContent = value ? "Choose another file" : "Choose a file";
    choose.ariaDisabled = String(locked);
    remove.hidden = !value || locked;
    element.ariaBusy = String(uploading);
  }

  /** What is known of a file that the address or another run names. */
  async function find() {
    const [mine, asked] = [turn, value];
    draw("…");
    let row = null;
    try {
      row = await getUpload(asked);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (mine !== turn) return;
      if (!locked) wrong = error.message;
    }
    if (mine !== turn) return;
    known = row;
    draw();
    if (!locked) say();
  }

  draw();
  return {
    element,
    inputs: [choose],
    read: () => value,
    /** @param {string} next */
    write(next) {
      if (next === value) return;
      become(next, null);
      if (next) find();
    },
    /** What is wrong, in a sentence, or "". */
    problem: () => (uploading ? "Wait until the file is here." : wrong),
    /** What the demo found in the file, or null. */
    facts: () => known?.facts ?? null,
    lock() {
      locked = true;
      wrong = "";
      draw();
    },
  };
}

/** @param {UploadRow} row */
function words({ name, size: bytes, facts }) {
  const summary = typeof facts.summary === "string" ? ` · ${facts.summary}` : "";
  return `${name} (${size(bytes)})${summary}`;
}

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1000)} KB` : `${Number((bytes / 1_000_000).toFixed(1))} MB`;
}
