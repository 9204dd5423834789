// Suppression comments: where one counts, what it covers, and what is said about a faulty one.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { comments } from "../../engine/comment.ts";
import { silences, suppressions } from "../../engine/suppress.ts";

const known = new Set(["timeout/race-without-cancel", "log/error-dropped"]);
const race = "timeout/race-without-cancel";
const read = (text: string, language: "ts" | "yaml" = "ts") => suppressions("src/a.ts", text, language, known);
/** Rule and covered text of every suppression. */
const covered = (text: string, language: "ts" | "yaml" = "ts") => {
  const result = read(text, language);
  assert.deepEqual(result.problems, []);
  return result.suppressions.map((one) => [one.rule, text.slice(one.covers.start, one.covers.end)]);
};
const next = `pitlint-ignore-next-line ${race} -- bounded upstream`;

describe("a suppression", () => {
  it("names rule, reason, comment and line", () => {
    const text = `a();\n  // ${next}\n  race();\n`;
    const [one] = read(text).suppressions;
    assert.deepEqual(one, { rule: race, reason: "bounded upstream", form: "next-line", at: { file: "", start: 7, end: 10 + next.length }, covers: { start: 11 + next.length, end: 20 + next.length } });
    assert.equal(text.slice(one!.at.start, one!.at.end), `// ${next}`);
  });

  it("takes line and block comments in TypeScript and # in YAML", () => {
    assert.deepEqual(covered(`/* ${next} */\nrace();`), [[race, "race();"]]);
    assert.deepEqual(covered(`/**\n * ${next}\n */\nrace();`), [[race, "race();"]]);
    assert.deepEqual(covered(`return <>\n  {/* ${next} */}\n  <A/>\n</>;`), [[race, "  <A/>"]]);
    assert.deepEqual(covered(`a: 1\n# ${next}\nb: 2\n`, "yaml"), [[race, "b: 2"]]);
    assert.deepEqual(covered(`# ${next}\nrace();`), []);
  });

  it("covers its own line in the same-line form", () => {
    assert.deepEqual(covered(`x();\nrace(); // pitlint-ignore-line ${race} -- why\ny();`), [[race, `race(); // pitlint-ignore-line ${race} -- why`]]);
    assert.deepEqual(covered(`a: 1 # pitlint-ignore-line ${race} -- why\nb: 2`, "yaml"), [[race, `a: 1 # pitlint-ignore-line ${race} -- why`]]);
  });

  it("names several rules", () => {
    assert.deepEqual(covered(`// pitlint-ignore-next-line ${race}, log/error-dropped,${race} -- both\nf();`), [[race, "f();"], ["log/error-dropped", "f();"]]);
  });

  it("keeps dashes of its reason", () => {
    assert.equal(read(`// pitlint-ignore-next-line ${race} -- retried -- see the run-book\nf();`).suppressions[0]!.reason, "retried -- see the run-book");
  });

  it("skips blank lines and comments, and no code that looks like one", () => {
    assert.deepEqual(covered(`// ${next}\n\n// more\n/* and\n more */\n\nrace();`), [[race, "race();"]]);
    assert.deepEqual(covered(`class A {\n// ${next}\n*gen() {}\n}`), [[race, "*gen() {}"]]);
    assert.deepEqual(covered(`// ${next}\n/* here */ race();`), [[race, "/* here */ race();"]]);
    assert.deepEqual(covered(`# ${next}\n\n  # more\nb: 2`, "yaml"), [[race, "b: 2"]]);
  });

  for (const [name, eol] of [["\\n", "\n"], ["\\r\\n", "\r\n"], ["\\r", "\r"]] as const)
    it(`stands in lines that end with ${name}`, () => {
      assert.deepEqual(covered([`// ${next}`, "", "race();", "other();"].join(eol)), [[race, "race();"]]);
      assert.deepEqual(covered(["a: 1", `# ${next}`, "b: 2", ""].join(eol), "yaml"), [[race, "b: 2"]]);
    });

  it("at the end of the text covers nothing", () => {
    const [one] = read(`race();\n// ${next}`).suppressions;
    assert.equal(silences(one!, { file: "", start: 0, end: 4 }), false);
  });

  it("silences findings that start on its line", () => {
    const text = `// ${next}\nrace();\nrace();`;
    const [one] = read(text).suppressions;
    const first = text.indexOf("race();");
    assert.equal(silences(one!, { file: "", start: first, end: text.length }), true);
    assert.equal(silences(one!, { file: "", start: text.lastIndexOf("race();"), end: text.length }), false);
    assert.equal(silences(one!, { file: "", start: 0, end: text.length }), false);
  });
});

