// @ts-check
/* The page on which a lesson is written: text, preview, saving, and everybody who writes it too. */

import { h } from "../dom.js";
import { backupOf, browserStorage } from "./backup.js";
import { completionSource } from "./completions.js";
import { chooseDemo } from "./dialogs.js";
import { fieldsOf } from "./fields.js";
import { placeOf } from "./markup.js";
import { noticesIn } from "./notices.js";
import { mountPictures } from "./pictures.js";
import { mountPresence } from "./presence.js";
import { mountPreviewLink } from "./preview-link.js";
import { mountPreview } from "./preview-pane.js";
import { mountProblems } from "./problems.js";
import { Saving } from "./saving.js";
import { mountTabs } from "./tabs.js";
import { mountText } from "./text-field.js";
import { commandsOf, mountToolbar } from "./toolbar.js";

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @returns {T}
 */
const byId = (id) => /** @type {T} */ (document.getElementById(id));

const root = byId("lesson-editor");
const address = /** @type {Record<string, string>} */ (/** @type {unknown} */ (root.dataset));
const form = /** @type {HTMLFormElement} */ (byId("lesson-form"));
const menu = JSON.parse(byId("demo-menu").textContent ?? "[]");
const notices = noticesIn(byId("editor-notices"));
const panes = /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll("input[name=pane]"));

// What is written ------------------------------------------------------------------------------------------------

const commands = commandsOf(() => body);
const save = () => saving.save();
const body = mountText(byId("lesson-body"), {
  language: "markdown",
  label: "Text",
  describedBy: "editor-keys",
  onChange: changed,
  onMove: (line) => preview.follow(placeOf(body.text, line)),
  onFiles: (files) => pictures.take(files),
  complete: completionSource(menu, () => pictures.names()),
  keys: { "Mod-b": commands.bold, "Mod-i": commands.italic, "Mod-k": commands.link },
});
const quiz = mountText(byId("lesson-quiz"), { language: "yaml", label: "Questions (quiz.yaml)", onChange: changed });
const fields = fieldsOf(form, { body, quiz }, changed);

const tabs = mountTabs(/** @type {HTMLElement} */ (document.querySelector(".editor-tabs")), () => {
  body.measure();
  quiz.measure();
});
const pictures = mountPictures({
  list: byId("pictures"),
  field: byId("picture-file"),
  address: address.images,
  insert: (block) => {
    showText();
    commands.block(block);
  },
  onStart: () => notices.hide("picture"),
  onError: (words) => notices.show("picture", "error", [words]),
});
mountToolbar(byId("toolbar"), commands, {
  picture: () => pictures.choose(),
  async demo() {
    const block = await chooseDemo(menu);
    if (block) commands.block(block);
  },
});

// What it looks like ---------------------------------------------------------------------------------------------

const problems = mountProblems({ list: byId("problems"), none: byId("no-problems"), text: body, onGo: showText });
const preview = mountPreview({
  frame: byId("preview"),
  address: address.preview,
  read: () => fields.read(),
  onProblems(found) {
    byId("preview-state").textContent = "";
    problems.show(found);
    if (found.length === 0) notices.hide("refused");
  },
  onError: (error) => {
    byId("preview-state").textContent = error instanceof Error ? error.message : String(error);
  },
});
for (const pane of panes) pane.addEventListener("change", () => look(pane.value));
byId("phone-width").addEventListener("change", (event) => {
  const { checked } = /** @type {HTMLInputElement} */ (event.currentTarget);
  byId("preview").parentElement?.classList.toggle("narrow", checked);
});

/** @param {string} pane "write" or "preview": where both do not fit beside each other */
function look(pane) {
  root.dataset.pane = pane;
  for (const choice of panes) choice.checked = choice.value === pane;
  body.measure();
}

function showText() {
  look("write");
  tabs.choose("tab-body");
}

mountPreviewLink({
  form: /** @type {HTMLFormElement} */ (byId("sharing-form")),
  box: byId("sharing-link"),
  field: byId("preview-link"),
  make: byId("sharing-make"),
  off: byId("sharing-off"),
  onError: (words) => notices.show("link", "error", [words]),
});

// What is kept ---------------------------------------------------------------------------------------------------

const saving = new Saving({
  addresses: { save: address.save, publish: address.publish },
  base: Number(address.base),
  fields,
  message: /** @type {HTMLInputElement} */ (form.elements.namedItem("message")),
  backup: backupOf(address.draft, browserStorage()),
  notices,
  onState({ state }) {
    byId("lesson-state").replaceChildren(...new DOMParser().parseFromString(state, "text/html").body.childNodes);
    byId("editor-title").textContent = saving.saved.title;
    for (const past of ["newer", "picture", "link", "refused"]) notices.hide(past);
  },
  onProblems: (found) => problems.show(found),
  goTo(line) {
    showText();
    body.goTo(line);
  },
  onChange: sayState,
});

function changed() {
  saving.typed();
  preview.changed();
}

function sayState() {
  const words = saving.isBusy ? "Saving…" : saving.isDirty ? "Not saved yet." : `Saved as revision ${saving.base}.`;
  if (byId("save-state").textContent !== words) byId("save-state").textContent = words;
}

form.addEventListener("input", ({ target }) => {
  if (/** @type {HTMLInputElement} */ (target).name !== "message") changed();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
byId("publish-form").addEventListener("submit", (event) => {
  event.preventDefault();
  saving.publish();
});
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "s") return;
  event.preventDefault();
  save();
});
addEventListener("beforeunload", (event) => {
  if (saving.isDirty) event.preventDefault();
});

// Who else -------------------------------------------------------------------------------------------------------

mountPresence(address.presence, ({ others, revision, saved }) => {
  const presence = byId("presence");
  if (presence.textContent !== others) presence.textContent = others;
  presence.hidden = others === "";
  if (saving.isBusy || revision <= saving.base) return;
  const compare = `${location.pathname}revisions/compare/?from=${saving.base}&to=${revision}`;
  const what = h("a", { href: compare, target: "_blank", rel: "noopener" }, "See what changed");
  const words = [
    `${saved.author} saved revision ${saved.number} on ${saved.at}. Yours stays as it is here. `,
    what,
    ".",
  ];
  const actions = saving.isDirty ? [] : [{ label: "Load it", run: () => location.reload() }];
  notices.show("newer", "warning", words, actions);
});

saving.offer("typed");
saving.offer("aside");
sayState();
root.dataset.mounted = "";
