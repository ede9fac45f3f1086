/** Of several runs only the last counts: a new one aborts the one before. */
export class Latest {
  #controller = new AbortController();

  /**
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} act
   * @returns {Promise<T | undefined>} Nothing where a newer run has taken over.
   */
  async run(act) {
    this.#controller.abort();
    const { signal } = (this.#controller = new AbortController());
    try {
      const result = await act(signal);
      return signal.aborted ? undefined : result;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }
}

/** The same for a stream of wishes: at most one start in each `pace` milliseconds. */
export class Paced {
  #latest = new Latest();
  #pace;
  #started = -Infinity;
  #key = "";
  /** @type {unknown} */ #known = undefined;

  /** @param {number} pace */
  constructor(pace) {
    this.#pace = pace;
  }

  /**
   * Get what belongs to a key; the result of the last key is kept.
   *
   * @template T
   * @param {string} key
   * @param {(signal: AbortSignal) => Promise<T>} act
   * @param {() => void} waiting  Called when the result is not at hand.
   * @returns {Promise<T | undefined>}
   */
  async run(key, act, waiting) {
    if (key === this.#key) {
      if (this.#known === undefined) waiting();
      return /** @type {T | undefined} */ (this.#known);
    }
    this.#key = key;
    this.#known = undefined;
    waiting();
    try {
      const result = await this.#latest.run(async (signal) => {
        const early = this.#pace - (performance.now() - this.#started);
        if (early > 0) await new Promise((done) => setTimeout(done, early));
        signal.throwIfAborted();
        this.#started = performance.now();
        return act(signal);
      });
      if (result !== undefined) this.#known = result;
      return result;
    } catch (error) {
      this.#key = "";
      throw error;
    }
  }
}

/** The last of many calls, once they pause. */
export class Pause {
  #milliseconds;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #timer;

  /** @param {number} milliseconds */
  constructor(milliseconds) {
    this.#milliseconds = milliseconds;
  }

  /** @param {() => void} act */
  wait(act) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, this.#milliseconds);
  }
}
