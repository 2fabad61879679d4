// @ts-check
/* The five wirings, which of them a pattern of inputs and outputs is, and which tasks have it. No page here. */

/**
 * @typedef {"one-to-one" | "one-to-many" | "many-to-one" | "many-to-many" | "delayed"} WiringId
 *
 * @typedef {object} Wiring
 * @property {WiringId} id
 * @property {string} name
 * @property {boolean[]} inputs where it reads, drawn over a few steps
 * @property {boolean[]} outputs where its output counts
 * @property {string} says in a few words
 *
 * @typedef {object} UseCase a row of use-cases.json
 * @property {string} task
 * @property {string} input
 * @property {"one" | "many"} inputs
 * @property {string} target
 * @property {"one" | "many"} targets
 * @property {WiringId} wiring
 * @property {string} example
 * @property {string} [words] others to find it by
 * @property {string} [note] what was put right, or is to be known
 * @property {string} [source] where else than in the lecture's table it stands
 */

/** @param {string} steps "110" is on, on, off */
export function pattern(steps) {
  return Array.from(steps, (step) => step === "1");
}

/** @type {Wiring[]} */
export const WIRINGS = [
  {
    id: "one-to-one",
    name: "one to one",
    inputs: pattern("1"),
    outputs: pattern("1"),
    says: "No time: an ordinary network.",
  },
  {
    id: "one-to-many",
    name: "one to many",
    inputs: pattern("1000"),
    outputs: pattern("1111"),
    says: "One input, then it goes on from what it said.",
  },
  {
    id: "many-to-one",
    name: "many to one",
    inputs: pattern("1111"),
    outputs: pattern("0001"),
    says: "It reads all, and answers once, at the end.",
  },
  {
    id: "many-to-many",
    name: "many to many",
    inputs: pattern("1111"),
    outputs: pattern("1111"),
    says: "An answer for each input, at once.",
  },
  {
    id: "delayed",
    name: "delayed",
    inputs: pattern("11100"),
    outputs: pattern("00011"),
    says: "It reads all, and only then answers, at any length.",
  },
];

/** @param {string} id */
export function wiringOf(id) {
  return WIRINGS.find((wiring) => wiring.id === id) ?? WIRINGS[0];
}

/**
 * Which of the five a pattern is, and why; `wiring` is null for none of them.
 * @param {boolean[]} inputs
 * @param {boolean[]} outputs as many
 * @returns {{wiring: WiringId | null, why: string}}
 */
export function classify(inputs, outputs) {
  const reads = steps(inputs);
  const says = steps(outputs);
  const none = (/** @type {string} */ why) => ({ wiring: null, why });
  if (reads.length === 0 && says.length === 0)
    return none("Nothing is read and nothing is said. Switch some steps on.");
  if (reads.length === 0) return none("It has no input, so it would say the same every time.");
  if (says.length === 0)
    return none("It has no output. Nobody learns what it has read, and there is no loss to train on.");
  const [first, last] = [reads[0], reads[reads.length - 1]];
  const [begins, ends] = [says[0], says[says.length - 1]];
  if (begins < first) {
    return none(
      `Its output at step ${begins + 1} comes before any input: it would be the same for whatever is read later.`,
    );
  }
  if (last > ends) {
    const late = reads.filter((t) => t > ends);
    return none(
      `Its input${late.length > 1 ? "s" : ""} at step ${listed(late)} come${late.length > 1 ? "" : "s"} after the last output, and can change nothing.`,
    );
  }
  if (reads.length === 1) return withOneInput(first, says);
  if (says.length === 1) {
    return {
      wiring: "many-to-one",
      why: `It reads ${reads.length} inputs and answers once, when it has read all of them.`,
    };
  }
  if (begins >= last) {
    const when = begins === last ? "with the last of them" : "after the last of them";
    return {
      wiring: "delayed",
      why: `It reads ${reads.length} inputs, and begins to answer ${when}: each output can depend on all of them.`,
    };
  }
  if (says.every((t) => inputs[t])) {
    const silent = reads.length - says.length;
    const but = silent > 0 ? ` At ${silent} of them it says nothing yet.` : "";
    return {
      wiring: "many-to-many",
      why: `It answers at steps at which it reads; each output depends on the inputs so far.${but}`,
    };
  }
  return none(
    "It lies between many to many and delayed: it begins to answer before it has read all, and goes on where nothing is read. An interpreter at a conference works so.",
  );
}

/** @param {number} input @param {number[]} says */
function withOneInput(input, says) {
  if (says.length > 1) {
    return {
      wiring: /** @type {const} */ ("one-to-many"),
      why: `It reads one input, and answers ${says.length} times. After the first answer it has only its state to go on, and what it said before.`,
    };
  }
  if (says[0] === input) {
    return {
      wiring: /** @type {const} */ ("one-to-one"),
      why: "One input, one output, at the same step. Nothing is carried through time.",
    };
  }
  return {
    wiring: null,
    why: "One input and one output, but later. It is one to one with a wait, and the wait gains nothing.",
  };
}

/**
 * What training takes the loss over.
 * @param {boolean[]} outputs
 */
export function lossOf(outputs) {
  const says = steps(outputs);
  if (says.length === 0) return "There is no loss: nothing is said that could be wrong.";
  const silent = outputs.length - says.length;
  const rest =
    silent > 0
      ? ` What it computes at the other ${silent === 1 ? "step" : `${silent} steps`} is not asked for, and costs nothing.`
      : "";
  if (says.length === 1) return `The loss is that of one output, at step ${says[0] + 1}.${rest}`;
  return `The loss is the mean of ${says.length} losses, at steps ${listed(says)}.${rest}`;
}

/** @param {boolean[]} on @returns {number[]} counted from 0 */
function steps(on) {
  return on.flatMap((is, t) => (is ? [t] : []));
}

/** @param {number[]} steps counted from 0 @returns {string} counted from 1 */
function listed(steps) {
  const words = steps.map((t) => String(t + 1));
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/**
 * The rows in which every word of the question occurs.
 * @param {UseCase[]} rows
 * @param {string} question
 */
export function search(rows, question) {
  const words = plain(question).split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    const all = plain(
      [
        row.task,
        row.input,
        row.target,
        `${row.input} to ${row.target}`,
        wiringOf(row.wiring).name,
        row.example,
        row.words,
      ]
        .filter(Boolean)
        .join(" "),
    );
    return words.every((word) => all.includes(word));
  });
}

/** @param {string} text small letters, no hyphens, s for z: one-to-many and summarisation are found, too */
function plain(text) {
  return text
    .toLowerCase()
    .replace(/[-–_]/g, " ")
    .replace(/(?<=i)z(?=[aei])/g, "s");
}
