// @ts-check
/* What a training has said so far, and how it differs from another. No page here. */

/**
 * @template D, R, F
 * @typedef {{data: D | null, rows: R[], frames: F[]}} Told what it learns from, its curves, and a frame for each look
 */

/**
 * @template D, R, F
 * @param {{kind: string, data: any}[]} events
 * @returns {Told<D, R, F>}
 */
export function soFar(events) {
  /** @type {Told<D, R, F>} */
  const told = { data: null, rows: [], frames: [] };
  for (const event of events) take(told, event);
  return told;
}

/**
 * @param {Told<any, any, any>} told
 * @param {{kind: string, data: any}} event
 * @returns {boolean} whether it says something new
 */
export function take(told, { kind, data }) {
  if (kind === "log") told.data = data;
  else if (kind === "frame") told.frames.push(data);
  else if (kind === "metrics") told.rows.push(...data.rows);
  return kind === "log" || kind === "frame" || kind === "metrics" || kind === "result";
}

/**
 * In which settings two runs differ.
 * @param {Record<string, any>} params
 * @param {Record<string, any>} others
 */
export function differences(params, others) {
  return Object.keys(params).filter((name) => JSON.stringify(params[name]) !== JSON.stringify(others[name]));
}

/**
 * Whether two runs went the same way. (The database does not keep the order of names in an object.)
 * @param {Record<string, number | null>[]} one
 * @param {Record<string, number | null>[]} other
 */
export function sameCurve(one, other) {
  return (
    one.length === other.length &&
    one.every((point, at) => Object.keys(point).every((name) => point[name] === other[at][name]))
  );
}

/**
 * A moment that an address names.
 * @param {string | null} text
 */
export function numberOf(text) {
  const number = Number(text);
  return text === null || !Number.isInteger(number) || number < 0 ? null : number;
}
