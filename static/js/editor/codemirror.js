// @ts-check
/* CodeMirror, bundled into one file (docs/decisions/0014); its types come from the packages. */

/** @type {typeof import("../../../bin/codemirror.js")} */
export const codemirror = await import(new URL("../../vendor/codemirror/codemirror.js", import.meta.url).href);
