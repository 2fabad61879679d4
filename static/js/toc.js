// @ts-check
/* Marks, in the rail "On this page", the heading that the reader is at. */

/** @param {HTMLElement} nav */
export function mount(nav) {
  const links = [...nav.querySelectorAll("a")];
  const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));

  let waiting = false;
  function mark() {
    waiting = false;
    const line = innerHeight * 0.3;
    const atEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 4;
    let current = headings.findLastIndex((heading) => heading && heading.getBoundingClientRect().top < line);
    if (atEnd) current = links.length - 1;
    for (const [index, link] of links.entries()) {
      if (index === current) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
  }
  function soon() {
    if (!waiting) requestAnimationFrame(mark);
    waiting = true;
  }

  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon, { passive: true });
  mark();
  return () => {
    removeEventListener("scroll", soon);
    removeEventListener("resize", soon);
  };
}
