// @ts-check
/*
 * The numbers of the demo `unroll`, as mlcore/recurrent.py and mlcore/unrolled.py compute them; no page here.
 * tests/js/unroll-maths.test.js holds the two together on vectors that Python wrote.
 */

/** @typedef {"tanh" | "relu" | "sigmoid" | "linear"} Activation */
/** @typedef {"numbers" | "bits" | "letters" | "brackets"} Reads */
/** @typedef {{Wx: number[][], Wy: number[][], b: number[], V: number[][], c: number[]}} Net Wy[i][j] leads from i to j */
/** @typedef {"Wx" | "Wy" | "b" | "V" | "c"} Kind */
/** @typedef {{kind: Kind, place: number[]}} Weight */

/**
 * @typedef {object} Trace
 * @property {number} steps
 * @property {number} units
 * @property {number[][]} x
 * @property {Float64Array} z of neuron j at step t: z[t * units + j]
 * @property {Float64Array} y
 * @property {Float64Array} said
 */

export const LETTERS = "abcdefghijklmnopqrstuvwxyz ";
export const MAX_STEPS = 40;
export const MAX_NUMBER = 1000;
export const MAX_WEIGHT = 1000;

/** @type {Record<string, Reads>} */
export const READS = {
  mean: "numbers",
  parity: "bits",
  seen_a: "letters",
  brackets: "brackets",
  own_numbers: "numbers",
  own_letters: "letters",
};

/** @param {string} example @returns {Activation} of the output */
export function answersOf(example) {
  return example === "parity" || example === "seen_a" ? "sigmoid" : "linear";
}

/** @type {Record<Activation, (z: number) => number>} */
export const ACTIVATIONS = {
  tanh: Math.tanh,
  relu: (z) => Math.max(z, 0),
  sigmoid(z) {
    const small = Math.exp(-Math.abs(z));
    return z >= 0 ? 1 / (1 + small) : small / (1 + small);
  },
  linear: (z) => z,
};

/**
 * What a sequence is made of: numbers, or characters as they are counted in Python.
 * @param {Reads} reads
 * @param {any} sequence as the form has it
 * @returns {(number | string)[]}
 */
export function symbolsOf(reads, sequence) {
  if (reads === "numbers") return sequence;
  const characters = Array.from(String(sequence));
  return reads === "letters" ? characters : characters.filter((character) => !/[\s,]/.test(character));
}

/**
 * What is wrong with a sequence, in a sentence, or "".
 * @param {Reads} reads
 * @param {(number | string)[]} symbols
 */
export function problemOf(reads, symbols) {
  if (symbols.length === 0) return "The sequence is empty: write something for the net to read.";
  if (symbols.length > MAX_STEPS) return `The sequence has ${symbols.length} steps; up to ${MAX_STEPS} can be drawn.`;
  if (reads === "numbers" && symbols.some((value) => !(Math.abs(Number(value)) <= MAX_NUMBER)))
    return `Each number is to be between −${MAX_NUMBER} and ${MAX_NUMBER}.`;
  if (reads === "bits" && symbols.some((value) => value !== "0" && value !== "1"))
    return "This net reads noughts and ones only, such as 0110.";
  if (reads === "brackets" && symbols.some((value) => value !== "(" && value !== ")"))
    return "This net reads ( and ) only, such as (()()).";
  return "";
}

/** @param {Reads} reads */
export function inputsOf(reads) {
  return { numbers: 1, bits: 1, brackets: 2, letters: LETTERS.length }[reads];
}

/**
 * @param {Reads} reads
 * @param {(number | string)[]} symbols
 * @returns {number[][]} (T, D)
 */
export function encode(reads, symbols) {
  if (reads === "numbers" || reads === "bits") return symbols.map((value) => [Number(value)]);
  const known = reads === "brackets" ? "()" : LETTERS;
  return symbols.map((symbol) => {
    const row = new Array(known.length).fill(0);
    const at = known.indexOf(String(symbol).toLowerCase());
    row[at < 0 ? known.length - 1 : at] = 1;
    return row;
  });
}

/**
 * Evenly from 0 to 1 (mulberry32).
 * @param {number} seed
 * @returns {() => number}
 */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  };
}

/**
 * @param {Reads} reads
 * @param {number} units
 * @param {number} seed
 * @returns {Net}
 */
