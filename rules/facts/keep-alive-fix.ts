// Question: which text makes a server keep idle connections for longer, and where does it go? Writes plain code that needs no import.

import { grouped } from "../../engine/lower.ts";
import { duration } from "../../engine/quantity.ts";
import type { Edit, Fix } from "../../engine/types.ts";
import type { HttpServer } from "./http-server.ts";

/** A new value where one is written, else statements after the one that opens the server. `keeps` in ms. */
export function raise({ limits, places, after }: HttpServer, keeps: number): Fix | undefined {
  const title = `Raise the keep-alive time to ${duration(keeps)}`;
  if (places.keepAliveTimeout) return { title, safe: false, edits: [{ at: places.keepAliveTimeout, duration: keeps }] };
  if (!after) return undefined;
  // Headers that may take longer than the whole request would never be waited for.
  const request = "known" in limits.requestTimeout && limits.requestTimeout.known > 0 ? limits.requestTimeout.known : "absent" in limits.requestTimeout ? 300_000 : 0;
  const headers = "absent" in limits.headersTimeout && keeps + 1_000 < request ? `${after.lead}${after.name}.headersTimeout = ${grouped(keeps + 1_000)}${after.end}` : "";
  const edits: Edit[] = [{ at: after.at, text: `${after.lead}${after.name}.keepAliveTimeout = ${grouped(keeps)}${after.end}${headers}` }];
  return { title, safe: false, edits: after.declare ? [{ at: after.declare, text: `const ${after.name} = ` }, ...edits] : edits };
}
