import { write } from "../dom.js";
import { explainedPixel } from "../image/api.js";
import { Arithmetic, spoken } from "../image/arithmetic.js";
import { Controls } from "../image/controls.js";
import { Filtered } from "../image/filtered.js";
import { Gallery } from "../image/gallery.js";
import { listenForPictures } from "../image/intake.js";
import { Latest, Paced, Pause } from "../image/latest.js";
import { Magnifier, SEEN } from "../image/magnifier.js";
import { exploreLink } from "../image/patch.js";
import { startPoint, valueAt } from "../image/picture.js";
import { readSettings, writeSettings } from "../image/settings.js";
import { Surface } from "../image/surface.js";

/** @import {Facts, Picture} from "../image/picture.js" */
/** @import {Point} from "../image/surface.js" */
/** @import {Settings, View} from "../image/settings.js" */

const PACE = 60;
const ADDRESS_PAUSE = 250; // browsers refuse hundreds of new addresses in a row
const INTAKE = ".intake .refusal";
const STAGE = ".stage .refusal";
const LOST =
  "The picture of this link is no longer on the server. Choose it again: your filter is kept.";

/** One set of settings, one picture, one point under the pointer: the rest is drawn from them. */
class Studio {
  #root;
  /** @type {Settings} */ #settings;
  /** @type {Settings & {view: View}} */ #shown;
  /** @type {Picture | null} */ #picture = null;
  /** @type {Point | null} */ #hovered = null;
  #gallery;
  #controls;
  #before;
  #after;
  #filtered;
  #magnifier = new Magnifier((point) => this.#keep(point));
  #arithmetic = new Arithmetic();
  #opening = new Latest();
  #explaining = new Paced(PACE);
  #addressing = new Pause(ADDRESS_PAUSE);
  #reporter = "";

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
    this.#gallery = new Gallery(Number(root.dataset.uploadBytes));
    this.#controls = new Controls(root, {
      changed: (changes) => this.#change(changes),
      moved: (point) => this.#keep(point),
      opened: (sample) => this.#open(sample, { anew: true }),
      refused: (sentence) => this.#report("field", sentence),
    });
    const { settings, faults } = readSettings(
      location.search,
      this.#controls.choices,
    );
    this.#settings = settings;
    this.#shown = this.#withView(settings);
    this.#before = this.#surface("before");
    this.#after = this.#surface("after");
    const figure = this.#one("figure:has([data-side='after'])");
    this.#filtered = new Filtered(figure, this.#after, this.#gallery, () =>
      this.#filter(),
    );
    this.#one(".magnifier").append(this.#magnifier.element);
    this.#one(".sum").prepend(this.#arithmetic.element);
    listenForPictures({
      input: /** @type {HTMLInputElement} */ (this.#one("input[type='file']")),
      zone: this.#one(".drop"),
      again: this.#one(".again"),
      taken: (file) => this.#take(file),
      refused: (sentence) => this.#refuse(INTAKE, sentence),
    });
    this.#controls.show(this.#shown, null, { row: 0, column: 0 });
    this.#controls.reveal();
    this.#open(settings.image).then(
      () => faults.length && this.#refuse(INTAKE, faults.join(" ")),
    );
  }

  /** @param {string} selector */
  #one(selector) {
    return /** @type {HTMLElement} */ (this.#root.querySelector(selector));
  }

  /** @param {"before" | "after"} side */
  #surface(side) {
    return new Surface(this.#one(`.surface[data-side="${side}"]`), {
      pointed: (point) => this.#hover(point),
      kept: (point) => this.#keep(point),
      left: () => this.#hover(null),
    });
  }

  /**
   * Send a file, and show it.
   *
   * @param {File} file
   */
  async #take(file) {
    this.#refuse(INTAKE, "");
    const progress = this.#one(".progress");
    write(progress, `Sending ${file.name || "the picture"} …`);
    try {
      const facts = await this.#opening.run(() => this.#gallery.add(file));
      if (facts) await this.#open(facts.id, { anew: true, facts });
    } catch (error) {
      this.#refuse(INTAKE, /** @type {Error} */ (error).message);
      this.#one(".again").hidden = false;
    }
    write(progress, "");
  }

  /**
   * Show a picture that the server has.
   *
   * @param {string} image
   * @param {{anew?: boolean, facts?: Facts}} [how]  Anew: with a pixel of its own choice.
   */
  async #open(image, { anew = false, facts } = {}) {
    this.#refuse(INTAKE, "");
    /** @type {Picture | undefined} */
    let picture;
    try {
      picture = await this.#opening.run(() => this.#gallery.open(image, facts));
    } catch (error) {
      await this.#lost(image, /** @type {Error & {status?: number}} */ (error));
    }
    if (!picture) return;
    this.#picture = picture;
    this.#hovered = null;
    const own = this.#controls.samplePoint(image);
    const { row, column } = startPoint(
      picture,
      anew ? {} : this.#settings,
      own,
    );
    const channel = Math.min(
      this.#settings.channel,
      picture.channels.length - 1,
    );
    this.#adopt({ image, row, column, channel });
    this.#before.show(picture.image);
    this.#root.toggleAttribute("data-ready", true);
    this.#render();
    await this.#filter();
  }

  /**
   * @param {string} image
   * @param {Error & {status?: number}} error
   */
  async #lost(image, error) {
    const { first } = this.#controls.choices;
    const gone =
      error.status === 404 && image !== first.image && !this.#picture;
    if (gone) await this.#open(first.image, { anew: true });
    this.#refuse(INTAKE, gone ? LOST : error.message);
  }

  /**
   * The settings as shown: where no view is chosen, the one that suits the filter.
   *
   * @param {Settings} settings
   */
  #withView(settings) {
    const suited = this.#controls.filter(settings.filter).view;
    return { ...settings, view: settings.view ?? suited };
  }

  /** @param {Partial<Settings>} changes */
  #adopt(changes) {
    this.#settings = { ...this.#settings, ...changes };
    this.#shown = this.#withView(this.#settings);
  }

  /** @param {Partial<Settings>} changes */
  #change(changes) {
    const old = this.#shown;
    this.#adopt(changes);
    const { filter, mode, view, channel } = this.#shown;
    const other =
      filter !== old.filter || mode !== old.mode || view !== old.view;
    if (other || (view === "signed" && channel !== old.channel)) this.#filter();
    this.#render();
  }

  /** @param {Point | null} point */
  #hover(point) {
    if (!this.#picture) return;
    this.#hovered = point;
    this.#render();
  }

  /** @param {Point} point */
  #keep(point) {
    const picture = this.#picture;
    if (!picture || valueAt(picture, point.row, point.column, 0) === null)
      return;
    this.#hovered = null;
    this.#change(point);
  }

  /** Draw everything that follows from settings, picture and point. */
  #render() {
    const settings = this.#shown;
    const kept = { row: settings.row ?? 0, column: settings.column ?? 0 };
    const point = this.#hovered ?? kept;
    const picture = this.#picture;
    this.#controls.show(settings, picture, point);
    if (!picture) return;
    const filter = this.#controls.filter(settings.filter);
    this.#before.mark(point, picture, SEEN);
    this.#after.mark(point, picture, SEEN);
    this.#magnifier.show(picture, point, settings.channel, filter);
    if (!this.#hovered) {
      const address = writeSettings(this.#settings);
      this.#addressing.wait(() => history.replaceState(null, "", address));
      const link = /** @type {HTMLAnchorElement} */ (this.#one(".to-explore"));
      link.href = exploreLink(picture, kept, filter, settings.mode);
    }
    this.#explain(picture, point);
  }

  async #filter() {
    if (!this.#picture) return;
    try {
      const done = await this.#filtered.show(this.#picture, this.#shown);
      if (done) this.#report("filter", "");
    } catch (error) {
      this.#report("filter", /** @type {Error} */ (error).message);
    }
  }

  /**
   * Show the sum of a pixel: blank until the engine's numbers for exactly this pixel are there.
   *
   * @param {Picture} picture
   * @param {Point} point
   */
  async #explain(picture, point) {
    const { filter, mode, channel, view } = this.#shown;
    const key = JSON.stringify([
      picture.id,
      filter,
      mode,
      point.row,
      point.column,
    ]);
    const settings = { ...this.#settings, image: picture.id };
    try {
      const explanation = await this.#explaining.run(
        key,
        (signal) =>
          this.#gallery.kept(picture.id, () =>
            explainedPixel(settings, point, signal),
          ),
        () => this.#arithmetic.show(null, channel, view),
      );
      if (!explanation) return;
      this.#report("pixel", "");
      const now = this.#shown;
      this.#arithmetic.show(explanation, now.channel, now.view);
      if (this.#hovered) return;
      write(this.#one(".spoken"), spoken(explanation, now.channel));
    } catch (error) {
      this.#report("pixel", /** @type {Error} */ (error).message);
    }
  }

  /**
   * Say what is wrong with the pictures; only the part that said it can take it back.
   *
   * @param {string} part
   * @param {string} sentence
   */
  #report(part, sentence) {
    if (!sentence && this.#reporter !== part) return;
    this.#reporter = part;
    this.#refuse(STAGE, sentence);
  }

  /**
   * @param {string} where
   * @param {string} sentence  Empty: nothing is wrong (any more).
   */
  #refuse(where, sentence) {
    const element = this.#one(where);
    write(element, sentence);
    element.hidden = !sentence;
    if (where === INTAKE && !sentence) this.#one(".again").hidden = true;
  }
}

const root = document.querySelector(".studio");
if (root instanceof HTMLElement) new Studio(root);
