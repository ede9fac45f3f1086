import { reached, wordsOf } from "../combine.js";
import { motion } from "../dom.js";
import { numberText } from "../format.js";

/** @import {Player} from "../player.js" */

const STEP = 700;
const SLIDE = 180;
const TERMS = { from: 0.26, for: 0.5 };

/** Above this speed steps are shown whole, one after the other. */
const TWEENED = 4;

/** How long the window may take to move. @param {Player} player */
export function slideTime(player) {
  if (player.speed > TWEENED) return 0;
  return player.playing ? Math.min(SLIDE, SLIDE / player.speed) : SLIDE;
}

/**
 * Where a player is and what the sum has come to, in words.
 *
 * @param {Player} player
 * @returns {string}
 */
export function spoken({ model, move, position, length, complete, term }) {
  const numbers = move && model.numbers(move.phase, move.turn);
  if (!numbers) return `Output ${position} of ${length}.`;
  const { whole, soFar } = wordsOf(model.phases[move.phase]);
  const at = complete ? numbers.terms.length : term;
  const words = at
    ? `, ${complete ? whole : soFar} ${numberText(reached(numbers, at))}`
    : "";
  return `Output ${position} of ${length}${words}.`;
}

/**
 * Drive a player by the frames of the screen: the window moves, the terms come in, the sum is
 * written, the next step begins.
 *
 * @param {Player} player
 */
export function drive(player) {
  let began = -Infinity;
  const tick = (/** @type {number} */ now) => {
    if (!player.playing) return;
    const part = (now - began) / (STEP / player.speed);
    if (part >= 1) {
      if (!player.complete) player.seekTerm(player.terms);
      began = now;
      player.begin();
      if (player.speed > TWEENED || !motion()) player.seekTerm(player.terms);
    } else if (!player.complete) {
      const done = Math.max(0, Math.min(1, (part - TERMS.from) / TERMS.for));
      player.seekTerm(Math.floor(done * player.terms));
    }
    requestAnimationFrame(tick);
  };
  player.addEventListener("play", () => {
    if (!player.playing) return;
    began = -Infinity;
    requestAnimationFrame(tick);
  });
}
