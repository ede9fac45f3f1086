import { html, write } from "../../dom.js";
import { equalsText } from "../../format.js";
import { Model } from "../../model.js";
import { Player } from "../../player.js";
import { drive } from "../playback.js";
import { Transport } from "../transport.js";
import { Batches, batchesLegend } from "./batches.js";
import { CourseChart, courseLegend } from "./course.js";
import { derivation } from "./derivation.js";
import { feedOf, partsOf } from "./feed.js";
import { Modes } from "./modes.js";
import { NumbersTable } from "./numbers.js";

/** @import {TraceReply} from "../../types.js" */
/** @import {Parts} from "./feed.js" */

/** Under this width the charts stand below the batches. */
const NARROW = 820;
const GAP = 28;
const HEIGHTS = [226, 140];
/** Of the room, what the batches take beside the charts, and the picture beside the table. */
const SHARE = 0.52;
const LEAST_PICTURE = 300;

const NOTE =
  "Momentum as PyTorch means it is the weight α of the newest batch: with 0 nothing moves, with 1 only the last batch counts. " +
  "The running variance follows the unbiased variance, though the batch itself is normalised by the biased one.";

/**
 * Batches that are fed one by one, what runs behind them, and what it changes at inference.
 *
 * Properties: `reply`, `position` (batches fed; null for all), `mode`, `sample`.
 * Events: "moved" (any of the last three changed), "alone" (detail: whether both modes are to be
 * given one sample, and not the whole batch).
 */
export class NormRunning extends HTMLElement {
  /** @type {Player | null} */ #player = null;
  /** @type {Transport | null} */ #transport = null;
  /** @type {Record<string, Model>} */ #models = {};
  /** @type {Parts | null} */ #parts = null;
  /** @type {number | null} */ #position = null;
  #mode = "training";
  #sample = 0;
  #room = 0;
  #batches = new Batches();
  #charts = HEIGHTS.map((height) => new CourseChart(height));
  #legend = html("div");
  #sentence = html("p", { class: "running-sentence", role: "status" });
  #told = html("div", { class: "running-told" });
  #numbers = new NumbersTable();
  #modes = new Modes();
  #after = html("h3");
  /** @type {ResizeObserver | null} */ #watch = null;

