// @ts-check
/* What a training on tweets has said so far: its curves, and what it made of each tweet at each look. No page here. */

/**
 * @typedef {object} Verdicts what a classifier makes of the tweets that are watched
 * @property {number[][]} counts rows are the labels, columns what was said
 * @property {number[]} recall
 * @property {string} said the class of each tweet, as a digit
 * @property {number[]} sure for each tweet the probabilities of the first and the last class, in thousandths
 *
 * @typedef {Verdicts & {step: number, epoch: number}} Frame
 *
 * @typedef {object} Data
 * @property {string[]} labels
 * @property {number[]} learned how many tweets of each class it learns from
 * @property {string[]} tweets
 * @property {string} truth
 * @property {number[]} agreed the share of its judges, in per cent, who gave a tweet its label
 * @property {string} source
 * @property {string} licence
 * @property {Verdicts & {accuracy: number, f1: number, loss: number}} baseline
 *
 * @typedef {object} Row
 * @property {number} step
 * @property {number} epoch
 * @property {number | null} loss
 * @property {number | null} validation
 * @property {number | null} accuracy
 * @property {number | null} f1
 * @property {number | null} train
 * @property {number | null} train_f1
 *
 * @typedef {{index: number, text: string, agreed: number, probabilities: number[]}} Tweet
 */

const PER_MILLE = 1000;

/**
 * How likely each class is, for one tweet.
 * @param {Verdicts} verdicts
 * @param {number} index
 */
export function probabilitiesOf({ sure }, index) {
  const first = sure[2 * index];
  const last = sure[2 * index + 1];
  return [first, Math.max(0, PER_MILLE - first - last), last].map((share) => share / PER_MILLE);
}

/**
 * The tweets of one cell of the confusion matrix, the surest first.
 * @param {Data} data
 * @param {Verdicts} verdicts
 * @param {number} truth
 * @param {number} said
 * @returns {Tweet[]}
 */
export function tweetsIn(data, verdicts, truth, said) {
  /** @type {Tweet[]} */
  const found = [];
  for (const [index, text] of data.tweets.entries()) {
    if (Number(data.truth[index]) !== truth || Number(verdicts.said[index]) !== said) continue;
    found.push({ index, text, agreed: data.agreed[index], probabilities: probabilitiesOf(verdicts, index) });
  }
  return found.sort((one, other) => other.probabilities[said] - one.probabilities[said] || one.index - other.index);
}

/**
 * What was said of one tweet at each look.
 * @param {Frame[]} frames
 * @param {number} index
 */
export function wayOf(frames, index) {
  return frames.map((frame) => Number(frame.said[index]));
}

/**
 * A count as a share of its row: of all tweets with that label.
 * @param {number[][]} counts
 * @param {number} truth
 * @param {number} said
 */
export function shareOf(counts, truth, said) {
  const all = counts[truth].reduce((sum, count) => sum + count, 0);
  return all === 0 ? 0 : counts[truth][said] / all;
}

/**
 * Whether the network was worth it, in sentences.
 * @param {any} result
 */
export function verdict(result) {
  const { f1, baseline, difference } = result;
  if (result.diverged) return "A network that diverged is not compared.";
  const gap = f1 - baseline.f1;
  const here =
    `Its macro-F1 is ${points(f1)}, that of the baseline ${points(baseline.f1)}: ` +
    (Math.abs(gap) < 0.0005 ? "level." : `${points(Math.abs(gap))} ${gap > 0 ? "more" : "less"}.`);
  const { low, high } = difference;
  const range =
    `With other tweets of this kind the difference would lie between ${signed(low)} and ${signed(high)}, ` +
    "nineteen times in twenty";
  if (low > 0) return `${here} ${range}: the network is better.`;
  if (high < 0) return `${here} ${range}: counting words is better, and needs no network.`;
  return `${here} ${range}: these tweets cannot tell which of the two is better.`;
}

/** @param {number} value */
export function points(value) {
  return value.toFixed(3);
}

/** @param {number} value */
function signed(value) {
  return `${value < 0 ? "−" : "+"}${points(Math.abs(value))}`;
}

/** @param {number} share */
export function percent(share) {
  return `${Math.round(100 * share)}\u00a0%`;
}

const WORDS = /** @type {Record<string, (value: any) => string>} */ ({
  tweets: (value) => `${Number(value).toLocaleString("en")} tweets`,
  embeddings: (value) => ({ glove: "GloVe", own: "own vectors", both: "GloVe and own vectors" })[String(value)] ?? "",
  cell: (value) => ({ simple: "simple cell", gru: "GRU", lstm: "LSTM" })[String(value)] ?? "",
  units: (value) => `${value} units`,
  bidirectional: (value) => (value ? "both ways" : "one way"),
  answer: (value) => (value === "last" ? "last state" : "greatest"),
  dropout: (value) => `dropout ${value}`,
  class_weights: (value) => (value ? "class weights" : "no class weights"),
  learning_rate: (value) => `rate ${value}`,
  seed: (value) => `seed ${value}`,
});

/**
 * A run by what sets it apart from the one in the picture.
 * @param {{params: Record<string, any>, result: Record<string, any>}} run
 * @param {Record<string, any>} shown the params of the one in the picture
 */
export function nameOf({ params, result }, shown) {
  const changed = Object.keys(WORDS).filter((name) => params[name] !== shown[name]);
  const epochs = Math.round(result.epochs);
  return [
    ...changed.map((name) => WORDS[name](params[name])),
    `${epochs} ${epochs === 1 ? "epoch" : "epochs"}${result.diverged ? ", diverged" : ""}`,
  ].join(", ");
}
