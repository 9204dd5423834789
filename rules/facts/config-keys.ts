// Fact: the keys of a ConfigMap or Secret, by its name, and of what makes one.

import { isOpen, items, lookup, pairs, scalar, text } from "../../engine/yaml/read.ts";
import type { FactKind } from "../../engine/types.ts";

export interface ConfigKeys {
  readonly name: string;
  readonly keys: readonly string[];
  /** It may have more keys. */
  readonly open: boolean;
}

export const configKeys: FactKind<ConfigKeys> = {
  id: "config-keys",
  title: "Keys of a ConfigMap or Secret",
  yaml: {
    mentions: [["ConfigMap", "Secret", "secret"]],
    *find(document) {
      const { root } = document;
      const kind = text(scalar(document, root, "kind"));
      const name = text(scalar(document, root, "metadata", "name"));
      if (document.class !== "k8s" || !root || name === undefined) return;
      const keysOf = (...path: string[]) => pairs(document, lookup(document, root, ...path)).map((one) => one.key);
      const keys = kind === "ConfigMap" ? keysOf("data") : kind === "Secret" ? [...keysOf("data"), ...keysOf("stringData")] : kind === "SealedSecret" ? keysOf("spec", "encryptedData") : undefined;
      if (keys) yield { at: root.at, value: { name, keys, open: document.errors.length > 0 || keys.length === 0 || isOpen(document, lookup(document, root, "data")) || isOpen(document, lookup(document, root, "stringData")) } };
      if (kind !== "ExternalSecret") return;
      const given = items(document, lookup(document, root, "spec", "data")).map((one) => text(scalar(document, one, "secretKey")));
      yield { at: root.at, value: { name: text(scalar(document, root, "spec", "target", "name")) ?? name, keys: given.filter((one) => one !== undefined), open: lookup(document, root, "spec", "dataFrom") !== undefined || lookup(document, root, "spec", "target", "template") !== undefined } };
    },
  },
};