  connectedCallback() {
    this.#watch = new ResizeObserver(() => this.#fit());
    this.#watch.observe(this);
    this.#modes.addEventListener("mode", (event) => {
      this.mode = /** @type {CustomEvent} */ (event).detail;
    });
    this.#modes.addEventListener("alone", (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      this.dispatchEvent(new CustomEvent("alone", { detail }));
    });
    this.#modes.addEventListener("sample", (event) => {
      this.sample = /** @type {CustomEvent} */ (event).detail;
    });
  }

  disconnectedCallback() {
    this.#watch?.disconnect();
    this.#player?.pause();
  }

  get player() {
    return this.#player;
  }

  get position() {
    const { position = 0, length = 0 } = this.#player ?? {};
    return this.#player && position === length ? null : position;
  }

  set position(position) {
    this.#position = position;
    this.#player?.seek(position ?? this.#player.length);
  }

  get mode() {
    return this.#mode;
  }

  set mode(mode) {
    this.#mode = mode === "inference" ? mode : "training";
    this.#compare();
    this.#moved();
  }

  get sample() {
    return this.#sample;
  }

  set sample(sample) {
    this.#sample = sample;
    this.#compare();
    this.#moved();
  }

  /** @param {TraceReply & {modes: Record<string, TraceReply>}} reply */
  set reply(reply) {
    const model = new Model(reply);
    this.#parts = partsOf(model);
    this.#models = Object.fromEntries(
      Object.entries(reply.modes).map(([mode, one]) => [mode, new Model(one)]),
    );
    // Nothing is drawn until all that belongs to the new trace is there.
    this.#room = 0;
    if (this.#player) this.#player.model = model;
    else this.#begin(model);
    this.#fit();
  }

  /** @param {Model} model */
  #begin(model) {
    const player = (this.#player = new Player(model));
    this.#transport = new Transport(player, "batch");
    this.#transport.heed([this]);
    drive(player);
    player.seek(this.#position ?? player.length);
    player.addEventListener("change", () => {
      this.#feed();
      this.#moved();
    });
    player.addEventListener("play", () => this.#say());
    this.#build();
  }

  #build() {
    const transport = /** @type {Transport} */ (this.#transport);
    const charts = this.#charts.map(({ element }) => element);
    this.replaceChildren(
      transport.element,
      this.#sentence,
      html("div", { class: "running-pictures" }, [
        html("div", {}, [this.#batches.element, batchesLegend()]),
        html("div", {}, [...charts, this.#legend]),
      ]),
      this.#told,
      html("p", { class: "muted momentum-note" }, [NOTE]),
      this.#numbers.element,
      html("div", { class: "running-after" }, [
        this.#after,
        this.#modes.element,
      ]),
    );
  }

  #moved() {
    this.dispatchEvent(new Event("moved"));
  }

  /** Lay out what depends on the width. */
  #fit() {
    const room = this.clientWidth;
    if (!this.#player || !this.#parts || !room || room === this.#room) return;
    this.#room = room;
    this.toggleAttribute("data-stacked", room < NARROW);
    const { model } = this.#player;
    this.#batches.show(model, this.#parts, this.#wide[0]);
    this.#legend.replaceChildren(courseLegend(this.#parts.level !== null));
    this.#feed();
    this.#compare();
  }

  /** The widths of the batches and of the charts. */
  get #wide() {
    if (this.#room < NARROW) return [this.#room, this.#room];
    const first = Math.floor((this.#room - GAP) * SHARE);
    return [first, this.#room - GAP - first];
  }

  #feed() {
    const player = this.#player;
    const parts = this.#parts;
    if (!player || !parts || !this.#room) return;
    const { model } = player;
    const feed = feedOf(player);
    this.#batches.feed(feed, player.length);
    const spread = model.tensor(parts.courses[1].running).values.map(Math.sqrt);
    const level = parts.level && model.tensor(parts.level).values;
    this.#charts.forEach((chart, n) =>
      chart.show(
        model,
        parts.courses[n],
        n ? { spread: null, level: null } : { spread, level: level || null },
        feed,
        this.#wide[1],
      ),
    );
    this.#numbers.show(model, parts, feed);
    this.#say();
    if (player.complete) this.#tell(feed.now);
  }

  /** @param {number} now */
  #tell(now) {
    const model = /** @type {Player} */ (this.#player).model;
    this.#told.hidden = now < 0;
    if (now < 0) return;
    const title = html("h3", {}, [`Batch ${now + 1} in numbers`]);
    this.#told.replaceChildren(title, ...derivation(model, () => now));
  }

  #say() {
    const { player } = this;
    const parts = this.#parts;
    if (!player || !parts || (player.playing && !player.complete)) return;
    const { model, position, length } = player;
    const [mean, variance] = parts.courses.map(({ running }) =>
      equalsText(model.tensor(running).values[position]),
    );
    const own = model.tensor(parts.mean).values[position - 1];
    write(
      this.#sentence,
      position
        ? `Batch ${position} of ${length}: mean ${equalsText(own)}. Now the running mean ${mean} and the running variance ${variance}.`
        : `Before the first batch: running mean ${mean}, running variance ${variance}, as PyTorch starts.`,
    );
  }

  #compare() {
    const { player } = this;
    if (!player || !this.#room) return;
    const samples = this.#models.training.tensor("x").values.length;
    this.#sample = Math.max(0, Math.min(samples - 1, this.#sample || 0));
    write(this.#after, `After batch ${player.length}: the same x, two answers`);
    const beside = this.#room - GAP - 420;
    const width = Math.floor(beside < LEAST_PICTURE ? this.#room : beside);
    this.#modes.show(this.#models, this.#mode, this.#sample, width);
  }
}
