// @ts-check
/* A stylesheet that only some pages need. */

/** @param {string} href @returns {Promise<void>} settled once the page is drawn with it */
export function stylesheet(href) {
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return Promise.resolve();
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  const loaded = new Promise((resolve) => {
    link.onload = link.onerror = resolve;
  });
  document.head.append(link);
  return loaded;
}
