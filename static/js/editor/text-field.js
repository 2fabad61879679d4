// @ts-check
/* A textarea becomes a CodeMirror: highlighted, with line numbers and marks at what is wrong. The textarea keeps the text,
 * so that the form around it works as it did. Tab leaves it, as it leaves every field. */

import { codemirror as cm } from "./codemirror.js";

/** @import { Change } from "./markup.js" */
/** @typedef {ReturnType<typeof mountText>} TextField */

const { tags } = cm;
const colours = cm.HighlightStyle.define([
  { tag: tags.heading, fontWeight: "700" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: [tags.link, tags.url], color: "var(--link)" },
  { tag: [tags.monospace, tags.string], color: "var(--cat-3)" },
  { tag: [tags.processingInstruction, tags.meta, tags.contentSeparator], color: "var(--ink-3)" },
  { tag: [tags.comment, tags.quote], color: "var(--ink-2)" },
  { tag: [tags.keyword, tags.propertyName, tags.definition(tags.propertyName)], color: "var(--cat-1)" },
  { tag: [tags.number, tags.bool, tags.atom], color: "var(--cat-2)" },
]);

const block = cm.Decoration.mark({ class: "cm-block" });
const math = cm.Decoration.mark({ class: "cm-math" });
const ours = new cm.MatchDecorator({
  regexp: /^:::.*$|\$\$[^$]+\$\$|\$[^$\s](?:[^$]*[^$\s])?\$/g,
  decoration: (match) => (match[0].startsWith(":::") ? block : math),
});
const blocksAndMath = cm.ViewPlugin.define(
  (view) => ({
    marks: ours.createDeco(view),
    /** @param {import("@codemirror/view").ViewUpdate} update */
    update(update) {
      this.marks = ours.updateDeco(update, this.marks);
    },
  }),
  { decorations: ({ marks }) => marks },
);

/**
 * @param {HTMLTextAreaElement} textarea
 * @param {object} options
 * @param {"markdown" | "yaml"} options.language
 * @param {string} options.label
 * @param {string} [options.describedBy] the id of a hint
 * @param {() => void} options.onChange
 * @param {(line: number) => void} [options.onMove] the cursor is on another line
 * @param {Record<string, () => void>} [options.keys] such as "Mod-b"
 * @param {(files: File[]) => void} [options.onFiles] pasted or dropped
 * @param {import("@codemirror/autocomplete").CompletionSource} [options.complete]
 */
export function mountText(textarea, { language, label, describedBy, onChange, onMove, keys = {}, onFiles, complete }) {
  /** @param {DataTransfer | null} data */
  const filesOf = (data) => [...(data?.files ?? [])].filter(({ type }) => type.startsWith("image/"));

  /** @param {Event} event @param {DataTransfer | null} data */
  function take(event, data) {
    const files = filesOf(data);
    if (files.length === 0 || !onFiles) return false;
    event.preventDefault();
    onFiles(files);
    return true;
  }

  const bound = Object.entries(keys).map(([key, act]) => {
    const run = () => {
      act();
      return true;
    };
    return { key, preventDefault: true, run };
  });
  const view = new cm.EditorView({
    doc: textarea.value,
    extensions: [
      cm.lineNumbers(),
      cm.highlightActiveLine(),
      cm.highlightActiveLineGutter(),
      cm.highlightSpecialChars(),
      cm.drawSelection(),
      cm.history(),
      cm.bracketMatching(),
      cm.search({ top: true }),
      cm.highlightSelectionMatches(),
      cm.lintGutter(),
      cm.EditorView.lineWrapping,
      cm.syntaxHighlighting(colours),
      language === "yaml" ? cm.yaml() : [cm.markdown({ base: cm.markdownLanguage }), blocksAndMath],
      cm.autocompletion({ override: complete ? [complete] : [] }),
      cm.keymap.of([...bound, ...cm.completionKeymap, ...cm.searchKeymap, ...cm.historyKeymap, ...cm.defaultKeymap]),
      cm.EditorView.contentAttributes.of({
        "aria-label": label,
        spellcheck: language === "markdown" ? "true" : "false",
        ...(describedBy && { "aria-describedby": describedBy }),
      }),
      cm.EditorView.domEventHandlers({
        paste: (event) => take(event, event.clipboardData),
        drop: (event) => take(event, event.dataTransfer),
      }),
      cm.EditorView.updateListener.of((update) => {
        if (update.docChanged) {
          textarea.value = view.state.doc.toString();
          onChange();
        }
        if (update.selectionSet || update.docChanged) onMove?.(currentLine());
      }),
    ],
  });
  document.fonts.ready.then(() => view.requestMeasure());
  textarea.hidden = true;
  textarea.after(view.dom);

  const currentLine = () => view.state.doc.lineAt(view.state.selection.main.head).number;

  return {
    get text() {
      return view.state.doc.toString();
    },
    set text(text) {
      if (text !== this.text) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    /** @param {(text: string, from: number, to: number) => Change} change of what is selected */
    edit(change) {
      const { from, to } = view.state.selection.main;
      const { select, ...changes } = change(this.text, from, to);
      view.dispatch({ changes, selection: { anchor: select[0], head: select[1] }, scrollIntoView: true });
      view.focus();
    },
    /** @param {number} line */
    goTo(line) {
      const { from } = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
      view.dispatch({
        selection: { anchor: from },
        effects: cm.EditorView.scrollIntoView(from, { y: "center" }),
      });
      view.focus();
    },
    /** @param {{line: number, message: string}[]} problems */
    mark(problems) {
      const marks = problems.map(({ line, message }) => {
        const { from, to } = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
        return { from, to, message, severity: /** @type {"error"} */ ("error") };
      });
      view.dispatch(cm.setDiagnostics(view.state, marks));
    },
    focus: () => view.focus(),
    /** To be called once it can be seen: what is hidden has no sizes. */
    measure: () => view.requestMeasure(),
    destroy() {
      view.destroy();
      textarea.hidden = false;
    },
  };
}
