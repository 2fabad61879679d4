// @ts-check
/* What may stand in a block: names of blocks, demos and their presets, pictures. */

/** @typedef {{lesson: string, demos: {slug: string, title: string, presets: {name: string, title: string}[]}[]}[]} DemoMenu */
/** @typedef {{label: string, detail?: string}} Option */

const BLOCKS = [
  { label: "demo", detail: "a demo's frame" },
  { label: "note", detail: "a box beside the text" },
  { label: "figure", detail: "a picture with a caption" },
  { label: "quiz", detail: "questions, once there are quizzes" },
  { label: "predict", detail: "a guess before a demo runs" },
];

/**
 * @param {string} line as far as it is written
 * @param {DemoMenu} menu
 * @param {string[]} pictures names
 * @returns {{length: number, options: Option[]} | null} length: of what is replaced, at the line's end
 */
export function completionsOf(line, menu, pictures) {
  const words = /^:::\s*(\S*)$/.exec(line);
  if (words) return { length: words[1].length, options: BLOCKS };
  const demos = menu.flatMap((lesson) => lesson.demos);
  const demo = /^:::\s*demo\s+(\S*)$/.exec(line);
  if (demo)
    return { length: demo[1].length, options: demos.map(({ slug, title }) => ({ label: slug, detail: title })) };
  const preset = /^:::\s*demo\s+(\S+)\s+(\S*)$/.exec(line);
  if (preset) {
    const chosen = demos.find(({ slug }) => slug === preset[1]);
    const options = chosen?.presets.map(({ name, title }) => ({ label: name, detail: title })) ?? [];
    return { length: preset[2].length, options };
  }
  const picture = /^:::\s*figure\s+(\S*)$/.exec(line);
  if (picture) return { length: picture[1].length, options: pictures.map((label) => ({ label })) };
  return null;
}

/**
 * @param {DemoMenu} menu
 * @param {() => string[]} pictures
 * @returns {import("@codemirror/autocomplete").CompletionSource}
 */
export function completionSource(menu, pictures) {
  return (context) => {
    const { from, text } = context.state.doc.lineAt(context.pos);
    const found = completionsOf(text.slice(0, context.pos - from), menu, pictures());
    return found && { from: context.pos - found.length, options: found.options };
  };
}
