/**
 * Names of dots that are too small to hold them: each beside its dot where nothing else stands,
 * as near as can be, at the end of a thin line if that is not at hand.
 *
 * @typedef {{x: number, y: number}} Point
 * @typedef {{x: number, y: number, far: boolean}} Tag  Its middle, seen from the dot.
 */

/** The room of a name of one or two digits. */
const TALL = 10;
const WIDE = [7, 13];
/** How far from its dot a name may stand; one that is nearer needs no line. */
const MOST = 96;
const NEAR = 9;
const STEP = 4;

/** @type {{dx: number, dy: number}[]} Seen from the edge of the dot, the nearest first. */
const PLACES = [];
for (let dx = 1; dx <= MOST; dx += STEP)
  for (let dy = -20; dy <= 20; dy += 5)
    for (const side of [1, -1]) PLACES.push({ dx: side * dx, dy });
PLACES.sort((a, b) => cost(a) - cost(b));

/** @param {{dx: number, dy: number}} place */
function cost({ dx, dy }) {
  return Math.abs(dx) + 1.5 * Math.abs(dy);
}

/**
 * @param {Point[]} dots
 * @param {number} radius
 * @param {{left: number, right: number, top: number, bottom: number}} box  That they stay in.
 * @returns {(Tag | null)[]}  Null where there is no room for a name.
 */
export function placeTags(dots, radius, { left, right, top, bottom }) {
  /** @type {{x: number, y: number, wide: number, tall: number}[]} */
  const taken = dots.map(({ x, y }) => ({ x, y, wide: radius, tall: radius }));
  return dots.map((dot, i) => {
    const wide = WIDE[i < 9 ? 0 : 1] / 2;
    const tall = TALL / 2;
    for (const { dx, dy } of PLACES) {
      const x = dot.x + dx + Math.sign(dx) * (radius + wide);
      const y = dot.y + dy;
      if (x - wide < left || x + wide > right) continue;
      if (y - tall < top || y + tall > bottom) continue;
      const free = taken.every(
        (other) =>
          Math.abs(other.x - x) >= other.wide + wide ||
          Math.abs(other.y - y) >= other.tall + tall,
      );
      if (!free) continue;
      taken.push({ x, y, wide, tall });
      const far = Math.hypot(dx, dy) > NEAR;
      return { x: x - dot.x, y: dy, far };
    }
    return null;
  });
}
