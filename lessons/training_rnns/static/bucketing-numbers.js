// @ts-check
/* Batches, their padding and the measured times, in numbers and words. No page here. */

/**
 * @typedef {"random" | "sorted" | "bucketed"} Order
 * @typedef {{width: number, members: number[]}} Batch `width`: the length to which each sentence is filled up
 * @typedef {{tokens: number, places: number, wasted: number, batches: Batch[]}} Packed
 * @typedef {{lengths: number[], orders: Record<Order, Packed>}} Facts
 * @typedef {{round: number} & Record<Order, number>} Row milliseconds of a pass over all batches, by order
 */

/** @type {Order[]} */
export const ORDERS = ["random", "sorted", "bucketed"];

/** @type {Record<Order, {name: string, words: string}>} */
export const ABOUT = {
  random: {
    name: "Random",
    words: "Any sentences meet, and one long sentence makes its whole batch wide.",
  },
  sorted: {
    name: "Sorted",
    words:
      "Least padding. But the same sentences always share a batch, and the short ones all come first: neighbouring steps learn from sentences that are alike.",
  },
  bucketed: {
    name: "Bucketed",
    words:
      "Within a bucket any sentences meet, and the batches of all buckets are shuffled: short and long ones take turns.",
  },
};

/**
 * What a batch holds.
 * @param {Batch} batch
 * @param {number[]} lengths of all sentences
 */
export function held({ width, members }, lengths) {
  const own = members.map((member) => lengths[member]);
  const tokens = own.reduce((sum, length) => sum + length, 0);
  const places = members.length * width;
  return { tokens, places, wasted: 1 - tokens / places, least: Math.min(...own), most: Math.max(...own) };
}

/**
 * A batch in a sentence.
 * @param {Batch} batch
 * @param {number[]} lengths
 */
export function batchWords(batch, lengths) {
  const { least, most, wasted } = held(batch, lengths);
  const count = batch.members.length === 1 ? "One sentence" : `${batch.members.length} sentences`;
  const words = least === most ? `${most} words` : `${least} to ${most} words`;
  return `${count} of ${words}, filled up to ${batch.width}: ${percent(wasted)} is padding.`;
}

/** @param {number} share */
export function percent(share) {
  return `${(100 * share).toFixed(1)}\u00a0%`;
}

/** @param {number} milliseconds */
export function ms(milliseconds) {
  return `${milliseconds.toFixed(milliseconds < 10 ? 2 : milliseconds < 100 ? 1 : 0)}\u00a0ms`;
}

/** @param {number[]} values */
export function median(values) {
  const ordered = [...values].sort((a, b) => a - b);
  const middle = ordered.length >> 1;
  return ordered.length % 2 === 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2;
}

/**
 * The times measured so far.
 * @param {Row[]} rows
 * @param {Facts} facts
 * @returns {Record<Order, {pass: number, step: number, times: number[]}> | null} null before the first round
 */
export function timesOf(rows, { orders }) {
  if (rows.length === 0) return null;
  const each = ORDERS.map((order) => {
    const times = rows.map((row) => row[order]);
    const pass = median(times);
    return [order, { pass, step: pass / orders[order].batches.length, times }];
  });
  return Object.fromEntries(each);
}
