// What a kustomization.yaml asks for, as it is written: files, patches and whom they are for, images, counts. Reads no file and changes no object.
// https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/

import { folder, join } from "../resolve.ts";
import { items, lookup, pairs, scalar, text, type Found } from "../yaml/read.ts";
import { placed, said } from "./tree.ts";
import type { Image } from "./transform.ts";
import type { YamlDocument, YamlMap, YamlNode } from "../types.ts";

/** Whom a patch is for. Names and kinds are patterns. */
export interface Target {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly group?: string;
  readonly version?: string;
  /** `app=web,tier=front`. */
  readonly labels?: string;
  /** It says something else, too. */
  readonly more: boolean;
}

export interface Patch {
  /** File of the patch; without it the patch stands in the kustomization. */
  readonly path?: string;
  /** Patches that stand in the kustomization. None when they cannot be read. */
  readonly inline: readonly YamlDocument[];
  readonly target?: Target;
  /** Of `patchesJson6902`: applied after names and labels. */
  readonly isLate: boolean;
}

/** Paths that a list of a kustomization names. */
export function pathsOf(document: YamlDocument, ...lists: readonly string[]): readonly string[] {
  return lists.flatMap((list) => items(document, lookup(document, document.root, list)).flatMap((one) => {
    const written = text(scalar(document, one));
    return written === undefined || written.includes("\n") || /^[a-z+]+:\/\/|^git@|^github\.com\//.test(written) ? [] : [join(folder(document.path), written)];
  }));
}

/** https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/ */
export function patchesOf(document: YamlDocument): readonly Patch[] {
  const found: Patch[] = [];
  const add = (written: string | undefined, inline: Found | undefined, target: Target | undefined, isLate: boolean) => {
    const standing = inline && (document.inline ?? []).flatMap((one) => (one.start === inline.node.at.start ? one.documents : []));
    if (written !== undefined || inline) found.push({ ...(written === undefined ? {} : { path: join(folder(document.path), written) }), inline: standing ?? [], isLate, ...(target ? { target } : {}) });
  };
  for (const one of items(document, lookup(document, document.root, "patchesStrategicMerge"))) {
    const written = text(scalar(document, one));
    if (written !== undefined) add(written.includes("\n") ? undefined : written, written.includes("\n") ? one : undefined, undefined, false);
  }
  for (const list of ["patches", "patchesJson6902"])
    for (const one of items(document, lookup(document, document.root, list))) add(text(scalar(document, one, "path")), lookup(document, one, "patch"), targetOf(document, one), list === "patchesJson6902");
  return found;
}

function targetOf(document: YamlDocument, patch: Found): Target | undefined {
  const found = lookup(document, patch, "target");
  if (!found) return undefined;
  const own = (key: string) => {
    const written = text(scalar(document, found, key));
    return written === undefined || written === "" ? {} : { [key]: written };
  };
  const labels = text(scalar(document, found, "labelSelector"));
  const more = pairs(document, found).some(({ key }) => !/^(?:kind|name|namespace|group|version|labelSelector)$/.test(key));
  return { ...own("kind"), ...own("name"), ...own("namespace"), ...own("group"), ...own("version"), ...(labels ? { labels } : {}), more };
}

/** Values that a kustomization states once for many objects; members that are no texts are left out. */
export interface Settings {
  readonly namespace?: string;
  readonly namePrefix: string;
  readonly nameSuffix: string;
  readonly labels: readonly { readonly of: YamlMap; readonly selectors: boolean; readonly templates: boolean; readonly fields: readonly string[] }[];
  readonly annotations?: YamlMap;
  readonly images: readonly Image[];
  readonly replicas: readonly { readonly name: string; readonly count: YamlNode }[];
}

export function settingsOf(document: YamlDocument): Settings {
  const top = (key: string) => text(scalar(document, document.root, key));
  const map = (found: Found | undefined): YamlMap | undefined => {
    const copy = found && placed(document, found);
    return copy?.kind === "map" ? copy : undefined;
  };
  const list = (key: string) => items(document, lookup(document, document.root, key));
  const common = map(lookup(document, document.root, "commonLabels"));
  const annotations = map(lookup(document, document.root, "commonAnnotations"));
  const namespace = top("namespace");
  return {
    ...(namespace ? { namespace } : {}),
    namePrefix: top("namePrefix") ?? "",
    nameSuffix: top("nameSuffix") ?? "",
    labels: [
      ...(common ? [{ of: common, selectors: true, templates: true, fields: [] }] : []),
      ...list("labels").flatMap((one) => {
        const of = map(lookup(document, one, "pairs"));
        const is = (key: string) => text(scalar(document, one, key)) === "true";
        return of ? [{ of, selectors: is("includeSelectors"), templates: is("includeTemplates"), fields: items(document, lookup(document, one, "fields")).flatMap((field) => text(scalar(document, field, "path")) ?? []) }] : [];
      }),
    ],
    ...(annotations ? { annotations } : {}),
    images: list("images").flatMap((one): Image[] => {
      const of = placed(document, one);
      const name = said(of, "name");
      const own = (key: "newName" | "newTag" | "tagSuffix" | "digest") => (said(of, key) === undefined ? {} : { [key]: said(of, key) });
      return name === undefined ? [] : [{ name, ...own("newName"), ...own("newTag"), ...own("tagSuffix"), ...own("digest") }];
    }),
    replicas: list("replicas").flatMap((one) => {
      const name = text(scalar(document, one, "name"));
      const count = lookup(document, one, "count");
      const copy = count && placed(document, count);
      return name === undefined || !copy ? [] : [{ name, count: copy }];
    }),
  };
}
