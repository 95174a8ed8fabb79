import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import {join, posix, relative, sep} from "node:path";
import {test} from "node:test";
import {fileURLToPath} from "node:url";

const ROOT = fileURLToPath(new URL("../../static/", import.meta.url));
const LONGEST = 40; // lines of a function that wires others together

/** Name and text of each module, types included. */
const MODULES = readdirSync(ROOT, {recursive: true, encoding: "utf8"})
  .filter(name => /\.(js|d\.ts)$/.test(name))
  .map(name => ({
    name: relative(ROOT, join(ROOT, name)).split(sep).join("/"),
    text: readFileSync(join(ROOT, name), "utf8"),
  }));
const LABS = readdirSync(join(ROOT, "labs"));

/**
 * The folders that a module takes something from, for its types too.
 * @param {{name: string, text: string}} module
 */
function sources({name, text}) {
  const found = [...text.matchAll(/(?:from|import)\s*\(?["'`](\.{1,2}\/[^"'`]+)["'`]/g)];
  return found.map(([, path = ""]) => posix.join(posix.dirname(name), path));
}

/** @param {string} folder */
const within = folder => MODULES.filter(({name}) => name.startsWith(`${folder}/`));

test("the modules are there", () => {
  assert.ok(within("shell").length > 20 && within("labs/plane").length > 10);
  assert.ok(MODULES.flatMap(sources).length > MODULES.length);
});

/** A lab by its folder, or by its name as a string or a property. */
const ANY = `(?:${LABS.join("|")})\\b`;
const NAMED = new RegExp(`labs/${ANY}|["'\`.]${ANY}|\\b${ANY}\\??:`);

for (const folder of ["session", "drawing", "shell"])
  test(`${folder} knows no lab`, () => {
    for (const {name, text} of within(folder)) {
      if (name.endsWith("protocol.d.ts")) continue;
      assert.doesNotMatch(text, /labs\//, name);
      assert.doesNotMatch(text, NAMED, name);
    }
  });

test("main.js loads whichever lab the page is of", () => {
  assert.doesNotMatch(readFileSync(join(ROOT, "main.js"), "utf8"), NAMED);
});

test("drawing takes from drawing alone, session from nothing that is drawn in a page", () => {
  for (const module of within("drawing"))
    for (const source of sources(module)) assert.match(source, /^drawing\//, module.name);
  for (const module of within("session"))
    for (const source of sources(module)) assert.match(source, /^(session|drawing)\//, module.name);
});

test("no lab takes from another", () => {
  for (const lab of LABS)
    for (const module of within(`labs/${lab}`))
      for (const source of sources(module))
        if (source.startsWith("labs/")) assert.match(source, RegExp(`^labs/${lab}/`), module.name);
});

test("no function that wires others together is longer than 40 lines", () => {
  const wiring = MODULES.filter(({name}) => /^(main|shell\/.*|labs\/[^/]+\/lab)\.js$/.test(name));
  let count = 0;
  for (const {name, text} of wiring)
    for (const {title, lines} of functionsOf(text)) {
      count += 1;
      assert.ok(lines <= LONGEST, `${name}: ${title} has ${lines} lines`);
    }
  assert.ok(count > 200);
});

/**
 * Methods and functions, also arrow functions with a name, by the indentation that the formatter gives them.
 * @param {string} text
 */
function functionsOf(text) {
  const lines = text.split("\n");
  return lines.flatMap((title, i) => {
    const arrow = /^()(?:export )?const \w+ = .*=> \{$/.exec(title);
    const start =
      arrow ?? /^( {2})?(?:export |async |static |get |set )*(?:function )?#?\w+\(/.exec(title);
    if (!start || !(arrow || /^( {2}\S|(export )?(async )?function )/.test(title))) return [];
    const end = lines.findIndex((line, k) => k >= i && line.startsWith(`${start[1] ?? ""}}`));
    return /^ *(if|for|while|switch)\b/.test(title) ? [] : [{title, lines: end - i + 1}];
  });
}
