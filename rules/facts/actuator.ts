// Fact: the web endpoints that Spring Boot Actuator opens to whoever reaches the port. From settings, and from the environment of workloads.

import { workloadsOf } from "../../engine/workload.ts";
import { items, text, trusted } from "../../engine/yaml/read.ts";
import { setting, settingList, settingText, settingValue, springDocuments } from "./spring-setting.ts";
import type { FactKind, Span, YamlDocument } from "../../engine/types.ts";

export interface Actuator {
  /** Endpoints that tell secrets or change the process. */
  readonly open: readonly string[];
  /** All health details for anybody. */
  readonly details: boolean;
  /** Who stands between: a port of its own, or credentials in the same settings. */
  readonly behind?: "port" | "login";
  /** On a developer's machine. */
  readonly local?: true;
  /** `spring.application.name`. */
  readonly name?: string;
  /** Text that puts a harmless list in place, and where. */
  readonly fix?: { readonly at: Span; readonly text: string };
}

/** What the endpoints give away: https://docs.spring.io/spring-boot/reference/actuator/endpoints.html#actuator.endpoints */
const risky = ["env", "heapdump", "threaddump", "shutdown", "loggers", "configprops", "beans"];
const harmless = ["health", "info", "prometheus"];
const variable = "MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE";
const words = ["exposure", "show-details", "showDetails"];

export const actuator: FactKind<Actuator> = {
  id: "actuator",
  title: "Actuator endpoints",
  yaml: {
    mentions: [[...words, variable]],
    *find(document) {
      for (const one of springDocuments(document, words)) yield* fromSettings(one);
      if (document.class !== "k8s" && document.class !== "compose") return;
      const seen = new Set<number>();
      for (const { env, id } of workloadsOf(document)) {
        const found = env.get(variable);
        const at = found && "known" in found ? found.from[0] : undefined;
        if (!found || !("known" in found) || !at || seen.has(at.start)) continue;
        seen.add(at.start);
        const list = String(found.known ?? "").split(",").map((one) => one.trim());
        const open = exposed(list, String(known(env.get("MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_EXCLUDE")) ?? "").split(","), false);
        if (open.length > 0) yield { at, of: { workload: id }, value: { open, details: false, name: id.slice(id.indexOf("/") + 1), ...(document.class === "compose" ? { local: true } : {}) } };
      }
    },
  },
};

const known = (value: unknown) => (value !== null && typeof value === "object" && "known" in value ? value.known : undefined);

function* fromSettings(document: YamlDocument) {
  const include = setting(document, "management.endpoints.web.exposure.include");
  const excluded = setting(document, "management.endpoints.web.exposure.exclude");
  const port = settingValue(document, "management.server.port");
  // Closed, or for the pod alone.
  if (("known" in port && Number(port.known) === -1) || /^(127\.|localhost|::1)/.test(settingText(document, "management.server.address") ?? "")) return;
  const name = settingText(document, "spring.application.name");
  const base = { ...(name && !name.includes("${") ? { name } : {}), ...behindOf(document) };
  const of = base.name === undefined ? {} : { of: { names: [base.name] } };
  const list = include && settingList(document, include);
  const without = excluded ? settingList(document, excluded) : [];
  if (include && list && without && trusted(document, include.node.at)) {
    const stops = String(known(settingValue(document, "management.endpoint.shutdown.enabled"))) === "true" || known(settingValue(document, "management.endpoint.shutdown.access")) === "unrestricted";
    const open = exposed(list, without, stops);
    const rest = list.includes("*") ? harmless : list.filter((one) => !risky.includes(one));
    const fix = include.origin === "own" ? { fix: { at: { file: "", start: include.pair.colon, end: include.node.at.end }, text: ` "${(rest.length > 0 ? rest : ["health"]).join(",")}"` } } : {};
    const item = items(document, include).find((one) => open.includes(text(one) ?? "") || text(one) === "*");
    if (open.length > 0) yield { at: (item ?? include).node.at, ...of, value: { open, details: false, ...base, ...fix } };
  }
  const details = setting(document, "management.endpoint.health.show-details");
  if (details && known(settingValue(document, "management.endpoint.health.show-details")) === "always" && trusted(document, details.node.at))
    yield { at: details.node.at, ...of, value: { open: [], details: true, ...base, ...(details.origin === "own" ? { fix: { at: details.node.at, text: "when-authorized" } } : {}) } };
}

/** The risky ones of a list; `shutdown` answers only where it is switched on. */
function exposed(include: readonly string[], exclude: readonly string[], stops: boolean): readonly string[] {
  if (exclude.includes("*")) return [];
  return risky.filter((one) => (include.includes("*") || include.includes(one)) && !exclude.map((each) => each.trim()).includes(one) && (one !== "shutdown" || stops));
}

function behindOf(document: YamlDocument): Pick<Actuator, "behind"> {
  const [own, main] = [settingText(document, "management.server.port"), settingText(document, "server.port")];
  if (own !== undefined && own !== (main ?? "8080")) return { behind: "port" };
  return setting(document, "spring.security.user") || setting(document, "spring.security.oauth2.resourceserver") || setting(document, "management.endpoint.health.roles") ? { behind: "login" } : {};
}
