// @ts-check
/* What the toolbar does to a text, apart from any page: changes of Markdown. */

/** @typedef {{from: number, to: number, insert: string, select: [number, number]}} Change what is replaced, and what is
 * selected afterwards */

/**
 * Puts marks around what is selected, or takes them away where they are already there.
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @param {{before: string, after?: string, words: string}} mark words: what is written where nothing is selected
 * @returns {Change}
 */
export function wrap(text, from, to, { before, after = before, words }) {
  const selected = text.slice(from, to);
  if (text.slice(from - before.length, from) === before && text.slice(to, to + after.length) === after) {
    const start = from - before.length;
    return { from: start, to: to + after.length, insert: selected, select: [start, start + selected.length] };
  }
  const inside = selected || words;
  const start = from + before.length;
  return { from, to, insert: before + inside + after, select: [start, start + inside.length] };
}

/**
 * Begins each selected line with a mark, or takes it away where all have it.
 * @param {string} text
 * @param {number} from
 * @param {number} to
 * @param {string} mark such as "## "
 * @returns {Change}
 */
export function beginLines(text, from, to, mark) {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const end = text.indexOf("\n", to) === -1 ? text.length : text.indexOf("\n", to);
  const lines = text.slice(start, end).split("\n");
  const all = lines.every((line) => line.startsWith(mark));
  const insert = lines.map((line) => (all ? line.slice(mark.length) : mark + line)).join("\n");
  const last = start + insert.length;
  return { from: start, to: end, insert, select: lines.length === 1 ? [last, last] : [start, last] };
}

/**
 * Puts a block on lines of its own, below the paragraph at hand, with blank lines around it.
 * @param {string} text
 * @param {number} at
 * @param {string} block
 * @param {string} [words] the part of the block that is selected then, to be written over
 * @returns {Change}
 */
export function placeBlock(text, at, block, words = "") {
  const line = text.indexOf("\n", at);
  const end = text.slice(text.lastIndexOf("\n", at - 1) + 1, at).trim() === "" ? at : line === -1 ? text.length : line;
  const above = text.slice(0, end);
  const below = text.slice(end);
  const before = above.trim() === "" || above.endsWith("\n\n") ? "" : above.endsWith("\n") ? "\n" : "\n\n";
  const after = below === "" ? "\n" : below.startsWith("\n\n") ? "" : below.startsWith("\n") ? "\n" : "\n\n";
  const start = end + before.length + (words ? block.indexOf(words) : block.length);
  return { from: end, to: end, insert: before + block + after, select: [start, start + words.length] };
}

/** @param {string} name @param {string} description @param {string} caption */
export function figure(name, description, caption) {
  const first = `:::figure ${name} ${oneLine(description)}`;
  return caption.trim() ? `${first}\n${caption.trim()}\n:::` : first;
}

/** @param {string} text */
function oneLine(text) {
  return text.trim().replace(/\s+/g, " ");
}

/**
 * Where a line is, told by the headings: so that the preview can follow although it knows no lines.
 * @param {string} text
 * @param {number} line from 1
 * @returns {{section: number, headings: number, part: number, whole: number}} the heading above (-1: none), how many there
 *   are, how far it is to the next one, and how far down the whole text (both 0 to 1)
 */
export function placeOf(text, line) {
  const lines = text.split("\n");
  let fenced = false;
  const at = [];
  for (const [index, words] of lines.entries()) {
    if (/^ {0,3}(```|~~~)/.test(words)) fenced = !fenced;
    else if (!fenced && /^ {0,3}#{1,6}(\s|$)/.test(words)) at.push(index + 1);
  }
  const section = at.findLastIndex((heading) => heading <= line);
  const start = at[section] ?? 1;
  const end = at[section + 1] ?? lines.length + 1;
  return {
    section,
    headings: at.length,
    part: (line - start) / Math.max(1, end - start),
    whole: (line - 1) / Math.max(1, lines.length - 1),
  };
}
