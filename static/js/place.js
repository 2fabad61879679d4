// @ts-check
/*
 * Keeps the place in a lesson that the address names: the demos above it grow when they are built and drawn, and would
 * push it out of sight. It ends as soon as the reader does anything.
 */

const DOES = ["wheel", "touchstart", "pointerdown", "click", "focusin", "keydown"];

/** @param {HTMLElement[]} demos those of the page */
export function keepPlace(demos) {
  const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const above = demos.filter((demo) => place && demo.compareDocumentPosition(place) & Node.DOCUMENT_POSITION_FOLLOWING);
  if (!place || above.length === 0) return;

  const observer = new ResizeObserver(() => place.scrollIntoView({ block: "start", behavior: "instant" }));
  function end() {
    observer.disconnect();
    for (const kind of DOES) removeEventListener(kind, end);
  }

  for (const kind of DOES) addEventListener(kind, end, { passive: true });
  for (const demo of above) observer.observe(demo);
}
