// Which package is which workload: every kind of evidence links, a tie or a lone weak name does not.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { analyse } from "../../engine/analyse.ts";
import { packs } from "../../rules/packs/index.ts";

const deployment = (name: string, image: string, labels = "") => `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  template:
    metadata: { labels: { app: ${labels || name} } }
    spec:
      containers:
        - { name: main, image: ${image} }
`;

function links(files: Record<string, string>): string[] {
  const { summary } = analyse(new Map(Object.entries(files)), { packs });
  return summary.linked.map((one) => `${one.source || "."} <- ${one.target} ${one.evidence.split(":")[0]}`).sort();
}

const two = { "services/orders/package.json": '{"name":"@acme/orders"}', "services/orders/src/a.ts": "export {};", "services/pay/package.json": '{"name":"pay"}', "services/pay/src/a.ts": "export {};" };

describe("service association", () => {
  it("takes the image's name", () => assert.deepEqual(links({ ...two, "k8s/orders.yaml": deployment("x", "registry.io:5000/acme/orders:1.2@sha256:aa") }), ["services/orders <- Deployment/x (k8s/orders.yaml) E3"]));
  it("takes the name of the only package, also at the root", () => assert.deepEqual(links({ "package.json": '{"name":"orders"}', "src/a.ts": "export {};", "k8s/all.yaml": `${deployment("orders", "acme/orders:1")}---\n${deployment("db", "postgres:17")}` }), [". <- Deployment/orders (k8s/all.yaml) E3"]));
  it("does not take the name of a root with packages", () => assert.deepEqual(links({ ...two, "package.json": '{"name":"shop"}', "scripts/a.ts": "export {};", "k8s/all.yaml": deployment("shop", "acme/shop:1") }), []));
  it("takes a compose build context", () => assert.deepEqual(links({ ...two, "compose.yaml": "services:\n  api:\n    build: ./services/pay\n" }), ["services/pay <- compose/api (compose.yaml) E4"]));
  it("takes a Dockerfile's folder, through .env", () =>
    assert.deepEqual(links({ ...two, ".env": "PAY_DOCKERFILE=services/pay/Dockerfile\n", "compose.yaml": "services:\n  api:\n    build:\n      context: ./\n      dockerfile: ${PAY_DOCKERFILE}\n" }), ["services/pay <- compose/api (compose.yaml) E4"]));
  it("does not take a build whose Dockerfile is not known", () => assert.deepEqual(links({ ...two, "package.json": "{}", "a.ts": "", "compose.yaml": "services:\n  api:\n    build:\n      context: ./\n      dockerfile: ${PAY_DOCKERFILE}\n" }), []));
  it("carries a build over to the workload that runs its image", () =>
    assert.deepEqual(links({ ...two, "compose.yaml": "services:\n  api:\n    build: ./services/pay\n    image: acme/rs-payment\n", "k8s/p.yaml": deployment("p", "acme/rs-payment:3") }), ["services/pay <- Deployment/p (k8s/p.yaml) E4", "services/pay <- compose/api (compose.yaml) E4"]));
  it("takes the folder that skaffold builds an image from", () =>
    assert.deepEqual(links({ ...two, "skaffold.yaml": "apiVersion: skaffold/v4beta6\nkind: Config\nbuild:\n  artifacts:\n    - image: front\n      context: services\n      docker: { dockerfile: pay/Dockerfile }\n", "k8s/p.yaml": deployment("p", "front") }), ["services/pay <- Deployment/p (k8s/p.yaml) E4"]));
  it("takes the folder that a workflow builds an image from", () => {
    const workflow = (steps: string, matrix = "") => ({ ...two, ".github/workflows/ci.yml": `on: push\nenv: { REGISTRY: ghcr.io }\njobs:\n  build:\n${matrix}    steps:\n${steps}`, "k8s/p.yaml": deployment("p", "ghcr.io/acme/core:1") });
    const found = ["services/pay <- Deployment/p (k8s/p.yaml) E4"];
    assert.deepEqual(links(workflow("      - uses: docker/build-push-action@v6\n        with: { context: services/pay, tags: \"${{ env.REGISTRY }}/acme/core:${{ github.sha }}\" }\n")), found);
    assert.deepEqual(links(workflow("      - id: meta\n        uses: docker/metadata-action@v5\n        with: { images: \"ghcr.io/acme/${{ matrix.image }}\" }\n      - uses: docker/build-push-action@v6\n        with: { file: \"services/${{ matrix.dir }}/Dockerfile\", tags: \"${{ steps.meta.outputs.tags }}\" }\n", "    strategy: { matrix: { include: [{ image: core, dir: pay }, { image: other, dir: orders }] } }\n")), found);
    assert.deepEqual(links(workflow("      - run: |\n          docker build -t ghcr.io/acme/core:${{ github.sha }} \\\n            --file services/pay/Dockerfile services\n")), found);
    assert.deepEqual(links(workflow("      - run: docker build -t acme/core services/pay\n      - run: docker build -t acme/core services/orders\n")), []);
    assert.deepEqual(links(workflow("      - run: docker build -t acme/core $DIR\n      - run: docker build -t $IMAGE services/pay\n")), []);
  });
  it("takes image and name together in weak form", () => assert.deepEqual(links({ ...two, "k8s/o.yaml": deployment("orders-service", "acme/orders-api:1") }), ["services/orders <- Deployment/orders-service (k8s/o.yaml) E2"]));
  it("takes the only workload below a package's folder", () => assert.deepEqual(links({ ...two, "services/pay/k8s/d.yaml": deployment("billing", "acme/billing") }), ["services/pay <- Deployment/billing (services/pay/k8s/d.yaml) E1"]));
  it("takes what the team states", () =>
    assert.deepEqual(links({ ...two, "k8s/o.yaml": deployment("zzz", "acme/zzz"), "pitlint.yaml": "services:\n  orders:\n    source: services/orders\n    workloads: [Deployment/zzz]\n" }), ["services/orders <- Deployment/zzz (k8s/o.yaml) E5"]));
  it("takes the only package and the only workload", () => assert.deepEqual(links({ "a.ts": "export {};", "k8s.yaml": deployment("anything", "acme/whatever") }), [". <- Deployment/anything (k8s.yaml) the only package and the only workload"]));
  it("does not take the only package for an image that others publish, or that a folder beside it builds", () => {
    assert.deepEqual(links({ "a.ts": "export {};", "k8s.yaml": deployment("cache", "redis:7") }), []);
    assert.deepEqual(links({ "web/package.json": "{}", "web/a.ts": "export {};", "rec/Dockerfile": "FROM python:3", "k8s.yaml": deployment("rec", "acme/rec") }), []);
  });
  it("links nothing on a label alone", () => assert.deepEqual(links({ ...two, "k8s/o.yaml": deployment("zzz", "acme/zzz", "orders") }), []));
  it("links nothing on a tie", () => assert.deepEqual(links({ "a/orders/package.json": "{}", "a/orders/a.ts": "", "b/orders/package.json": "{}", "b/orders/a.ts": "", "k8s/o.yaml": deployment("orders", "acme/orders") }), []));
  it("never links a sidecar", () => assert.deepEqual(links({ "envoy/package.json": '{"name":"envoy"}', "envoy/a.ts": "", "x/package.json": "{}", "x/a.ts": "", "k8s/o.yaml": deployment("o", "envoyproxy/envoy:1") }), []));
  it("says why it links nothing", () => {
    const { summary } = analyse(new Map(Object.entries({ ...two, "k8s/o.yaml": deployment("zzz", "acme/zzz", "orders") })), { packs });
    assert.ok(summary.unlinked.some((one) => one.name.startsWith("Deployment/zzz") && /one weak signal links nothing/.test(one.reason)));
  });
});
