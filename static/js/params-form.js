// @ts-check
/*
 * A form made from the JSON schema of a demo's Params. What is wrong with a field stands at the field; what it means is
 * said in one line for all of them, for the one that is pointed at or focused (and to a screen reader at the field).
 */

import { fill, h } from "./dom.js";
import { fileField } from "./file-field.js";
import { fieldsOf, isShown, limits, problem, sameValue, toText, toValue } from "./schema.js";

/** @import { Field } from "./schema.js" */

const HINT = "Choose a setting to read what it means.";

/**
 * @typedef {object} Control
 * @property {HTMLElement} element
 * @property {() => string} read
 * @property {(text: string) => void} write
 * @property {HTMLElement[]} inputs those that take focus and are described by the hint and the error
 * @property {() => string} [problem] what is wrong beyond its value, in a sentence
 * @property {() => Record<string, any> | null} [facts] of a file
 * @property {() => void} [lock] where disabling its inputs is not enough
 */

/**
 * @typedef {object} Row
 * @property {Field} field
 * @property {HTMLElement} element
 * @property {Control} control
 * @property {HTMLElement} error
 * @property {string} hint
 */

export class ParamsForm {
  /**
   * @param {any} schema
   * @param {object} options
   * @param {string} options.id unique on the page
   * @param {string} options.demo its slug
   * @param {(field: Field) => void} options.onInput a value changed by hand
   */
  constructor(schema, { id, demo, onInput }) {
    this.fields = fieldsOf(schema);
    /** @type {Record<string, any>} fields that no form can show keep their defaults */
    this.defaults = Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([name, property]) => [name, /** @type {any} */ (property).default]),
    );
    /** @type {Record<string, any>} fields without a control */
    this.hidden = { ...this.defaults };
    this.rows = this.fields.filter((field) => !field.hidden).map((field) => row(field, `${id}-${field.name}`, demo));
    this.hint = h("p", { class: "demo-hint", "aria-hidden": "true" }, HINT);
    const fields = this.rows.map(({ element }) => element);
    this.element = h("div", {}, h("div", { class: "demo-fields" }, fields), this.hint);
    for (const kind of ["pointerover", "pointerleave", "focusin", "focusout", "input"]) {
      this.element.addEventListener(kind, (event) => this.#showHint(event));
    }
    this.element.addEventListener("input", (event) => {
      const changed = this.#rowOf(event.target);
      if (!changed) return;
      setError(changed, changed.control.problem?.() ?? "");
      this.#showFields();
      onInput(changed.field);
    });
    this.set(this.defaults);
  }

  /** @returns {Record<string, any>} */
  get values() {
    return { ...this.hidden, ...Object.fromEntries(this.rows.map((row) => [row.field.name, rowValue(row)])) };
  }

  /** @param {Record<string, any>} values only those to change */
  set(values) {
    for (const row of this.rows) {
      const { field, control } = row;
      // A value that is there already keeps its text: the cursor of somebody who types stays where it is.
      if (field.name in values && !sameValue(rowValue(row), values[field.name])) {
        control.write(toText(field, values[field.name]));
      }
    }
    for (const name of Object.keys(this.hidden)) {
      if (name in values) this.hidden[name] = values[name];
    }
    this.#showFields();
  }

  /** Whether all is well, as far as can be told here. */
  get isValid() {
    return this.rows.every((row) => this.#problemOf(row) === "");
  }

  /** Marks what is wrong and goes to the first of it; whether all is well. */
  check() {
    for (const row of this.rows) setError(row, this.#problemOf(row));
    this.rows.find((row) => this.#problemOf(row))?.control.inputs[0].focus();
    return this.isValid;
  }

  /**
   * The server's words at their fields (`word`, or `params.word`, or `params.words.0`).
   * @param {Record<string, string[]>} errors
   * @returns {string[]} those that belong to no field that is shown
   */
  showErrors(errors) {
    /** @type {string[]} */
    const others = [];
    /** @type {Row | undefined} */
    let first;
    for (const [path, messages] of Object.entries(errors)) {
      const name = path.replace(/^params\./, "").split(".")[0];
      const row = this.rows.find(({ field, element }) => field.name === name && !element.hidden);
      if (row) {
        setError(row, messages.join(" "));
        first ??= row;
      } else others.push(...messages);
    }
    first?.control.inputs[0].focus();
    return others;
  }

  /** @param {string} name of a field @returns what the demo found in the file that is chosen there, or null */
  facts(name) {
    return this.rows.find(({ field }) => field.name === name)?.control.facts?.() ?? null;
  }

  clearErrors() {
    for (const row of this.rows) setError(row, row.control.problem?.() ?? "");
  }

  /** Only what changes the picture alone can still be changed (a shared run). */
  lock() {
    for (const { field, control } of this.rows) {
      if (field.displayOnly) continue;
      for (const input of control.inputs) /** @type {HTMLInputElement} */ (input).disabled = true;
      control.lock?.();
    }
  }

  /** @param {Row} row */
  #problemOf({ field, control }) {
    if (!isShown(field, this.values)) return "";
    return control.problem?.() || problem(field, toValue(field, control.read()));
  }

  /** @param {EventTarget | null} target */
  #rowOf(target) {
    return this.rows.find(({ element }) => element.contains(/** @type {Node} */ (target)));
  }

  /**
   * What is wrong while somebody types stands here, in a line that is there anyway: at its field it would move the
   * button that they are about to press.
   * @param {Event} event
   */
  #showHint(event) {
    const pointed = event.type === "pointerover" ? this.#rowOf(event.target) : undefined;
    const row = pointed ?? this.#rowOf(document.activeElement);
    const wrong = row ? this.#problemOf(row) : "";
    this.hint.textContent = wrong || row?.hint || HINT;
    this.hint.classList.toggle("bad", wrong !== "");
  }

  #showFields() {
    const values = this.values;
    for (const { field, element } of this.rows) element.hidden = !isShown(field, values);
  }
}

