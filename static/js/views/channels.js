import { partialOf } from "../combine.js";
import { html, write } from "../dom.js";
import { numberText } from "../format.js";

/** @import {Scene} from "../scene.js" */
/** @import {StepNumbers} from "../types.js" */

/**
 * Which channel the picture shows, where not all fit, with its partial sum.
 *
 * Events: "channel" (detail: its number from 0).
 */
export class ChannelSwitch {
  element = html("div", {
    class: "channels",
    role: "group",
    "aria-label": "Channel shown",
    hidden: "",
  });
  /** @type {HTMLButtonElement[]} */ #buttons = [];

  /**
   * @param {Scene} scene
   * @param {number[]} shown
   * @param {StepNumbers | null} numbers
   * @param {number} term
   * @param {number | null} turn
   */
  show(scene, shown, numbers, term, turn) {
    this.element.hidden = shown.length === scene.channels;
    if (this.element.hidden) return;
    if (this.#buttons.length !== scene.channels) this.#build(scene.channels);
    const first = turn === null ? 0 : scene.firstChannel(turn);
    this.#buttons.forEach((button, channel) => {
      button.setAttribute("aria-pressed", String(shown.includes(channel)));
      const slice = channel - first;
      const inside = turn !== null && slice >= 0 && slice < scene.depth;
      const partial =
        inside && numbers
          ? partialOf(numbers, scene.areaAt(turn), slice, term)
          : null;
      const [name, value] = button.childNodes;
      const known = partial !== null;
      write(name, `Ch. ${channel + 1}${known ? ": " : ""}`);
      write(value, known ? numberText(partial) : "");
    });
  }

  /** @param {number} count */
  #build(count) {
    this.#buttons = Array.from({ length: count }, (_, channel) => {
      const button = html("button", { type: "button" }, [
        `Ch. ${channel + 1}`,
        html("b"),
      ]);
      button.addEventListener("click", () => {
        this.element.dispatchEvent(
          new CustomEvent("channel", { detail: channel }),
        );
      });
      return button;
    });
    this.element.replaceChildren(...this.#buttons);
  }
}
