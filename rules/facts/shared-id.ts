// Fact: an instance id that is the same in every replica. From registrations in code, from Spring's settings, and from Consul's service definitions.

import { span } from "../../engine/typescript/parse.ts";
import { items, lookup, scalar, text, trusted, type Found } from "../../engine/yaml/read.ts";
import { distinct } from "./instance-id-fix.ts";
import { registrations, type Registration } from "./instance-id.ts";
import { setting, settingText, springDocuments } from "./spring-setting.ts";
import type { Edit, FactKind, YamlDocument } from "../../engine/types.ts";

export interface SharedId extends Pick<Registration, "registry" | "same"> {
  /** Name of the service, for settings that stand beside no code. */
  readonly name?: string;
  /** The file is read by the agent of one machine, which may run one instance. */
  readonly agent?: true;
  /** Makes the id differ. */
  readonly edits?: readonly Edit[];
}

const words = ["instance-id", "instanceId", "instance_id", "instanceid"];

export const sharedId: FactKind<SharedId> = {
  id: "shared-id",
  title: "Instance id that all replicas share",
  ts: {
    mentions: [["consul", "Consul", "eureka-js-client", "nacos"]],
    *find(file) {
      for (const one of registrations(file)) {
        const { registry, same, into, site, node } = one;
        const edits = distinct(file, one);
        yield { at: span(same === "name" && into ? site.expression : node), value: { registry, same, ...(edits ? { edits } : {}) } };
      }
    },
  },
  yaml: {
    mentions: [[...words, "service"]],
    *find(document) {
      for (const one of springDocuments(document, words)) yield* fromSpring(one, one === document);
      if (document.class === "consul") yield* fromConsul(document);
    },
  },
};

const properties = [["eureka.instance.instance-id", "Eureka"], ["spring.cloud.consul.discovery.instance-id", "Consul"], ["spring.application.instance_id", "Eureka"]] as const;
/** Set on an id, it names the pod; a random one per start would leave entries of the dead behind. */
const pod = "${HOSTNAME:${random.uuid}}";

function* fromSpring(document: YamlDocument, whole: boolean) {
  const said = settingText(document, "spring.application.name");
  const name = said && !said.includes("${") ? { name: said } : {};
  for (const [property, registry] of properties) {
    const found = setting(document, property);
    const id = text(found);
    if (!found || !id || !trusted(document, found.node.at) || !isShared(id)) continue;
    // The service's own number of the instance, for Eureka only where it registers there.
    if (property.startsWith("spring.application") && !setting(document, "eureka")) continue;
    yield {
      at: found.node.at, ...(said && name.name ? { of: { names: [said] } } : {}),
      value: { registry, same: "id" as const, ...name, ...(whole && found.origin === "own" ? { edits: [{ yaml: found.node.at, set: `${id}-${pod}` }] } : {}) },
    };
  }
}

/** Made of text and of settings that all replicas share; whatever else stands in it may differ. */
function isShared(id: string): boolean {
  const rest = id.replace(/\$\{(?:spring\.application\.name|server\.port|spring\.profiles\.active|info\.[\w.-]+)(?::[^${}]*)?\}/g, "");
  return !/[$#{}@]/.test(rest);
}

function* fromConsul(document: YamlDocument) {
  const one = lookup(document, document.root, "service");
  const services: readonly Found[] = [...(one ? [one] : []), ...items(document, lookup(document, document.root, "services"))];
  for (const service of services) {
    const id = scalar(document, service, "id");
    const name = text(scalar(document, service, "name"));
    if (!("known" in id) || typeof id.known !== "string" || /[$@{<%]/.test(id.known) || name === undefined) continue;
    yield { at: id.from[0]!, of: { names: [name], workload: `consul/${name}` }, value: { registry: "Consul" as const, same: "id" as const, name, agent: true as const } };
  }
}
