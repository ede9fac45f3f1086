/**
 * What the reply of a batch's whole pass says beside its trace.
 *
 * @import {Reply} from "../../types.js"
 *
 * @typedef {object} Column  One quantity of every sample.
 * @property {string} key
 * @property {string} symbols  MathML.
 * @property {number[]} values
 * @property {number | null} sum
 * @property {boolean} cancels  Whether the sum is 0 but for rounding.
 * @property {string} role
 * @property {string | null} route
 * @property {string | null} edits  The tensor of the request that its cells may be set in.
 *
 * @typedef {Reply & {table: Column[]}} NormReply
 *
 * @typedef {object} Checked
 * @property {number[]} analytic
 * @property {(number | null)[]} numeric  Null where no quotient could be found.
 * @property {number | null} relative_error
 * @property {boolean} agrees
 * @property {string | null} why
 *
 * @typedef {Record<string, Checked>} Checks  By the value that each gradient belongs to.
 */
export {};
