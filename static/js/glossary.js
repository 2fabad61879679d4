// @ts-check
/*
 * Shows what a term means where it is met: on hover, on focus, and on the first tap of a finger; the second follows the
 * link. Escape closes it, and the pointer may go into it (WCAG 2.2, 1.4.13).
 */

import { h } from "./dom.js";
import { typeset } from "./math.js";

const LEAVE = 250; // milliseconds that the pointer may be on its way from the word to the definition
const GAP = 6;

/**
 * @param {HTMLElement[]} links
 * @returns {() => void} destroy
 */
export function mount(links) {
  const popover = h("div", { id: "term-popover", class: "term-popover", role: "tooltip", popover: "manual" });
  document.body.append(popover);
  /** @type {HTMLElement | null} */
  let open = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let leaving;

  /** @param {HTMLElement} link */
  function show(link) {
    clearTimeout(leaving);
    if (open === link) return;
    hide();
    const anchor = /** @type {HTMLAnchorElement} */ (link).hash.slice(1);
    const template = /** @type {HTMLTemplateElement | null} */ (
      document.querySelector(`template[data-term="${CSS.escape(anchor)}"]`)
    );
    if (!template) return;
    open = link;
    popover.replaceChildren(template.content.cloneNode(true));
    link.setAttribute("aria-describedby", popover.id);
    popover.showPopover();
    place(popover, link);
    /** @type {HTMLElement[]} */
    const formulas = [...popover.querySelectorAll(/** @type {"div"} */ (".math"))];
    if (formulas.length > 0) typeset(formulas).then(() => open === link && place(popover, link));
  }

  function hide() {
    clearTimeout(leaving);
    open?.removeAttribute("aria-describedby");
    open = null;
    if (popover.matches(":popover-open")) popover.hidePopover();
  }

  function hideSoon() {
    clearTimeout(leaving);
    leaving = setTimeout(hide, LEAVE);
  }

  /** @param {PointerEvent} event */
  function entered({ pointerType, currentTarget }) {
    if (pointerType !== "touch") show(/** @type {HTMLElement} */ (currentTarget));
  }
  /** @param {PointerEvent} event */
  function left({ pointerType }) {
    if (pointerType !== "touch" && open !== document.activeElement) hideSoon();
  }
  /** Before the focus that a tap brings: whether it was open already decides if the tap follows the link. */
  /** @type {HTMLElement | null} */
  let openBefore = null;
  function pressed() {
    openBefore = open;
  }
  /** @param {Event} event */
  function clicked(event) {
    const link = /** @type {HTMLElement} */ (event.currentTarget);
    if (/** @type {PointerEvent} */ (event).pointerType !== "touch" || openBefore === link) return;
    event.preventDefault();
    show(link);
  }
  /** @param {FocusEvent} event */
  function focused({ currentTarget }) {
    const link = /** @type {HTMLElement} */ (currentTarget);
    if (link.matches(":focus-visible")) show(link);
  }
  /** @param {KeyboardEvent} event */
  function key({ key }) {
    if (key === "Escape") hide();
  }
  /** @param {PointerEvent} event */
  function elsewhere({ target }) {
    const node = /** @type {Node} */ (target);
    if (open && !open.contains(node) && !popover.contains(node)) hide();
  }

  for (const link of links) {
    link.addEventListener("pointerenter", entered);
    link.addEventListener("pointerleave", left);
    link.addEventListener("pointerdown", pressed);
    link.addEventListener("click", clicked);
    link.addEventListener("focus", focused);
    link.addEventListener("blur", hideSoon);
  }
  const stay = () => clearTimeout(leaving);
  popover.addEventListener("pointerenter", stay);
  popover.addEventListener("pointerleave", hideSoon);
  document.addEventListener("keydown", key);
  document.addEventListener("pointerdown", elsewhere);
  return () => {
    hide();
    popover.remove();
    for (const link of links) {
      link.removeEventListener("pointerenter", entered);
      link.removeEventListener("pointerleave", left);
      link.removeEventListener("pointerdown", pressed);
      link.removeEventListener("click", clicked);
      link.removeEventListener("focus", focused);
      link.removeEventListener("blur", hideSoon);
    }
    document.removeEventListener("keydown", key);
    document.removeEventListener("pointerdown", elsewhere);
  };
}

/**
 * Below the word, or above it where there is more room, and never over the edge of the window.
 * @param {HTMLElement} popover
 * @param {HTMLElement} link
 */
function place(popover, link) {
  const word = link.getClientRects()[0] ?? link.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const left = Math.max(GAP, Math.min(word.left, document.documentElement.clientWidth - width - GAP));
  const below = word.bottom + GAP;
  const top = below + height <= innerHeight || word.top < height + GAP ? below : word.top - GAP - height;
  popover.style.left = `${left + scrollX}px`;
  popover.style.top = `${top + scrollY}px`;
}
