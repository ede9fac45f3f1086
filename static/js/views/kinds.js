/** @import {Reply} from "../types.js" */

/**
 * The kinds of picture that a page can draw. A further script of the page may bring one; which
 * one draws a trace is seen from its tensors.
 *
 * @type {{fits: (reply: Reply) => boolean, View: any}[]}
 */
const kinds = [];

/**
 * Offer a kind of picture.
 *
 * @param {(reply: Reply) => boolean} fits
 * @param {any} View
 */
export function offerView(fits, View) {
  kinds.push({ fits, View });
}

/** @param {Reply} reply */
export function viewFor(reply) {
  return kinds.find((kind) => kind.fits(reply))?.View;
}
