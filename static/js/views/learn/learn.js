import { html } from "../../dom.js";
import { Part } from "../../parts.js";
import { tellMissing } from "../missing.js";
import { Checks } from "./checks.js";

/** @import {Lab} from "../../lab.js" */
/** @import {Reply} from "../../types.js" */

const HIDDEN = [
  { name: "Find the hidden Sobel", target: "sobel_x" },
  { name: "Find the hidden blur", target: "box_blur_3x3" },
];

/**
 * Beside the gradients, in their figure: numeric checks, and gradient descent, which is fetched
 * with the first loss; the module is named in `data-descent`.
 *
 * Properties: `lab` (whose settings it learns for), `show(reply)` (a new trace).
 */
export class LearnCard extends HTMLElement {
  #offer = html("section", { class: "offer-learning" });
  #way = /** @type {any} */ (document.createElement("loss-descent"));
  #descent = html("section", { class: "descent" }, [this.#way]);
  /** @type {Part | null} */ #part = null;
  /** @type {Reply | null} */ #reply = null;

  #checks = new Checks(() => this.#lab.body);

  connectedCallback() {
    if (this.childElementCount) return;
    const heading = (/** @type {string} */ text) => html("h3", {}, [text]);
    const learning = html("p", { class: "muted" }, [
      "A loss lets the filter learn: it is half the sum of the squared differences from a target, and every step moves the filter against its gradient.",
    ]);
    this.#offer.append(heading("Let the filter learn"), learning);
    this.append(
      html("section", {}, [heading("Are they right?"), this.#checks.element]),
      this.#descent,
      this.#offer,
    );
    this.#lab.figure.addEventListener("check", (event) =>
      this.#checks.ask(/** @type {CustomEvent} */ (event).detail),
    );
    this.#offer.append(...HIDDEN.map((hidden) => this.#find(hidden)));
    this.#way.lab = this.#lab;
    this.#way.dataset.module = this.dataset.descent;
    this.#part = new Part(this.#way);
  }

  /** The figure's lab; set from outside, perhaps before this class was there. @returns {Lab} */
  get #lab() {
    return /** @type {any} */ (this).lab;
  }

  /** @param {Reply} reply */
  show(reply) {
    const first = !this.#reply;
    this.#reply = reply;
    const gradients = Object.values(reply.tensors).some((t) => t.gradientOf);
    this.hidden = !gradients;
    if (!gradients) {
      this.#way.stop?.();
      return;
    }
    const { figure } = this.#lab;
    if (this.parentElement !== figure) figure.append(this);
    // What has been asked of the first numbers already is answered for them.
    if (!first) this.#checks.clear();
    const { loss } = reply.tensors;
    this.#descent.hidden = !loss;
    const learns = this.#lab.controls.some(({ key }) => key === "target");
    this.#offer.hidden = Boolean(loss) || !learns;
    if (loss) this.#descend();
  }

  /** Show the loss when what shows it is there. @returns {Promise<boolean>} Whether it is. */
  async #descend() {
    const there = Boolean(await this.#part?.fetch());
    if (!there) this.#tell();
    else if (this.#reply?.tensors.loss) {
      this.#descent.replaceChildren(this.#way);
      this.#way.show(this.#reply);
    }
    return there;
  }

  #tell() {
    if (this.#descent.querySelector("[role=alert]")) return;
    const place = html("div", { role: "alert" });
    this.#descent.replaceChildren(place);
    const again = () => this.#descend();
    tellMissing(place, "The descent", again, this.#descent);
  }

  /** A button that sets a hidden filter to be found. @param {typeof HIDDEN[number]} hidden */
  #find({ name, target }) {
    const button = html("button", { type: "button", class: "button" }, [name]);
    button.addEventListener("click", () =>
      this.#lab.set({ gy: "loss", target, fx: "integers", x: "random" }),
    );
    return button;
  }
}
