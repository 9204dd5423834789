// Which files may be judged: path gates and the browser gate. Text and path in, verdict out.

/** Files that are never read as source: declarations, bundles, generated code, vendored folders. */
export function isSource(below: string, text?: string): boolean {
  if (/\.d\.[cm]?ts$|\.min\.[cm]?js$|_pb\.[cm]?[jt]s$|_grpc_pb\.|\.pb\.[cm]?[jt]s$/.test(below)) return false;
  if (segments(below).some((one) => vendored.has(one))) return false;
  if (text === undefined) return true;
  const head = text.slice(0, 2000);
  return !/@generated\b/.test(head) && !(head.includes("eslint-disable") && /protoc/.test(head));
}

/** Test code: only checks that say so look at it. */
export function isTest(below: string): boolean {
  if (segments(below).slice(0, -1).some((one) => tests.has(one))) return true;
  return /\.(test|spec|e2e|e2e-spec|mock|stories|bench|servertest)\.[cm]?[jt]sx?$|test[^/]*\.setup\.[^/]*$/i.test(below);
}

/** Scripts and tools run by hand: findings there are a grade lower or silent, as the pack says. */
export function isScript(below: string): boolean {
  return segments(below).slice(0, -1).some((one) => scripts.has(one) || /^(perf|bench)/.test(one));
}

/** Browser code, by what the file says; path evidence counts only in a package that depends on a browser framework. */
export function isBrowser(below: string, text: string, browserPackage: boolean): boolean {
  if (/^\s*(?:\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/\s*|\/\/[^\n]*\n\s*)*["']use client["']/.test(text)) return true;
  if (/\.[jt]sx$/.test(below)) return true;
  if (browserImport.test(text)) return true;
  if (/(?<![\w.$])(?:window|document|localStorage|sessionStorage)\s*[.[]/.test(text)) return true;
  return browserPackage && (segments(below).slice(0, -1).some((one) => /^(components|hooks|client|browser)$/.test(one)) || /\.client\.[cm]?[jt]s$/.test(below));
}

/** YAML that deploys nothing: fixtures, samples, rendered goldens. */
export function isNonProduction(below: string): boolean {
  return segments(below).slice(0, -1).some((one) => nonProduction.has(one));
}

/** Packages whose presence makes a package a browser one. */
export const browserFrameworks: readonly string[] = ["react", "react-dom", "vue", "svelte", "@angular/core", "next", "preact", "solid-js", "nuxt", "@remix-run/react"];

const browserImport =
  /(?:from|require\()\s*["'](?:react|react-dom(?:\/[\w-]+)?|vue|svelte|@angular\/core|next\/(?:navigation|router)|swr|@tanstack\/[\w-]+-query|@remix-run\/react)["']/;
const vendored = new Set(["node_modules", "dist", "build", "coverage", "vendor", "migrations"]);
const tests = new Set(["__tests__", "__mocks__", "__fixtures__", "test", "tests", "e2e", "spec", "fixtures", "mocks"]);
const scripts = new Set(["scripts", "bin", "cli", "tools", "examples", "playground"]);
const nonProduction = new Set(["test", "tests", "testdata", "fixtures", "ci", "example", "examples", "sample", "samples", "rendered", "golden", ".github"]);

function segments(path: string): string[] {
  return path.split("/");
}
