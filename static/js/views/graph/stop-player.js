import { motion } from "../../dom.js";
import { Player } from "../../player.js";

/** @import {Model} from "../../model.js" */
/** @import {Graph} from "./structure.js" */

const STOP = 1700;
const DRAWN = 0.4;

/**
 * A player that goes from node to node: a stop makes several moves of the trace. Its position and
 * length are those of one direction, forward or backward; it plays through both.
 *
 * Events: "change" (position, or what is shown of it), "play" (playing or speed).
 */
export class StopPlayer extends EventTarget {
  #inner;
  #graph;
  #done = 0;
  #arriving = false;
  #backward = false;
  #playing = false;
  #speed = 1;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /** @param {Model} model @param {Graph} graph */
  constructor(model, graph) {
    super();
    this.#inner = new Player(model);
    this.#graph = graph;
  }

  /** Another trace in the same place. @param {Model} model @param {Graph} graph */
  renew(model, graph) {
    const finished = this.#done === this.stops;
    this.#inner.model = model;
    this.#graph = graph;
    const done = finished ? this.stops : Math.min(this.#done, this.stops);
    this.#set(done, this.#arriving, this.#backward);
  }

  get model() {
    return this.#inner.model;
  }

  /** Stops made, of both directions. */
  get done() {
    return this.#done;
  }

  /** All stops, of both directions. */
  get stops() {
    return this.#graph.stops.length;
  }

  /** Whether the edges of the stop in hand are being drawn, and nothing is written yet. */
  get arriving() {
    return this.#arriving;
  }

  /** Stops whose values are there, of both directions. */
  get written() {
    return this.#done - Number(this.#arriving);
  }

  /** The stop in hand, or null before the first of its direction. */
  get stop() {
    return this.position > 0 ? this.#graph.stops[this.#done - 1] : null;
  }

  /** How long the edges of a stop are drawn, in milliseconds. */
  get drawing() {
    return (STOP * DRAWN) / this.#speed;
  }

  get playing() {
    return this.#playing;
  }

  get speed() {
    return this.#speed;
  }

  set speed(speed) {
    this.#speed = speed;
    this.#emit("play");
  }

  /** Which way it goes. */
  get backward() {
    return this.#backward;
  }

  /** Stops made in this direction. */
  get position() {
    return this.#done - this.#start;
  }

  /** Stops of this direction. */
  get length() {
    const { forward } = this.#graph;
    return this.#backward ? this.stops - forward : forward;
  }

  get #start() {
    return this.#backward ? this.#graph.forward : 0;
  }

  /** Go to a position of this direction. @param {number} position */
  seek(position) {
    const at = Math.max(0, Math.min(this.length, Math.round(position) || 0));
    this.#set(this.#start + at, false, this.#backward);
  }

  /** Go to where so many stops of both directions are made. @param {number} done */
  go(done) {
    const at = Math.max(0, Math.min(this.stops, Math.round(done) || 0));
    this.#set(at, false, this.#backward);
  }

  /** Go to the beginning of a direction. @param {boolean} backward */
  turn(backward) {
    this.pause();
    this.#set(backward ? this.#graph.forward : 0, false, backward);
  }

  next() {
    // At the end of the way there, the way back begins.
    this.go(this.#done + Number(!this.#arriving));
  }

  previous() {
    this.go(this.#done - 1);
  }

  play() {
    if (this.#playing) return;
    if (this.#done === this.stops) this.seek(0);
    this.#playing = true;
    this.#emit("play");
    this.#begin();
  }

  pause() {
    clearTimeout(this.#timer);
    if (!this.#playing) return;
    this.#playing = false;
    this.#emit("play");
    if (this.#arriving) this.#set(this.#done, false, this.#backward);
  }

  /** As `Player.values`. @param {string} name */
  values(name) {
    return this.#inner.values(name);
  }

  /** The edges of the next stop are drawn, then its values are written, then the next begins. */
  #begin() {
    if (this.#done === this.stops) {
      this.pause();
      return;
    }
    const time = STOP / this.#speed;
    const drawn = motion() && this.#speed <= 4 ? this.drawing : 0;
    this.#set(this.#done + 1, drawn > 0, this.#backward);
    this.#timer = setTimeout(() => {
      if (this.#arriving) this.#set(this.#done, false, this.#backward);
      this.#timer = setTimeout(() => this.#begin(), time - drawn);
    }, drawn);
  }

  /** @param {number} done @param {boolean} arriving @param {boolean} backward */
  #set(done, arriving, backward) {
    const { forward, stops } = this.#graph;
    this.#done = done;
    this.#arriving = arriving;
    // Between the directions it is the end of one and the beginning of the other.
    this.#backward = done === forward ? backward : done > forward;
    const end = stops[this.written - 1]?.end ?? 0;
    if (this.#inner.position !== end) this.#inner.seek(end);
    this.#emit("change");
  }

  /** @param {string} type */
  #emit(type) {
    this.dispatchEvent(new Event(type));
  }
}
