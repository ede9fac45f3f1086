import { Refusal, factsOf, pictureOf, sendPicture } from "./api.js";
import { decodePixels, shrinkPicture } from "./picture.js";

/** @import {Facts, Picture} from "./picture.js" */

const SENT_SIDE = 2048;

/**
 * The pictures of this visit. It keeps the files that were sent, so that a picture that the
 * server has forgotten can be sent again without a word.
 */
export class Gallery {
  /** @type {Map<string, Blob>} */ #files = new Map();
  #most;

  /** @param {number} most  The largest file, in bytes, that the server takes. */
  constructor(most) {
    this.#most = most;
  }

  /**
   * Send a file; shrink it first where it is too large for the server.
   *
   * @param {Blob} file
   * @returns {Promise<Facts>}
   */
  async add(file) {
    if (file.size === 0)
      throw new Refusal("The file is empty: it has no bytes at all.", 422);
    if (file.size > this.#most) return this.#addShrunk(file, "");
    try {
      const facts = await sendPicture(file);
      this.#files.set(facts.id, file);
      return facts;
    } catch (error) {
      if (!(error instanceof Refusal) || error.status !== 413) throw error;
      return this.#addShrunk(file, error.message);
    }
  }

  /**
   * @param {Blob} file
   * @param {string} reason  Why the server did not take it, if it said so.
   * @returns {Promise<Facts>}
   */
  async #addShrunk(file, reason) {
    const shrunk = await shrinkPicture(file, SENT_SIDE).catch(() => {
      const most = `The file is larger than ${this.#most / 1e6} MB`;
      const cause = reason.replace(/\.$/, "") || most;
      throw new Refusal(`${cause}, and this browser cannot shrink it.`, 413);
    });
    const facts = await sendPicture(shrunk.blob);
    this.#files.set(facts.id, shrunk.blob);
    return { ...facts, notes: [shrunk.sentence, ...facts.notes] };
  }

  /**
   * Fetch a picture's facts and pixels.
   *
   * @param {string} id
   * @param {Facts} [known]
   * @returns {Promise<Picture>}
   */
  async open(id, known) {
    return this.kept(id, async () => {
      const [facts, blob] = await Promise.all([
        known ?? factsOf(id),
        pictureOf(id),
      ]);
      return { ...facts, image: await decodePixels(blob) };
    });
  }

  /**
   * Do something with a picture on the server; where it is gone, send it again and retry once.
   *
   * @template T
   * @param {string} id
   * @param {() => Promise<T>} act
   * @returns {Promise<T>}
   */
  async kept(id, act) {
    try {
      return await act();
    } catch (error) {
      const file = this.#files.get(id);
      if (!(error instanceof Refusal) || error.status !== 404 || !file)
        throw error;
      await sendPicture(file);
      return act();
    }
  }
}