describe("a block", () => {
  const block = (rule: string, inner: string) => `// pitlint-ignore-start ${rule} -- bounded upstream\n${inner}\n// pitlint-ignore-end ${rule}\n`;
  it("covers what stands between its two comments", () => {
    const text = `a();\n${block(race, "race();")}race();\n`;
    const [one] = read(text).suppressions;
    assert.equal(one!.form, "block");
    assert.equal(silences(one!, { file: "", start: text.indexOf("race();"), end: 0 }), true);
    assert.equal(silences(one!, { file: "", start: text.lastIndexOf("race();"), end: 0 }), false);
    assert.equal(silences(one!, { file: "", start: 0, end: 0 }), false);
  });

  it("may lie in another, and several may end in one comment", () => {
    const text = `// pitlint-ignore-start ${race} -- a\n// pitlint-ignore-start log/error-dropped -- b\nf();\n// pitlint-ignore-end log/error-dropped, ${race}\n`;
    assert.deepEqual(read(text).problems, []);
    assert.deepEqual(read(text).suppressions.map((one) => [one.rule, one.reason]), [["log/error-dropped", "b"], [race, "a"]]);
  });

  it("that never ends, or never starts, silences nothing and says so", () => {
    const open = read(`// pitlint-ignore-start ${race} -- a\nf();\n`);
    assert.deepEqual([open.suppressions, open.problems.map((one) => one.message)], [[], [`never ends; expected pitlint-ignore-end ${race} below it`]]);
    const ended = read(`f();\n// pitlint-ignore-end ${race}\ng();\n`);
    assert.deepEqual(ended.problems.map((one) => one.message), [`ends nothing: no pitlint-ignore-start ${race} stands above it`]);
    assert.deepEqual(ended.problems[0]!.fixes, [{ title: "Remove the comment", safe: true, edits: [{ at: { file: "src/a.ts", start: 5, end: 5 + `// pitlint-ignore-end ${race}\n`.length }, text: "" }] }]);
  });
});

describe("a file", () => {
  it("is covered whole, wherever the comment stands", () => {
    const text = `f();\n// pitlint-ignore-file ${race} -- generated\n`;
    assert.deepEqual(covered(text), [[race, text]]);
  });
});

describe("a date and an owner", () => {
  const one = (words: string) => read(`// pitlint-ignore-line ${race}${words} -- why\n`);
  it("stand between rule and reason, in any order", () => {
    for (const words of [" until 2027-03-01 owner @team", " owner @team until 2027-03-01"]) {
      const [{ until, owner, reason } = assert.fail()] = one(words).suppressions;
      assert.deepEqual({ until, owner, reason }, { until: "2027-03-01", owner: "@team", reason: "why" });
    }
  });
  for (const [words, said] of [
    [" until soon", '"soon" is no date; expected until 2027-03-01'],
    [" until 2027-02-30", '"2027-02-30" is no date; expected until 2027-03-01'],
    [" until", '"" is no date; expected until 2027-03-01'],
    [" owner", "names no owner; expected owner @team"],
    [" till 2027-03-01", 'cannot read "till"; expected until <date>, owner <name> or -- <reason>'],
  ] as const)
    it(`refuses${words}`, () => {
      assert.deepEqual(one(words).suppressions, []);
      assert.equal(one(words).problems[0]!.message, said);
    });
});

describe("what is no comment", () => {
  for (const text of [`const a = "// ${next}";\nf();`, `const a = '// ${next}';\nf();`, `const a = \`// ${next}\`;\nf();`, "const a = `${`// " + next + "`}`;\nf();", `const a = "\\"// ${next}";\nf();`, `const a = "x\\\n// ${next}";\nf();`])
    it(`TypeScript ${JSON.stringify(text.slice(0, 24))}`, () => assert.deepEqual(covered(text), []));
  for (const text of [`a: "# ${next}"\nb: 1`, `a: '# ${next}'\nb: 1`, `a: "x\n  # ${next}"\nb: 1`, `a: x#${next}\nb: 1`, `[a, '# ${next}']`, `{"a":'# ${next}'}`, `a: !t '# ${next}'`])
    it(`YAML ${JSON.stringify(text.slice(0, 20))}`, () => assert.deepEqual(covered(text, "yaml"), []));
});

