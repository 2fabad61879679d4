// @ts-check
/* Where the labels of a map's points go, so that they cover each other and the points as little as can be. No page here. */

/**
 * @typedef {"right" | "left" | "top" | "bottom" | "top right" | "top left" | "bottom right" | "bottom left"} Side
 * @typedef {{left: number, right: number, top: number, bottom: number}} Box
 */

/** @type {Record<Side, [number, number]>} in which direction from the point; y grows downwards */
const DIRECTIONS = {
  right: [1, 0],
  left: [-1, 0],
  top: [0, -1],
  bottom: [0, 1],
  "top right": [0.7, -0.8],
  "top left": [-0.7, -0.8],
  "bottom right": [0.7, 0.8],
  "bottom left": [-0.7, 0.8],
};
export const SIDES = /** @type {Side[]} */ (Object.keys(DIRECTIONS));

const GAP = 7; // from the middle of a point to its label
const ROUNDS = 3;
const KEEPING = 12; // square pixels of overlap that a label bears before it changes its side

/**
 * A side for each label; the first points choose first.
 * @param {{x: number, y: number, label: string}[]} points in pixels
 * @param {object} options
 * @param {number} [options.letter] width of a letter
 * @param {number} [options.line] height of a line
 * @param {{width: number, height: number}} [options.within] labels stay inside
 * @param {Side[]} [options.before] the sides of the picture before, kept where they are still good
 * @returns {Side[]}
 */
export function placeLabels(points, { letter = 7.2, line = 16, within, before = [] } = {}) {
  const dots = points.map(({ x, y }) => ({ left: x - 4, right: x + 4, top: y - 4, bottom: y + 4 }));
  /** @type {Side[]} */
  const sides = [];
  /** @type {Box[]} */
  const placed = [];
  // Whoever chose early chooses again, knowing the others.
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, point] of points.entries()) {
      let least = Number.POSITIVE_INFINITY;
      for (const [order, side] of SIDES.entries()) {
        const box = labelBox(point, side, letter, line);
        let cost = before[index] === side ? -KEEPING : order / 10;
        for (const [other, label] of placed.entries()) if (other !== index) cost += overlap(box, label);
        for (const [other, dot] of dots.entries()) if (other !== index) cost += 2 * overlap(box, dot);
        if (within) cost += 40 * outside(box, within);
        if (cost < least) {
          least = cost;
          sides[index] = side;
        }
      }
      placed[index] = labelBox(point, sides[index], letter, line);
    }
  }
  return sides;
}

/**
 * @param {{x: number, y: number, label: string}} point
 * @param {Side} side
 * @param {number} letter
 * @param {number} line
 * @returns {Box}
 */
function labelBox({ x, y, label }, side, letter, line) {
  const [dx, dy] = DIRECTIONS[side];
  const width = label.length * letter;
  const left = dx > 0 ? x + dx * GAP : dx < 0 ? x + dx * GAP - width : x - width / 2;
  const middle = y + dy * (GAP + line / 2);
  return { left, right: left + width, top: middle - line / 2, bottom: middle + line / 2 };
}

/**
 * The square pixels that two boxes share.
 * @param {Box} a
 * @param {Box} b
 */
function overlap(a, b) {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/**
 * By how many pixels a box leaves the picture.
 * @param {Box} box
 * @param {{width: number, height: number}} within
 */
function outside(box, { width, height }) {
  return (
    Math.max(0, -box.left) + Math.max(0, box.right - width) + Math.max(0, -box.top) + Math.max(0, box.bottom - height)
  );
}
