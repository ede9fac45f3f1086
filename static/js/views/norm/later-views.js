import { fetchNear, fetchPart } from "../../parts.js";

/** @import {CheckCard} from "./check-card.js" */
/** @import {CodeDialog} from "./code-dialog.js" */
/** @import {Checks, NormReply} from "./types.js" */
/** @import {ValueTable} from "./value-table.js" */

/** The last of their elements to be defined. */
const LAST = "value-table";
/** Nearer than other parts: a first view does without them. */
const AHEAD = "200px";
const USES = ["pointerdown", "keydown"];
/** Milliseconds without new numbers after which a table out of sight shows them. */
const CALM = 100;

/**
 * Table, numeric checks and program: fetched when they are scrolled near, or with the first use
 * of the page; until then what they are to show is kept for them.
 */
export class LaterViews {
  /** @type {Promise<unknown> | null} */ #fetched = null;
  /** @type {NormReply | null} */ #reply = null;
  /** @type {Checks | null} */ #checks = null;
  /** @type {[number | null, string | null]} */ #marked = [null, null];
  #seen = false;
  #drawing = 0;
  #part;

  /** @param {HTMLElement} part  That names what is fetched. */
  constructor(part) {
    this.#part = part;
    const find = (/** @type {string} */ name) =>
      /** @type {any} */ (document.querySelector(name));
    this.values = /** @type {ValueTable} */ (find(LAST));
    this.checks = /** @type {CheckCard} */ (find("check-card"));
    this.code = /** @type {CodeDialog} */ (find("code-dialog"));
  }

  /** Fetch them when it is time to. */
  await() {
    const fetch = () => this.#fetch();
    fetchNear([this.#part], fetch, AHEAD);
    for (const type of USES) addEventListener(type, fetch, { once: true });
    const watch = new IntersectionObserver(([{ isIntersecting }]) => {
      this.#seen = isIntersecting;
      this.#draw();
    });
    watch.observe(this.values);
  }

  /** @param {NormReply} reply */
  show(reply) {
    this.#reply = reply;
    this.#draw();
  }

  /** Draw the table a frame behind what stands above it; later where nobody sees it. */
  #draw() {
    clearTimeout(this.#drawing);
    const draw = () => {
      if (this.#there && this.#reply && this.values.reply !== this.#reply)
        this.values.reply = this.#reply;
    };
    if (!this.#seen) this.#drawing = setTimeout(draw, CALM);
    else requestAnimationFrame(() => setTimeout(draw));
  }

  /** @param {number | null} sample @param {string | null} selected */
  mark(sample, selected) {
    this.#marked = [sample, selected];
    if (!this.#there) return;
    this.values.sample = sample;
    this.checks.mark(sample, selected);
  }

  /** The checks belong to earlier numbers. */
  stale() {
    this.#checks = null;
    if (this.#there) this.checks.stale();
  }

  /** @param {Checks} checks */
  check(checks) {
    this.#checks = checks;
    if (this.#there && this.#reply) this.checks.show(this.#reply, checks);
  }

  /** Show the program of a request. @param {unknown} body */
  async open(body) {
    await this.#fetch();
    if (this.#there) this.code.open(body);
  }

  get #there() {
    return Boolean(customElements.get(LAST));
  }

  #fetch() {
    this.#fetched ??= fetchPart(this.#part).then(() => this.#catchUp());
    return this.#fetched;
  }

  #catchUp() {
    if (!this.#there || !this.#reply) return;
    this.values.reply = this.#reply;
    if (this.#checks) this.checks.show(this.#reply, this.#checks);
    this.mark(...this.#marked);
  }
}
