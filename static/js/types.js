/**
 * What travels between server and page; `app/wire.py` writes it.
 *
 * @typedef {[start: number, count: number, step: number]} Part  A box along one axis.
 * @typedef {Part[]} Box
 * @typedef {[start: number, count: number, step: number, moves: number[]]} Span
 *
 * @typedef {object} Tensor
 * @property {string} label
 * @property {"input" | "weight" | "output" | "intermediate" | "gradient"} role
 * @property {string[]} axes
 * @property {number[]} shape
 * @property {number[]} values
 * @property {number | null} fill
 * @property {string | null} extends
 * @property {number[]} offset
 * @property {number[]} spacing  Between the cells of what it extends; empty side by side.
 * @property {string | null} gradientOf
 * @property {[string, string] | null} measures
 *
 * @typedef {object} Numbers
 * @property {number[]} terms
 * @property {number[]} running
 * @property {number[]} partial
 * @property {number[]} results
 * @property {number[]} picks
 * @property {number[]} cancels
 *
 * @typedef {{symbols: string, numbers: string}} Typeset  MathML, and with slots for numbers.
 *
 * @typedef {object} Phase
 * @property {string} title
 * @property {Typeset} formula
 * @property {Record<string, string>} reads
 * @property {string} writes
 * @property {"sum" | "mean" | "max" | "each"} combine
 * @property {number} divisor
 * @property {boolean} adds
 * @property {string | null} subtotals
 * @property {string[]} extra
 * @property {string | null} group
 * @property {boolean} setup
 * @property {number} steps
 * @property {[name: string, turns: number][]} loops
 * @property {Record<string, Span[]>} bind
 * @property {Record<string, Box>[]} boxes
 * @property {Numbers} [numbers]
 *
 * @typedef {object} TraceReply
 * @property {string} op
 * @property {Typeset | null} formula
 * @property {Record<string, Tensor>} tensors
 * @property {Phase[]} phases
 * @property {boolean} playable
 *
 * @typedef {object} Remedy
 * @property {string} label
 * @property {string} result
 * @property {Record<string, string>} set  Query keys and their new texts.
 *
 * @typedef {object} Border
 * @property {number[]} rows  Never visited, counted from 0 on the input.
 * @property {number[]} columns
 * @property {string} sentence
 * @property {string} detail
 * @property {Remedy[]} remedies
 *
 * @typedef {object} Count
 * @property {string} label
 * @property {string} expression
 *
 * @typedef {TraceReply & {reason: string | null, sizes: TraceReply[], names: Record<string, number>,
 *   counts: Count[], border: Border | null}} Reply
 *
 * @typedef {object} Problem
 * @property {string} message
 * @property {string | null} field
 * @property {string | null} key  The query key of the control at fault.
 * @property {Remedy[]} remedies
 *
 * @typedef {Pick<Numbers, "terms" | "running" | "partial" | "picks">} StepNumbers
 *
 * @typedef {object} Move  A step of a phase, and of the others that advance with it.
 * @property {number} phase
 * @property {number} turn
 * @property {number[]} group  All phases of the move; `phase` is the first.
 *
 * @typedef {{tensor: string, index: number}} CellRef
 */
export {};
