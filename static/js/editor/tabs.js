// @ts-check
/* Tabs: one panel is seen; arrow keys go from tab to tab. */

/**
 * @param {HTMLElement} list a role=tablist
 * @param {(name: string) => void} onChange the id of the panel that is seen now
 */
export function mountTabs(list, onChange) {
  const tabs = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[role=tab]")]);

  /** @param {HTMLElement} chosen */
  function choose(chosen) {
    for (const tab of tabs) {
      const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
      tab.setAttribute("aria-selected", String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      if (panel) panel.hidden = tab !== chosen;
    }
    onChange(chosen.getAttribute("aria-controls") ?? "");
  }

  for (const tab of tabs) tab.addEventListener("click", () => choose(tab));
  list.addEventListener("keydown", ({ key }) => {
    const at = tabs.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (at === -1 || !step) return;
    const next = /** @type {HTMLElement} */ (tabs.at((at + step) % tabs.length));
    choose(next);
    next.focus();
  });
  choose(tabs[0]);
  return { choose: (/** @type {string} */ id) => choose(/** @type {HTMLElement} */ (document.getElementById(id))) };
}
