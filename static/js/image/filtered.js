import { write } from "../dom.js";
import { decimalsFor, numberText } from "../format.js";
import { filteredPicture } from "./api.js";
import { Latest } from "./latest.js";
import { decodePixels } from "./picture.js";

/** @import {Gallery} from "./gallery.js" */
/** @import {Picture} from "./picture.js" */
/** @import {Settings} from "./settings.js" */
/** @import {Surface} from "./surface.js" */

/** The picture after the filter; an old one is faded until the new one is there. */
export class Filtered {
  #figure;
  #surface;
  #gallery;
  #latest = new Latest();
  #dark = matchMedia("(prefers-color-scheme: dark)");

  /**
   * @param {HTMLElement} figure
   * @param {Surface} surface
   * @param {Gallery} gallery
   * @param {() => void} stale  Called when the colours no longer suit the page.
   */
  constructor(figure, surface, gallery, stale) {
    this.#figure = figure;
    this.#surface = surface;
    this.#gallery = gallery;
    this.#dark.addEventListener("change", stale);
  }

  get #theme() {
    const chosen = this.#figure
      .closest("[data-theme]")
      ?.getAttribute("data-theme");
    return (chosen ? chosen === "dark" : this.#dark.matches) ? "dark" : "light";
  }

  /**
   * @param {Picture} picture
   * @param {Settings} settings
   * @returns {Promise<boolean>} Whether it is shown; not if a newer wish came in between.
   */
  async show(picture, settings) {
    this.#element(".surface").setAttribute("aria-busy", "true");
    const reply = await this.#latest
      .run((signal) => this.#fetch(picture, settings, signal))
      .catch((error) => {
        this.#surface.clear(picture);
        this.#caption(picture, settings, null);
        throw error;
      });
    if (!reply) return false;
    this.#surface.show(reply.pixels);
    this.#caption(picture, settings, reply.strongest);
    this.#element(".surface").removeAttribute("aria-busy");
    return true;
  }

  /**
   * @param {Picture} picture
   * @param {Settings} settings
   * @param {AbortSignal} signal
   */
  async #fetch(picture, settings, signal) {
    const wanted = { ...settings, image: picture.id };
    const { blob, strongest } = await this.#gallery.kept(picture.id, () =>
      filteredPicture(wanted, this.#theme, signal),
    );
    return { pixels: await decodePixels(blob), strongest };
  }

  /**
   * @param {Picture} picture
   * @param {Settings} settings
   * @param {number | null} strongest
   */
  #caption(picture, settings, strongest) {
    this.#element(".legend").hidden = strongest === null;
    const colours = picture.channels.length > 1;
    const one = strongest !== null && colours;
    write(
      this.#element(".what"),
      one ? picture.channels[settings.channel].toLowerCase() : "",
    );
    if (strongest === null) return;
    const decimals = decimalsFor([strongest], 1);
    write(this.#element(".lowest"), `≤ ${numberText(-strongest, decimals)}`);
    write(this.#element(".highest"), `≥ ${numberText(strongest, decimals)}`);
  }

  /** @param {string} selector */
  #element(selector) {
    return /** @type {HTMLElement} */ (this.#figure.querySelector(selector));
  }
}
