// @ts-check
/* What the picture of a sentence says in words. No page here. */

import { classOf } from "./sentiment-maths.js";

/** @import { Sentence, Weights } from "./sentiment-maths.js" */

export const CLASSES = ["negative", "neutral", "positive"];
/** Shapes beside the colours. */
export const CLASS_SIGNS = ["−", "○", "+"];

export const STAVES = [
  {
    key: "after",
    short: "after each word",
    name: "After each word",
    about: "The network reads the sentence up to this word alone: its three probabilities, and what it would say.",
  },
  {
    key: "gradient",
    short: "slope × word",
    name: "Slope × word",
    about: "How steeply the class's score rises along the word's vector, times that vector. Down: it speaks against.",
  },
  {
    key: "without",
    short: "left out",
    name: "Word left out",
    about: "How much less probable the class is without the word. Down: it is more probable without it.",
  },
  {
    key: "bag",
    short: "bag of words",
    name: "Bag of words",
    about: "The weight that the word always has in a model that only counts which words occur.",
  },
  {
    key: "heard",
    short: "units heard",
    name: "Units heard here",
    about: "How many of the 128 units say their strongest at this word. Only that goes on to the class.",
  },
];
export const SHOWN_AT_FIRST = ["after", "gradient", "without", "bag"];

/** Why the model is fooled by an example, or not. The text of the example is the key. */
export const REASONS = new Map([
  [
    "The flight was not bad",
    "Of the tweets with “not” that it learned from, 85 % are complaints. So “not” speaks for “negative” wherever it stands, and “not bad” gets both pushes. “not bad” itself was in two of 11,297 tweets: too few to learn what the two words mean together.",
  ],
  [
    "it was not very good",
    "“very” is in praise twice as often as other words are, and so it speaks for “positive”, though between “not” and “good” it should do the opposite. “not very” was in seven of 11,297 tweets. The network adds up what words say more than it works out how they hang together.",
  ],
  [
    "You could not have been more helpful",
    "The highest praise is made of words of complaint: “not” and “been” push harder than “helpful” does. Look at the ribbon: it turns at “not” and never comes back. The bag of words is fooled too, and worse.",
  ],
  [
    "great, another delay",
    "“great” speaks for praise so strongly that “delay”, a complaint nine times in ten, does not quite make up for it. That nobody is glad of a delay is knowledge about the world, and no tweet says it.",
  ],
  [
    "I love sitting on the tarmac for three hours",
    "It says “negative”, but not because it hears the irony. Watch the ribbon: it turns at “tarmac” and is decided at “hours”, for 512 of 531 tweets with “hours” are complaints. Delete “for three hours” and see what is left.",
  ],
  [
    "It was good, not bad",
    "The same words, so the bag of words must give both sentences the same answer. The network hears the order, and draws the wrong conclusion from it: what was good comes out worse.",
  ],
  [
    "yes, would love an upgrade or a voucher, please call me",
    "At “love” the two ways disagree (≠). The slope asks about a tiny change: a little more of “love”, and the sentence is less neutral. Leaving it out asks about a large one: “yes, would an upgrade …” is another sentence, and it is less neutral too. Both are right, each about its own question.",
  ],
  [
    "The stewardessing was brillig and most frabjous",
    "The words with a dotted line are in no tweet that it learned from, nor among the words of GloVe that it was given. The network reads one and the same “other” for each, and what is left says little.",
  ],
]);

/** @param {number} part */
export function percent(part) {
  if (part > 0.995 && part < 1) return "over 99 %";
  if (part < 0.005 && part > 0) return "under 1 %";
  return `${Math.round(part * 100)} %`;
}

