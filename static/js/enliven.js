// @ts-check
/* The parts of a lesson's text that are alive: formulas, demos, predictions and quizzes. Each is loaded only where there is one. */

/** How often a demo was mounted: two frames of one demo keep their state apart in the URL (explorer, explorer-2).
 * @type {Map<string, number>} */
const seen = new Map();

/**
 * @param {ParentNode} root an element that is in the page, or the page
 * @returns {() => void} ends them
 */
export function enliven(root) {
  /** @type {(() => void)[]} */
  const mounted = [];
  let ended = false;

  const formulas = /** @type {HTMLElement[]} */ (within(root, ".math"));
  if (formulas.length > 0) import("./math.js").then(({ typeset }) => typeset(formulas));

  const demos = /** @type {HTMLElement[]} */ (within(root, "[data-demo]"));
  if (demos.length > 0) {
    import("./demo-frame.js").then(({ mount }) => {
      if (ended) return;
      for (const demo of demos) {
        const slug = demo.dataset.demo ?? "";
        const number = (seen.get(slug) ?? 0) + 1;
        seen.set(slug, number);
        mounted.push(mount(demo, { prefix: number === 1 ? slug : `${slug}-${number}` }));
      }
    });
  }

  const quizzes = /** @type {HTMLElement[]} */ (within(root, "[data-quiz]"));
  if (quizzes.length > 0) {
    import("./quiz/quiz.js").then(({ mount }) => {
      if (!ended) mounted.push(...quizzes.map(mount));
    });
  }

  const predictions = /** @type {HTMLElement[]} */ (within(root, "[data-predict]"));
  if (predictions.length > 0) {
    import("./quiz/predict.js").then(({ mount }) => {
      if (!ended) mounted.push(...predictions.map(mount));
    });
  }

  if (within(root, "[data-quiz-style]").length > 0) {
    import("./stylesheet.js").then(({ stylesheet }) => stylesheet(new URL("../css/quiz.css", import.meta.url).href));
  }

  return () => {
    ended = true;
    for (const destroy of mounted) destroy();
  };
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 */
function within(root, selector) {
  const found = [...root.querySelectorAll(selector)];
  return root instanceof Element && root.matches(selector) ? [root, ...found] : found;
}
