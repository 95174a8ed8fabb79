/** How wide layers were that were removed at the end: − then + gives them back as they were. */

/** What of a command is of interest. @typedef {{type: string, layer?: number | null, layers?: number, [other: string]: unknown}} Edit */

export class LayerWidths {
  /** By the number of the layer. @type {Map<number, number>} */
  #widths = new Map();

  /**
   * A command that is about to be sent.
   * @param {Edit} command
   * @param {readonly number[]} hidden neurons of each hidden layer as they are
   */
  note(command, hidden) {
    if (command.type === "open-link") this.#widths.clear(); // another experiment
    const isLast = command.type === "remove-layer" && command.layer === hidden.length;
    const left = isLast ? hidden.length - 1 : (command.layers ?? hidden.length);
    for (const [i, neurons] of hidden.entries()) if (i >= left) this.#widths.set(i + 1, neurons);
  }

  /**
   * The neurons of the layers that are added behind those there are.
   * @param {readonly number[]} hidden
   * @param {number} layers how many there shall be
   */
  after(hidden, layers) {
    /** @type {number[]} */
    const widths = [...hidden];
    while (widths.length < layers) {
      const known = this.#widths.get(widths.length + 1) ?? widths.at(-1);
      if (known === undefined) break; // the first one is as wide as the inputs are many, which the server knows
      widths.push(known);
    }
    return widths.slice(hidden.length);
  }
}
