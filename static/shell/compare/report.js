/** The comparison as Markdown: what differs, the results, the seeds, and a link to every run. */

/**
 * All in the words that the page shows.
 * @typedef {object} Reported
 * @property {string} title of the lab
 * @property {string} version
 * @property {string} date
 * @property {string} address of the comparison
 * @property {{letter: string, address: string, note: string}[]} columns `note`: what is to be said of it, or ""
 * @property {{label: string, texts: string[]}[]} differing
 * @property {{label: string, texts: string[]}[]} results
 * @property {string} difference of two pictures, in a sentence, or ""
 * @property {{head: string[], rows: string[][], note: string} | null} seeds
 */

/** @param {Reported} said @returns {string} */
export function report({
  title,
  version,
  date,
  address,
  columns,
  differing,
  results,
  difference,
  seeds,
}) {
  const letters = columns.map(({letter}) => letter);
  const rows = (/** @type {{label: string, texts: string[]}[]} */ found) =>
    found.map(({label, texts}) => [label, ...texts]);
  const parts = [
    `# ${title}: ${listed(letters)} compared`,
    `${date}, Hyperplane ${version}. Compared by epoch: [the comparison](${address})`,
    "## What differs",
    differing.length
      ? table(["Setting", ...letters], rows(differing))
      : "All settings are the same.",
    "## Results",
    table(["", ...letters], rows(results)),
  ];
  const notes = columns.filter(({note}) => note).map(({letter, note}) => `- ${letter}: ${note}`);
  if (notes.length) parts.push(notes.join("\n"));
  if (difference) parts.push("## Difference of the pictures", difference);
  if (seeds) parts.push("## Other seeds", table(seeds.head, seeds.rows), seeds.note);
  parts.push(
    "## Runs",
    columns.map(({letter, address: own}) => `- [${letter}](${own})`).join("\n"),
  );
  return `${parts.join("\n\n")}\n`;
}

/** @param {readonly string[]} head @param {readonly string[][]} rows */
function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.map(plain).join(" | ")} |`;
  return [line(head), `|${head.map(() => "---|").join("")}`, ...rows.map(line)].join("\n");
}

/** A cell can hold neither a bar nor a line break. @param {string} text */
function plain(text) {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

/** @param {readonly string[]} words "A, B and C" */
export function listed(words) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
