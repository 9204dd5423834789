// Which files may be judged: path gates and the browser gate. Text and path in, verdict out.

/** Files that are never read as source: declarations, bundles, generated code, vendored folders. */
export function isSource(below: string, text?: string): boolean {
  if (/\.d\.[cm]?ts$|\.min\.[cm]?js$|_pb\.[cm]?[jt]s$|_grpc_pb\.|\.pb\.[cm]?[jt]s$/.test(below)) return false;
  if (segments(below).some((one) => vendored.has(one))) return false;
  if (text === undefined) return true;
  if (isBundle(below, text)) return false;
  const head = text.slice(0, 2000);
  return !/@generated\b/.test(head) && !(head.includes("eslint-disable") && /\bprotoc\b/.test(head));
}

/** The output of a bundler or minifier: large JavaScript with lines that nobody wrote. */
function isBundle(below: string, text: string): boolean {
  if (text.length < 100_000 || !/\.[cm]?js$/.test(below)) return false;
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
  return text.length / lines > 200 || /\b__commonJS\b|__webpack_require__/.test(text.slice(0, 20_000));
}

/** Test code: only checks that say so look at it. */
export function isTest(below: string): boolean {
  if (segments(below).slice(0, -1).some((one) => testFolder.test(one))) return true;
  if (/\.(test|spec|e2e|e2e-spec|mock|stories|bench|servertest)\.[cm]?[jt]sx?$/i.test(below)) return true;
  const name = below.slice(below.lastIndexOf("/") + 1).toLowerCase();
  const at = name.indexOf("test");
  return at >= 0 && name.includes(".setup.", at + "test".length);
}

/** Scripts and tools run by hand: findings there are a grade lower or silent, as the pack says. */
export function isScript(below: string): boolean {
  // `src/mcp/tools` holds what a server offers, not what a person runs.
  return segments(below).slice(0, -1).some((one, at, all) => (scripts.has(one) && !(one === "tools" && all.slice(0, at).includes("src"))) || /^(perf|bench)/.test(one));
}

/** JSX: browser code whatever else the file says. */
export const isMarkup = (below: string): boolean => /\.[jt]sx$/.test(below);

/** Browser code, by what the file says; path evidence counts only in a package that depends on a browser framework. */
export function isBrowser(below: string, text: string, browserPackage: boolean): boolean {
  if (/^\s*(?:\/\*[^*]*\*+(?:[^/*][^*]*\*+)*\/\s*|\/\/[^\n]*\n\s*)*["']use client["']/.test(text)) return true;
  if (isMarkup(below)) return true;
  if (browserImport.test(text)) return true;
  if (browserGlobal.test(text) && !serverImport.test(text) && browserGlobals.some(([used, declared]) => used.test(text) && !declared.test(text))) return true;
  if (/\bself\.addEventListener\(/.test(text)) return true;
  return browserPackage && !isServerSide(below, text);
}

/** In a package with a browser framework a file is server code only when something says so: what is unknown is not judged. */
function isServerSide(below: string, text: string): boolean {
  if (segments(below).slice(0, -1).some((one) => /^(components|hooks|client|browser|public)$/.test(one)) || /\.client\.[cm]?[jt]s$/.test(below)) return false;
  if (segments(below).slice(0, -1).some((one) => /^(api|server|backend|functions|lambda|workers?)$/.test(one)) || /\.server\.[cm]?[jt]s$|(^|\/)(server|instrumentation)\.[cm]?[jt]s$/i.test(below)) return true;
  return serverImport.test(text) || /\bprocess\.env\.(?!NEXT_PUBLIC_|REACT_APP_|VITE_|EXPO_PUBLIC_|NODE_ENV\b)\w/.test(text) || /\bprocess\.env;/.test(text) || /^\s*["']use server["']/.test(text);
}

/** YAML that deploys nothing: fixtures, samples, rendered goldens, Compose files of a test run. */
export function isNonProduction(below: string): boolean {
  const parts = segments(below);
  return parts.slice(0, -1).some((one) => nonProduction.has(one) || testFolder.test(one)) || isTestCompose(parts.at(-1)!);
}

function isTestCompose(name: string): boolean {
  const start = /^(?:docker-)?compose(?=[._-])/i.exec(name);
  return start !== null && /[._-](?:tests?|ci|e2e|integration)(?:[._-]|$)/i.test(name.slice(start[0].length));
}

/** Manifests of a developer's own machine or of a development stage: findings there are a grade lower or silent, as the pack says. */
export function isDevelopment(below: string): boolean {
  const parts = segments(below);
  if (!/\.ya?ml$/.test(below)) return false;
  return parts.slice(0, -1).some((one) => development.has(one)) || /(?:^|[._-])(?:dev|development|local|minikube)(?=[._-])/.test(parts.at(-1)!);
}

/** An environment that a team calls so is a developer's. */
export function isDevelopmentName(name: string): boolean {
  return development.has(name.toLowerCase());
}

/** Packages whose presence makes a package a browser one. */
export const browserFrameworks: readonly string[] = ["react", "react-dom", "vue", "svelte", "@angular/core", "next", "preact", "solid-js", "nuxt", "@remix-run/react", "react-native", "expo"];

const browserGlobal = /(?<![\w.$])(?:window|document|localStorage|sessionStorage)\s*[?.[]/;
/** Globals of a browser in code, not at the end of a sentence, and how a variable of that name is declared. */
const browserGlobals = ["window", "document", "localStorage", "sessionStorage"].map((name) => [
  new RegExp(`(?<![\\w.$])${name}(?:\\s*\\??\\.[A-Za-z_$]|\\[["'\`\\w])`),
  new RegExp(`\\b(?:const|let|var)\\s+(?:[{[][^=;]{0,400}\\b)?${name}\\b|[(,{]\\s*${name}\\s*[?:,)=}]|\\b${name}\\s*=>`),
] as const);

const browserImport =
  /(?:from|require\()\s*["'](?:react|react-dom(?:\/[\w-]+)?|vue|svelte|@angular\/core|next\/(?:navigation|router)|swr|@tanstack\/[\w-]+-query|@remix-run\/react)["']/;
/** Modules that only run in Node: its own, and servers, brokers and databases. */
const serverImport =
  /(?:from|require\()\s*["'](?:node:[\w/]+|fs|http|https|http2|net|tls|os|path|child_process|worker_threads|cluster|@grpc\/[\w-]+|nice-grpc|express|fastify|koa|@hapi\/hapi|@nestjs\/[\w-]+|kafkajs|amqplib|bullmq|ioredis|redis|pg|mysql2|mongodb|mongoose|knex|typeorm|@prisma\/client|pino|winston|bunyan|prom-client|@opentelemetry\/sdk-[\w-]+)["']/;
const vendored = new Set(["node_modules", "dist", "build", "coverage", "vendor", "migrations", ".yarn", ".next"]);
/** `test`, `__mocks__`, `integration_tests`, `smoke-tests`, `.storybook`. */
const testFolder = /(?:^|[-_.])(?:tests?|e2e|specs?|fixtures?|mocks?|storybook)(?:[-_.]|$)/i;
const scripts = new Set(["scripts", "bin", "cli", "tools", "examples", "playground"]);
const development = new Set(["dev", "development", "local", "minikube", "kind", "compose"]);
const nonProduction = new Set(["test", "tests", "testdata", "fixtures", "ci", "example", "examples", "sample", "samples", "rendered", "golden", ".github"]);

function segments(path: string): string[] {
  return path.split("/");
}