/** @param {Row} row */
function rowValue({ field, control }) {
  return toValue(field, control.read());
}

/**
 * @param {Row} row
 * @param {string} message
 */
function setError({ element, error, control }, message) {
  error.textContent = message;
  error.hidden = !message;
  element.classList.toggle("bad", Boolean(message));
  for (const input of control.inputs) {
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

/**
 * @param {Field} field
 * @param {string} id
 * @param {string} demo
 * @returns {Row}
 */
function row(field, id, demo) {
  const hint = [field.description, limits(field)].filter(Boolean).join(" ");
  const description = h("div", { class: "visually-hidden", id: `${id}-hint` }, hint);
  const error = h("div", { class: "error", id: `${id}-error`, hidden: true });
  const control = controlOf(field, id, demo);
  for (const input of control.inputs) {
    input.setAttribute("aria-describedby", `${error.id} ${description.id}`);
  }
  const segments = control.element.classList.contains("segments");
  // A set of radio buttons is named by its text, a single control by its label; a tick carries its own.
  const label =
    field.kind !== "boolean" &&
    h(segments ? "div" : "label", { id: `${id}-label`, class: "label", for: segments ? null : id }, field.label);
  const element = h(
    "div",
    {
      class: `field field-${segments ? "segments" : field.kind} ${isWide(field) ? "field-wide" : ""}`,
      dataset: { field: field.name },
    },
    label,
    control.element,
    error,
    description,
  );
  return { field, element, control, error, hint };
}

/**
 * @param {Field} field
 * @param {string} id
 * @param {string} demo
 * @returns {Control}
 */
function controlOf(field, id, demo) {
  if (field.kind === "file") return fileField(field, id, demo);
  if (field.kind === "choice") return isShort(field) ? segments(field, id) : menu(field, id);
  if (field.kind === "slider") return slider(field, id);
  if (field.kind === "boolean") return tick(field, id);
  return line(field, id);
}

/**
 * A menu whose choices are long takes two columns.
 * @param {Field} field
 */
function isWide({ kind, choices }) {
  return kind === "choice" && choices.some(({ label }) => label.length > 21);
}

/**
 * Few and short choices stand beside each other.
 * @param {Field} field
 */
function isShort({ choices, nullable }) {
  const letters = choices.reduce((sum, { label }) => sum + label.length, 0);
  return !nullable && choices.length > 1 && choices.length <= 5 && letters <= 44;
}

/**
 * @param {Field} field
 * @param {string} id
 * @returns {Control}
 */
function segments({ choices }, id) {
  const inputs = choices.map(({ value }) => h("input", { type: "radio", name: id, value: String(value) }));
  const labels = choices.map(({ label }, index) => h("label", {}, inputs[index], h("span", {}, label)));
  const element = h("div", { class: "segments", role: "radiogroup", "aria-labelledby": `${id}-label` }, labels);
  return {
    element,
    inputs,
    read: () => inputs.find((input) => input.checked)?.value ?? "",
    write(text) {
      for (const input of inputs) input.checked = input.value === text;
    },
  };
}

/**
 * @param {Field} field
 * @param {string} id
 * @returns {Control}
 */
function menu({ choices, nullable }, id) {
  const options = choices.map(({ value, label }) => h("option", { value: String(value) }, label));
  const select = h("select", { id }, nullable && h("option", { value: "" }, "–"), options);
  return plain(select);
}

/**
 * @param {Field} field
 * @param {string} id
 * @returns {Control}
 */
function slider({ min, max, step }, id) {
  const range = h("input", { type: "range", id, min, max, step });
  // A number typed by hand may lie between the slider's steps.
  const box = h("input", { type: "number", min, max, step: "any", "aria-labelledby": `${id}-label` });
  range.addEventListener("input", () => {
    box.value = range.value;
    fill(range);
  });
  box.addEventListener("input", () => {
    range.value = box.value;
    fill(range);
  });
  return {
    element: h("div", { class: "slider" }, range, box),
    inputs: [range, box],
    read: () => box.value,
    write(text) {
      range.value = text;
      box.value = text;
      fill(range);
    },
  };
}

/**
 * @param {Field} field
 * @param {string} id
 * @returns {Control}
 */
function tick({ label }, id) {
  const input = h("input", { type: "checkbox", id });
  return {
    element: h("label", { class: "check" }, input, label),
    inputs: [input],
    read: () => String(input.checked),
    write(text) {
      input.checked = text === "true";
    },
  };
}

/**
 * @param {Field} field
 * @param {string} id
 * @returns {Control}
 */
function line(field, id) {
  const isLong = field.kind === "words" && toText(field, field.default).length > 60;
  if (field.kind === "textarea" || isLong) return plain(h("textarea", { id, rows: 2, spellcheck: "false" }));
  if (field.kind === "number") {
    return plain(h("input", { type: "number", id, min: field.min, max: field.max, step: field.step ?? "any" }));
  }
  // Words are data here: nothing should correct or complete them.
  return plain(h("input", { type: "text", id, autocomplete: "off", autocapitalize: "none", spellcheck: "false" }));
}

/**
 * @param {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} input
 * @returns {Control}
 */
function plain(input) {
  return {
    element: input,
    inputs: [input],
    read: () => input.value,
    write(text) {
      input.value = text;
    },
  };
}
