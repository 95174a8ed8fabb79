import assert from "node:assert/strict";
import {test} from "node:test";

class Anchor {
  /** @param {string} name @param {string} href */
  constructor(name, href) {
    this.dataset = {labPage: name};
    this.href = href;
  }
}
const PAGES = [new Anchor("plane", "http://here/"), new Anchor("toy", "http://here/toy")];
Object.assign(globalThis, {
  HTMLAnchorElement: Anchor,
  document: {querySelectorAll: () => PAGES},
});
const {elsewhere} = await import("../../../static/shell/labs.js");

test("a link of another lab leads to its page, with all that it says", () => {
  assert.equal(elsewhere("#lab=toy&v=1&rate=0.5", "plane"), "http://here/toy#lab=toy&v=1&rate=0.5");
  assert.equal(elsewhere("https://there/x#lab=toy&v=1", "plane"), "http://here/toy#lab=toy&v=1");
});

test("a link without a name is of the first lab", () => {
  assert.equal(elsewhere("#v=1&hidden=3", "toy"), "http://here/#v=1&hidden=3");
  assert.equal(elsewhere("#v=1&hidden=3", "plane"), null);
});

test("a link of this lab, of an unknown one and of none is opened here", () => {
  for (const link of ["#lab=toy&v=1", "", "#", "#lab=nothing", "nonsense"])
    assert.equal(elsewhere(link, "toy"), null);
});
