// @ts-check
/* The buttons above the text. One stop for Tab; arrow keys go from button to button. */

import { h } from "../dom.js";
import { beginLines, placeBlock, wrap } from "./markup.js";

/** @import { TextField } from "./text-field.js" */

const TABLE = "| what | how much |\n|---|---:|\n| first | 1 |";

/**
 * What each button does; some have keys as well.
 * @param {() => TextField} text
 */
export function commandsOf(text) {
  /** @param {Parameters<typeof wrap>[3]} mark */
  const mark = (mark) => () => text().edit((words, from, to) => wrap(words, from, to, mark));
  /** @param {string} begin */
  const lines = (begin) => () => text().edit((words, from, to) => beginLines(words, from, to, begin));
  /** @param {string} block @param {string} [words] */
  const place = (block, words) => () => text().edit((all, _from, to) => placeBlock(all, to, block, words));
  return {
    bold: mark({ before: "**", words: "important" }),
    italic: mark({ before: "*", words: "stressed" }),
    link: mark({ before: "[", after: "](https://)", words: "words of the link" }),
    math: mark({ before: "$", words: "x" }),
    heading: lines("## "),
    list: lines("- "),
    note: place(":::note Title\nText of the note.\n:::", "Text of the note."),
    table: place(TABLE, "first"),
    quiz: place(":::quiz"),
    predict: place(":::predict"),
    /** @param {string} block */
    block: (block) => place(block)(),
  };
}

/**
 * @param {HTMLElement} root
 * @param {ReturnType<typeof commandsOf>} commands
 * @param {{demo: () => void, picture: () => void}} more
 */
export function mountToolbar(root, commands, { demo, picture }) {
  const buttons = [
    button("B", "Bold", commands.bold, "Control+B"),
    button("I", "Italic", commands.italic, "Control+I"),
    button("Link", "Link", commands.link, "Control+K"),
    button("Heading", "Heading", commands.heading),
    button("List", "List", commands.list),
    button("Math", "Formula", commands.math),
    button("Table", "Table", commands.table),
    button("Note", "Note", commands.note),
    button("Picture…", "Picture", picture),
    button("Demo…", "Demo", demo),
    button("Quiz", "Quiz", commands.quiz),
    button("Prediction", "Prediction", commands.predict),
  ];
  root.append(...buttons);
  for (const other of buttons.slice(1)) other.tabIndex = -1;
  root.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key];
    if (at === -1 || next === undefined) return;
    event.preventDefault();
    for (const other of buttons) other.tabIndex = -1;
    const found = /** @type {HTMLButtonElement} */ (buttons.at(next % buttons.length));
    found.tabIndex = 0;
    found.focus();
  });
}

/**
 * @param {string} label
 * @param {string} title
 * @param {() => void} onclick
 * @param {string} [keys]
 */
function button(label, title, onclick, keys) {
  const short = label.length === 1;
  return h(
    "button",
    {
      type: "button",
      class: short ? "sign" : null,
      title: keys ? `${title} (${keys.replace("Control", "Ctrl").replace("+", " ")})` : title,
      "aria-label": short ? title : null,
      "aria-keyshortcuts": keys,
      onclick,
    },
    short ? h(label === "B" ? "b" : "i", {}, label) : label,
  );
}
