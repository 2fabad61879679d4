// @ts-check
/*
 * Light, dark, or as the system says. A small classic script that blocks in <head>, so that the first paint already has
 * the chosen colours (a module would come too late). Charts listen for "themechange" on the document.
 */
(() => {
  const KEY = "theme";
  const root = document.documentElement;
  root.classList.add("js");

  /** @returns {string} "light", "dark" or "system" */
  function choice() {
    try {
      return localStorage.getItem(KEY) ?? "system";
    } catch {
      return "system"; // storage may be forbidden; the switch then lasts for this page
    }
  }

  /** @param {string} theme */
  function apply(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    document.dispatchEvent(new Event("themechange"));
  }

  apply(choice());

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => apply(choice()));
  addEventListener("storage", (event) => {
    if (event.key === KEY) apply(choice());
  });
  document.addEventListener("DOMContentLoaded", () => {
    for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll(".theme input"))) {
      input.checked = input.value === choice();
      input.addEventListener("change", () => {
        try {
          localStorage.setItem(KEY, input.value);
        } catch {
          // see choice()
        }
        apply(input.value);
      });
    }
  });
})();
