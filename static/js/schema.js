// @ts-check
/*
 * The JSON schema of a demo's Params (pydantic v2) as a list of fields, and values to and from text. No page here.
 */

/**
 * @typedef {"text" | "textarea" | "words" | "number" | "slider" | "boolean" | "choice" | "file"} Kind
 *
 * @typedef {object} Field
 * @property {string} name
 * @property {Kind} kind
 * @property {string} label
 * @property {string} description
 * @property {any} default
 * @property {boolean} nullable an empty control means null
 * @property {boolean} hidden the demo's view controls it: it has no control in the form
 * @property {boolean} displayOnly changes how the result is shown, not the result
 * @property {Record<string, any[]> | null} when shown only while those fields have one of those values
 * @property {boolean} integer
 * @property {number | null} min
 * @property {number | null} max
 * @property {number | null} step
 * @property {number | null} minLength of the text, or how many words
 * @property {number | null} maxLength
 * @property {string | null} pattern
 * @property {"string" | "number" | "integer"} item what a list holds
 * @property {{value: any, label: string}[]} choices
 * @property {string | null} accept the endings of a file's name that are offered
 * @property {number} maxBytes of a file
 */

/** `MAX_FILE_BYTES` of mlcore/contracts.py. */
const MAX_FILE_BYTES = 2_000_000;

/**
 * @param {any} schema of the whole Params
 * @returns {Field[]} those that a form can show; a field of another shape keeps its default
 */
export function fieldsOf(schema) {
  return Object.entries(schema.properties ?? {})
    .map(([name, property]) => field(name, /** @type {any} */ (property), schema.$defs ?? {}))
    .filter((found) => found !== null);
}

/**
 * @param {string} name
 * @param {any} property
 * @param {Record<string, any>} defs
 * @returns {Field | null}
 */
function field(name, property, defs) {
  const { nullable, ...type } = resolve(property, defs);
  const kind = kindOf(type);
  if (kind === null) return null;
  const integer = type.type === "integer";
  const step = type.multipleOf ?? (integer ? 1 : null);
  const isList = type.type === "array";
  const min = bound(type.minimum, type.exclusiveMinimum, step ?? 0);
  const max = bound(type.maximum, type.exclusiveMaximum, -(step ?? 0));
  return {
    name,
    kind,
    label: property.title ?? type.title ?? sentence(name),
    description: property.description ?? type.description ?? "",
    default: property.default ?? null,
    nullable,
    hidden: type.widget === "hidden",
    displayOnly: property.display_only === true,
    when: property.when ?? null,
    integer,
    min,
    max,
    step: step ?? (kind === "slider" ? niceStep(/** @type {number} */ (min), /** @type {number} */ (max)) : null),
    minLength: (isList ? type.minItems : type.minLength) ?? null,
    maxLength: (isList ? type.maxItems : type.maxLength) ?? null,
    pattern: type.pattern ?? null,
    item: isList ? (type.items.type ?? "string") : "string",
    choices: choicesOf(type, property),
    accept: type.accept ?? null,
    maxBytes: type.max_bytes ?? MAX_FILE_BYTES,
  };
}

/**
 * References followed, and `X | None` reduced to X.
 * @param {any} property
 * @param {Record<string, any>} defs
 * @returns {any}
 */
function resolve(property, defs) {
  let { $ref, allOf, anyOf, ...own } = property;
  if (allOf?.length === 1) $ref = allOf[0].$ref;
  if ($ref) return { nullable: false, ...resolve(defs[$ref.split("/").at(-1)], defs), ...own };
  if (!anyOf) return { nullable: false, ...own };
  const others = anyOf.filter((/** @type {any} */ option) => option.type !== "null");
  if (others.length !== 1) return { nullable: false, ...own };
  return { ...resolve(others[0], defs), ...own, nullable: others.length < anyOf.length };
}

/**
 * @param {any} type
 * @returns {Kind | null}
 */
function kindOf(type) {
  if (type.enum || type.const !== undefined) return "choice";
  switch (type.type) {
    case "string":
      if (type.widget === "file") return "file";
      return type.widget === "textarea" ? "textarea" : "text";
    case "integer":
    case "number": {
      const bounded =
        (type.minimum ?? type.exclusiveMinimum) !== undefined && (type.maximum ?? type.exclusiveMaximum) !== undefined;
      return bounded && type.widget !== "number" ? "slider" : "number";
    }
    case "boolean":
      return "boolean";
    case "array":
      return ["string", "integer", "number"].includes(type.items?.type) ? "words" : null;
    default:
      return null;
  }
}

/**
 * @param {number | undefined} inclusive
 * @param {number | undefined} exclusive
 * @param {number} step
 */
function bound(inclusive, exclusive, step) {
  return inclusive ?? (exclusive === undefined ? null : exclusive + step);
}