describe("a comment is found behind", () => {
  for (const before of ["const r = /[`\"/]/;", "const r = x / y / z;", "const c = `${{ a: `}` }.a}`;", "const d = i++ / 2;", "<p>it's</p>;", "const u = 'http://x';", "return /'/.test(s);", "const q = a.b['c'] / 2;", "const t = `\\``;"])
    it(`TypeScript ${before}`, () => assert.deepEqual(covered(`${before}\n// ${next}\nrace();`), [[race, "race();"]]));
  for (const before of ["a: it's", "a: say \"x", "- 'it''s'", "a: \"x\\\"\"", "a: |\n  it's \"so\n  'tis", "- run: >-\n    'x", "a: {b: [1, 'x']}", "a: don't, 'tis", "a: 'x\n  y'", "'open: 1"])
    it(`YAML ${JSON.stringify(before)}`, () => assert.deepEqual(covered(`${before}\n# ${next}\nb: 2`, "yaml"), [[race, "b: 2"]]));
  it("text of a block scalar: the document inside has comments of its own", () => {
    assert.deepEqual(covered(`rules.yaml: |\n  a: 1\n  # ${next}\n  b: 2\nc: 3`, "yaml"), [[race, "  b: 2"]]);
  });
});

describe("a faulty suppression", () => {
  const said = (text: string) => read(text).problems.map((one) => one.message);
  it("needs a reason", () => {
    for (const end of ["", " --", " -- ", " -- <reason>"]) {
      const result = read(`// pitlint-ignore-next-line ${race}${end}\nf();`);
      assert.deepEqual(result.suppressions, []);
      assert.deepEqual(result.problems.map((one) => one.message), [`gives no reason; expected pitlint-ignore-next-line ${race} -- <reason>`]);
    }
  });

  it("needs a rule", () => {
    assert.deepEqual(said("// pitlint-ignore-line -- because"), ["names no rule; expected pitlint-ignore-line <rule> -- <reason>"]);
  });

  it("names an unknown rule, and the nearest known one; the others of the list count", () => {
    const text = `// pitlint-ignore-next-line log/eror-dropped, ${race} -- why\nf();`;
    assert.deepEqual(said(text), ['unknown rule "log/eror-dropped"; did you mean log/error-dropped?']);
    assert.deepEqual(read(text).suppressions.map((one) => one.rule), [race]);
    assert.deepEqual(said("// pitlint-ignore-next-line zzzzzzzz -- why\nf();"), ['unknown rule "zzzzzzzz"; pitlint rules lists them']);
    assert.deepEqual(said("// pitlint-ignore-next-line constructor -- why\nf();").length, 1);
  });

  it("has an unknown form", () => {
    for (const form of ["", "-nextline", "-files"]) assert.match(said(`// pitlint-ignore${form} ${race} -- why\nf();`)[0]!, /^unknown comment pitlint-ignore.*; expected pitlint-ignore-next-line, -line, -start, -end or -file, then <rule> -- <reason>$/);
    assert.deepEqual(said("// pitlint-ignored things are counted"), []);
  });

  it("is a problem of kind suppression at the comment, and keeps the result complete", () => {
    const text = "f(); // pitlint-ignore-line x -- y\n";
    assert.deepEqual(read(text).problems.map(({ kind, file, at, incomplete }) => ({ kind, file, at, incomplete })), [{ kind: "suppression", file: "src/a.ts", at: { file: "src/a.ts", start: 5, end: 34 }, incomplete: false }]);
  });
});

describe("any text", () => {
  it("gives ordered comments that lie inside it and look like comments", () => {
    const piece = fc.constantFrom("//", "/*", "*/", "'", '"', "`", "${", "}", "{", "[", "]", "\\", "#", " ", "\n", "\r", "a", ":", "- ", "|", "/", "--", "pitlint-ignore-line ", race, ",");
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }).map((parts) => parts.join("")), fc.constantFrom("ts" as const, "yaml" as const), (text, language) => {
      const all = comments(text, language);
      for (const [index, { start, end }] of all.entries()) {
        assert.ok(start >= (all[index - 1]?.end ?? 0) && end > start && end <= text.length);
        assert.match(text.slice(start, end), language === "ts" ? /^\/[/*]/ : /^#/);
      }
      for (const { covers } of suppressions("a", text, language, known).suppressions) assert.ok(covers.start <= covers.end && covers.end <= text.length);
    }), { numRuns: 2000 });
  });
});
