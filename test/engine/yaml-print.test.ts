// Parts of a document printed anew read as before; what a copy could change is refused.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseYaml } from "../../engine/yaml/parse.ts";
import { printNode } from "../../engine/yaml/print.ts";

const print = (text: string) => printNode(parseYaml("a.yaml", text).documents[0]!.root!);

describe("a printed node", () => {
  it("is in block style, without comments", () => assert.equal(print("{ path: /a, port: 80, httpHeaders: [{ name: Host, value: \"on\" }], none: , list: [] } # here\n"), 'path: /a\nport: 80\nhttpHeaders:\n  - name: Host\n    value: "on"\nnone:\nlist: []\n'));
  it("keeps lists of lists, and text that looks like something else", () => assert.equal(print("- [a, -c]\n- '0644'\n- true\n"), '- - a\n  - "-c"\n- "0644"\n- true\n'));
  it("prints twice what it prints once", () => {
    const once = print("exec: { command: [sh, -c, 'test -f \"x\" && echo: y'] }\n")!;
    assert.equal(print(once), once);
  });
  for (const [what, text] of [["an alias", "a: &x 1\nb: *x\n"], ["a tag", "a: !vault secret\n"], ["a block scalar", "a: |\n  b\n"], ["a merge key", "<<: { a: 1 }\n"], ["a key that is a list", "? [a]\n: b\n"]] as const)
    it(`refuses ${what}`, () => assert.equal(print(text), undefined));
});