/**
 * About a hundred steps, each a 1, 2 or 5 of its decade.
 * @param {number} min
 * @param {number} max
 */
export function niceStep(min, max) {
  const rough = (max - min) / 100;
  const decade = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * decade >= rough * 0.999) ?? 10;
  return Number((factor * decade).toPrecision(6));
}

/**
 * @param {any} type
 * @param {any} property may name its choices: `"labels": {value: words}`
 */
function choicesOf(type, property) {
  const values = type.enum ?? (type.const === undefined ? [] : [type.const]);
  return values.map((/** @type {any} */ value) => ({
    value,
    label: property.labels?.[value] ?? sentence(String(value)),
  }));
}

/** @param {string} name */
function sentence(name) {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * @param {Field} field
 * @param {Record<string, any>} values
 */
export function isShown(field, values) {
  return Object.entries(field.when ?? {}).every(([name, allowed]) => allowed.includes(values[name]));
}

/**
 * A value as a control or the URL holds it.
 * @param {Field} field
 * @param {any} value
 * @returns {string}
 */
export function toText(field, value) {
  if (value === null || value === undefined) return "";
  return field.kind === "words" ? value.join(" ") : String(value);
}

/**
 * What a control or the URL holds, as a value. Text that is no number stays text: the server then says what is wrong.
 * @param {Field} field
 * @param {string} text
 * @returns {any}
 */
export function toValue(field, text) {
  const trimmed = text.trim();
  switch (field.kind) {
    case "words": {
      const words = trimmed.split(/[\s,;]+/).filter(Boolean);
      return field.item === "string" ? words : words.map(number);
    }
    case "number":
    case "slider":
      return trimmed === "" && field.nullable ? null : number(trimmed);
    case "boolean":
      return trimmed === "true";
    case "choice":
      return field.choices.find(({ value }) => String(value) === trimmed)?.value ?? (field.nullable ? null : trimmed);
    default:
      return trimmed === "" && field.nullable ? null : trimmed;
  }
}

/** @param {string} text */
function number(text) {
  const value = Number(text.replace(",", "."));
  return text === "" || Number.isNaN(value) ? text : value;
}

/**
 * @param {any} a
 * @param {any} b
 */
export function sameValue(a, b) {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/**
 * What a field allows, in a few words for below its control.
 * @param {Field} field
 */
export function limits(field) {
  const { kind, min, max, minLength, maxLength } = field;
  if (kind === "number" && min !== null && max !== null) return `From ${min} to ${max}.`;
  if (kind === "number" && min !== null) return `${min} or more.`;
  if (kind === "number" && max !== null) return `${max} or less.`;
  if (kind !== "words" || maxLength === null) return "";
  const least = minLength ?? 0;
  const most = `${maxLength} ${maxLength === 1 ? "word" : "words"}`;
  if (least === maxLength) return `${most}, separated by spaces.`;
  return least > 0 ? `${least} to ${most}, separated by spaces.` : `Up to ${most}, separated by spaces.`;
}

/**
 * What is wrong with a value, in a sentence, or "". The server's check is the one that counts; this one is at hand.
 * @param {Field} field
 * @param {any} value
 * @returns {string}
 */
export function problem(field, value) {
  if (value === null) return field.nullable ? "" : "Choose a value.";
  if (field.kind === "words") return wordsProblem(field, value);
  if (field.kind === "text" || field.kind === "textarea") return textProblem(field, value);
  if (field.kind !== "number" && field.kind !== "slider") return "";
  if (typeof value !== "number") return "Write a number.";
  if (field.integer && !Number.isInteger(value)) return "Write a whole number.";
  if (field.min !== null && value < field.min) return `Write ${field.min} or more.`;
  if (field.max !== null && value > field.max) return `Write ${field.max} or less.`;
  return "";
}

/**
 * @param {Field} field
 * @param {any[]} words
 */
function wordsProblem({ item, minLength, maxLength }, words) {
  if (item !== "string" && words.some((word) => typeof word !== "number")) return "Write numbers, separated by spaces.";
  if (minLength !== null && words.length < minLength) return `Write at least ${count(minLength)}.`;
  if (maxLength !== null && words.length > maxLength)
    return `Write at most ${count(maxLength)}; here are ${words.length}.`;
  return "";
}

/**
 * @param {Field} field
 * @param {string} text
 */
function textProblem({ minLength, maxLength }, text) {
  if (minLength !== null && minLength > 0 && text === "") return "Write something here.";
  if (minLength !== null && text.length < minLength) return `Write at least ${minLength} letters.`;
  if (maxLength !== null && text.length > maxLength)
    return `Write at most ${maxLength} letters; here are ${text.length}.`;
  return "";
}

/** @param {number} number */
function count(number) {
  return number === 1 ? "one word" : `${number} words`;
}
