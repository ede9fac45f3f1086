import { html } from "../../dom.js";
import { fetchNear, Part } from "../../parts.js";
import { tellMissing } from "../missing.js";

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
  /** @type {HTMLElement[]} */ #told = [];
  #begun = false;
  /** @type {NormReply | null} */ #reply = null;
  /** @type {Checks | null} */ #checks = null;
  /** @type {[number | null, string | null]} */ #marked = [null, null];
  /** @type {Parameters<ValueTable["refuse"]> | null} */ #refused = null;
  #seen = false;
  #drawing = 0;
  #element;
  #part;

  /** @param {HTMLElement} element  That names what is fetched. */
  constructor(element) {
    this.#element = element;
    this.#part = new Part(element);
    const find = (/** @type {string} */ name) =>
      /** @type {any} */ (document.querySelector(name));
    this.values = /** @type {ValueTable} */ (find(LAST));
    this.checks = /** @type {CheckCard} */ (find("check-card"));
    this.code = /** @type {CodeDialog} */ (find("code-dialog"));
  }

  /** Fetch them when it is time to. */
  await() {
    const fetch = () => this.#fetch();
    fetchNear([this.#element], fetch, AHEAD);
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
    this.#refused = null;
    this.#draw();
  }

  /** Say in the table which of its cells have no result. @param {Parameters<ValueTable["refuse"]>} refused */
  refuse(...refused) {
    this.#refused = refused;
    if (this.#there) this.values.refuse(...refused);
  }

  /** Draw the table a frame behind what stands above it; later where nobody sees it. */
  #draw() {
    clearTimeout(this.#drawing);
    const draw = () => {
      if (this.#there && this.#reply && this.values.reply !== this.#reply)
        this.values.reply = this.#reply;
      if (this.#there && this.#refused) this.values.refuse(...this.#refused);
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

  /** Show the program of a request. @param {unknown} body @returns Whether there is one to show. */
  async open(body) {
    const there = await this.#fetch();
    if (there) this.code.open(body);
    return there;
  }

  get #there() {
    return Boolean(customElements.get(LAST));
  }

  async #fetch() {
    const there = await this.#part.fetch();
    if (!there) this.#tell();
    else if (!this.#begun) this.#begin();
    return there;
  }

  /** Say in the places of table and checks that they could not be fetched. */
  #tell() {
    if (this.#told.length) return;
    /** @param {HTMLElement} view @param {string} name */
    const tell = (view, name) => {
      const place = html("div", { class: "problem", role: "alert" });
      view.append(place);
      const heading = view.parentElement?.querySelector("h2") ?? view;
      tellMissing(place, name, () => this.#fetch(), heading);
      return place;
    };
    this.#told = [
      tell(this.checks, "The numeric check"),
      tell(this.values, "The table"),
    ];
  }

  #begin() {
    this.#begun = true;
    for (const place of this.#told) place.remove();
    if (!this.#there || !this.#reply) return;
    this.values.reply = this.#reply;
    if (this.#refused) this.values.refuse(...this.#refused);
    if (this.#checks) this.checks.show(this.#reply, this.#checks);
    this.mark(...this.#marked);
  }
}
