/** The losses of the whole run, assembled from the ranges that frames bring. */

export class LossHistory {
  /** @type {number[]} */
  epochs = [];
  /** @type {number[]} */
  train = [];
  /** @type {number[]} */
  test = [];

  get length() {
    return this.epochs.length;
  }

  /**
   * Replace all samples from `start` on.
   * @param {number} start number of the first sample
   * @param {ArrayLike<number>} samples epoch, train, test, epoch, train, test, …
   */
  merge(start, samples) {
    if (start > this.length) return; // the samples between are on their way
    this.#cut(start);
    for (let i = 0; i + 2 < samples.length; i += 3) {
      this.epochs.push(samples[i] ?? 0);
      this.train.push(samples[i + 1] ?? Number.NaN);
      this.test.push(samples[i + 2] ?? Number.NaN);
    }
  }

  clear() {
    this.#cut(0);
  }

  /** @param {number} length */
  #cut(length) {
    this.epochs.length = this.train.length = this.test.length = length;
  }
}
