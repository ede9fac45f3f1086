import { SizeCard } from "./size.js";

/** @import {Reply} from "../types.js" */

/** The output-size formula as an element that a tab brings; its events are those of the card. */
class SizeElement extends HTMLElement {
  #card = new SizeCard(this);

  /** @param {Reply} reply @param {boolean} strict */
  show(reply, strict) {
    this.#card.show(reply, strict);
  }
}

customElements.define("size-card", SizeElement);