export function randomNet(reads, units, seed) {
  const next = randomNumbers(seed);
  const inputs = inputsOf(reads);
  /** @param {number} rows @param {number} columns @param {number} limit */
  const draw = (rows, columns, limit) =>
    Array.from({ length: rows }, () =>
      Array.from({ length: columns }, () => Math.floor(100 * ((2 * next() - 1) * limit) + 0.5) / 100),
    );
  return {
    Wx: draw(inputs, units, Math.sqrt(6 / (inputs + units))),
    Wy: draw(units, units, Math.sqrt(3 / units)),
    b: new Array(units).fill(0),
    V: draw(units, 1, Math.sqrt(3 / units)),
    c: [0],
  };
}

/** @param {Net} net @param {Weight} weight */
export function weightOf(net, { kind, place }) {
  const row = /** @type {any} */ (net)[kind]?.[place[0]];
  return /** @type {number | undefined} */ (place.length > 1 ? row?.[place[1]] : row);
}

/** @param {Weight} weight */
export function nameOf({ kind, place }) {
  return [kind, ...place].join(".");
}

const CHANGE = /^(Wx|Wy|b|V|c)\.(\d{1,2})(?:\.(\d{1,2}))?=(-?\d{1,4}(?:\.\d{1,6})?)$/;

/** @param {string} name @returns {Weight} */
export function weightNamed(name) {
  const [kind, ...place] = name.split(".");
  return { kind: /** @type {Kind} */ (kind), place: place.map(Number) };
}

/**
 * "Wx.0.1=0.5;b.2=-1" as values by name.
 * @param {string} text
 * @returns {Map<string, number>}
 */
export function readChanges(text) {
  const changes = new Map();
  for (const change of text.split(";").filter(Boolean)) {
    const match = CHANGE.exec(change);
    if (!match) throw new Error(`“${change.slice(0, 30)}” changes no weight. Write the like of Wy.0.1=0.5.`);
    const [name] = change.split("=");
    if (Math.abs(Number(match[4])) > MAX_WEIGHT)
      throw new Error(`A weight is between −1000 and 1000 here; ${match[4]} is not.`);
    changes.set(name, Number(match[4]));
  }
  return changes;
}

/** @param {Map<string, number>} changes */
export function writeChanges(changes) {
  return [...changes].map(([name, value]) => `${name}=${plain(value)}`).join(";");
}

/** @param {number} value with up to six decimals, and no exponent */
function plain(value) {
  return String(Number(value.toFixed(6))).includes("e") ? value.toFixed(6) : String(Number(value.toFixed(6)));
}

/**
 * @param {Net} net
 * @param {Map<string, number>} changes
 * @returns {Net} another one
 */
export function changed(net, changes) {
  if (changes.size === 0) return net;
  const copy = {
    Wx: net.Wx.map((row) => [...row]),
    Wy: net.Wy.map((row) => [...row]),
    b: [...net.b],
    V: net.V.map((row) => [...row]),
    c: [...net.c],
  };
  for (const [name, value] of changes) {
    const { kind, place } = weightNamed(name);
    const deep = kind === "b" || kind === "c" ? 1 : 2;
    if (place.length !== deep || weightOf(copy, { kind, place }) === undefined)
      throw new Error(`This net has no weight ${name}. Reset the weights.`);
    if (place.length > 1) /** @type {any} */ (copy[kind])[place[0]][place[1]] = value;
    /** @type {any} */ else copy[kind][place[0]] = value;
  }
  return copy;
}

/**
 * y(t) = φ(x(t)·Wx + y(t−1)·Wy + b) at each step, and what the output reads from it.
 * @param {Net} net
 * @param {number[][]} x
 * @param {Activation} activation
 * @param {Activation} answers φ of the output
 * @returns {Trace}
 */