/** @param {number} number */
export function signed(number, digits = 2) {
  const text = Math.abs(number).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${number < 0 ? "−" : "+"}${text}`;
}

/** @param {number} part of 1, as points of a hundred */
export function points(part) {
  const whole = Math.round(Math.abs(part) * 100);
  if (whole === 0) return "less than a point";
  return whole === 1 ? "1 point" : `${whole} points`;
}

/**
 * @param {Sentence[]} sentences
 * @returns {string}
 */
export function headline(sentences) {
  const said = sentences.map(({ probabilities }) => {
    const which = classOf(probabilities);
    return `${CLASSES[which]}, ${percent(probabilities[which])}`;
  });
  if (said.length > 1) return `The first: ${said[0]}. The second: ${said[1]}.`;
  const counted = sentences[0].bag.probabilities;
  const which = classOf(counted);
  const same = which === classOf(sentences[0].probabilities);
  return `The network says ${said[0]}. The bag of words ${same ? "agrees" : "does not"}: ${CLASSES[which]}, ${percent(counted[which])}.`;
}

/**
 * What two sentences differ by.
 * @param {Sentence} one
 * @param {Sentence} two
 * @param {number} which class
 */
export function difference(one, two, which) {
  const network = two.probabilities[which] - one.probabilities[which];
  const bag = two.bag.probabilities[which] - one.bag.probabilities[which];
  const words = (/** @type {number} */ part) =>
    Math.round(Math.abs(part) * 100) === 0 ? "as" : `${points(part)} ${part > 0 ? "more" : "less"}`;
  const way = (/** @type {number} */ part) => `${words(part)} ${CLASSES[which]}`;
  const bagSame = Math.abs(bag) < 0.0001;
  return `The second sentence is ${way(network)}${words(network) === "as" ? " as the first" : ""} for the network, ${bagSame ? "and exactly the same for the bag of words." : `${way(bag)}${words(bag) === "as" ? " as the first" : ""} for the bag of words.`}`;
}

/**
 * What is told about a sentence that not every word of was read.
 * @param {Sentence} sentence
 */
export function remark({ words, known, left_out }) {
  const strange = [...new Set(words.filter((_, at) => !known[at]))];
  const parts = [];
  if (strange.length > 0) {
    const shown = strange.slice(0, 5).map((word) => `“${word.length > 24 ? `${word.slice(0, 24)}…` : word}”`);
    const more = strange.length > 5 ? ` and ${strange.length - 5} more` : "";
    parts.push(
      strange.length === words.length
        ? `The network knows none of these words (${shown.join(", ")}${more}): what it says here is a guess about nothing.`
        : `Unknown to the network, and all the same to it: ${shown.join(", ")}${more}.`,
    );
  }
  if (left_out > 0) parts.push(`Only the first ${words.length} words are read; ${left_out} more are left out.`);
  return parts.join(" ");
}

/**
 * Everything about one word.
 * @param {Sentence} sentence
 * @param {Weights} weights
 * @param {number} at
 * @param {number} which class
 * @param {boolean} apart
 */
export function readout(sentence, weights, at, which, apart) {
  const said = classOf(sentence.after[at]);
  const last = at === sentence.words.length - 1 ? "After it, the last" : "After it";
  const name = CLASSES[which];
  const parts = [`${last}: ${CLASSES[said]}, ${percent(sentence.after[at][said])}.`];
  if (!sentence.known[at]) parts.push("The network does not know this word.");
  parts.push(`For “${name}”: slope × word ${signed(weights.gradient[at])};`);
  const less = weights.without[at];
  parts.push(
    Math.round(Math.abs(less) * 100) === 0
      ? "without it much the same;"
      : `without it ${points(less)} ${less > 0 ? "less" : "more"};`,
  );
  if (!sentence.bag.known[at]) parts.push("the bag of words does not know it.");
  else if (sentence.bag.repeated[at]) parts.push("in the bag of words it was counted already.");
  else parts.push(`in the bag of words ${signed(weights.bag[at])}.`);
  const { heard } = sentence;
  parts.push(`${heard[at]} of ${heard.reduce((sum, count) => sum + count, 0)} units are strongest here.`);
  if (apart) parts.push("The two ways disagree about it (≠).");
  return parts.join(" ");
}
