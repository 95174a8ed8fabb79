/** The losses of the whole run, assembled from the ranges that frames bring. */

/** One loss over the epochs. @typedef {{name: string, losses: number[]}} Curve */

export class LossHistory {
  /** @type {number[]} */
  epochs = [];
  /** In the order of the frames. @type {Curve[]} */
  curves = [];

  get length() {
    return this.epochs.length;
  }

  /**
   * Replace all samples from `start` on.
   * @param {number} start number of the first sample
   * @param {ArrayLike<number>} samples epoch and each loss, epoch and each loss, …
   * @param {readonly string[]} names of the losses
   */
  merge(start, samples, names) {
    if (start > this.length) return; // the samples between are on their way
    this.#cut(start);
    for (const name of names.slice(this.curves.length)) this.curves.push({name, losses: []});
    const columns = names.length + 1;
    for (let i = 0; i + columns <= samples.length; i += columns) {
      this.epochs.push(samples[i] ?? 0);
      for (const [k, {losses}] of this.curves.entries())
        losses.push(samples[i + 1 + k] ?? Number.NaN);
    }
  }

  clear() {
    this.#cut(0);
  }

  /** @param {number} length */
  #cut(length) {
    this.epochs.length = length;
    for (const {losses} of this.curves) losses.length = length;
  }
}