export function forward({ Wx, Wy, b, V, c }, x, activation, answers) {
  const steps = x.length;
  const units = b.length;
  const phi = ACTIVATIONS[activation];
  const last = ACTIVATIONS[answers];
  const z = new Float64Array(steps * units);
  const y = new Float64Array(steps * units);
  const said = new Float64Array(steps);
  for (let t = 0; t < steps; t += 1) {
    const now = t * units;
    const before = now - units;
    const inputs = x[t];
    let out = c[0];
    for (let j = 0; j < units; j += 1) {
      let sum = b[j];
      for (let d = 0; d < inputs.length; d += 1) if (inputs[d] !== 0) sum += inputs[d] * Wx[d][j];
      if (t > 0) for (let i = 0; i < units; i += 1) sum += y[before + i] * Wy[i][j];
      z[now + j] = sum;
      y[now + j] = phi(sum);
      out += y[now + j] * V[j][0];
    }
    said[t] = last(out);
  }
  return { steps, units, x, z, y, said };
}

/**
 * What a net was trained to say.
 * @param {string} example
 * @param {number[][]} x
 * @returns {number[] | null}
 */
export function wanted(example, x) {
  let state = 0;
  switch (example) {
    case "mean":
      return x.map(([value]) => (state = 0.8 * state + 0.2 * value));
    case "parity":
      return x.map(([bit]) => (state = (state + bit) % 2));
    case "seen_a":
      return x.map((letter) => (state = Math.max(state, letter[0])));
    case "brackets":
      return x.map(([opens, closes]) => (state += opens - closes));
    default:
      return null;
  }
}

/**
 * Every product of one neuron's sum at one step.
 * @param {Net} net
 * @param {Trace} trace
 * @param {number} t
 * @param {number} j
 * @returns {{weight: Weight, value: number, by: number, product: number}[]} of one-hot inputs the hot one only
 */
export function productsOf(net, trace, t, j) {
  const { x, y, units } = trace;
  const terms = [];
  const oneHot = x[t].length > 1;
  for (let d = 0; d < x[t].length; d += 1) {
    if (oneHot && x[t][d] === 0) continue;
    terms.push(term({ kind: "Wx", place: [d, j] }, x[t][d], net.Wx[d][j]));
  }
  for (let i = 0; i < units; i += 1) {
    terms.push(term({ kind: "Wy", place: [i, j] }, t > 0 ? y[(t - 1) * units + i] : 0, net.Wy[i][j]));
  }
  terms.push(term({ kind: "b", place: [j] }, 1, net.b[j]));
  return terms;
}

/**
 * Every product of the output's sum at one step.
 * @param {Net} net
 * @param {Trace} trace
 * @param {number} t
 */
export function outputProductsOf(net, { y, units }, t) {
  const terms = net.V.map(([by], i) => term({ kind: "V", place: [i, 0] }, y[t * units + i], by));
  return [...terms, term({ kind: "c", place: [0] }, 1, net.c[0])];
}

/** @param {Weight} weight @param {number} value @param {number} by */
function term(weight, value, by) {
  return { weight, value, by, product: value * by };
}

/**
 * The largest difference between what two computed.
 * @param {Trace} trace
 * @param {{z: number[][], y: number[][], said: number[] | null}} other
 * @returns {number | null} null: they are of different sizes
 */
export function largestDifference(trace, other) {
  if (other.y.length !== trace.steps || other.y[0]?.length !== trace.units) return null;
  let largest = 0;
  /** @param {number} one @param {number} two */
  const look = (one, two) => {
    largest = Math.max(largest, Math.abs(one - two) / Math.max(1, Math.abs(two)));
  };
  for (let t = 0; t < trace.steps; t += 1) {
    for (let j = 0; j < trace.units; j += 1) {
      look(trace.z[t * trace.units + j], other.z[t][j]);
      look(trace.y[t * trace.units + j], other.y[t][j]);
    }
    if (other.said) look(trace.said[t], other.said[t]);
  }
  return largest;
}

/** @param {Float64Array} values */
export function largest(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/**
 * A number for the eye: two decimals, or a power of ten where that says nothing.
 * @param {number} value
 * @param {number} digits
 */
export function show(value, digits = 2) {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 10_000 || size < 0.5 * 10 ** -digits) && Number.isFinite(value)) {
    const [mantissa, exponent] = value.toExponential(size < 1 ? 0 : 1).split("e");
    const power = Array.from(exponent.replace("+", ""), (d) => (d === "-" ? "⁻" : SUPERSCRIPTS[Number(d)])).join("");
    return `${mantissa.replace("-", "−")}·10${power}`;
  }
  return value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : digits).replace("-", "−");
}
