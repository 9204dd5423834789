// All packs, in the order they are listed to users.

import { node } from "./node.ts";
import type { Pack } from "../../engine/types.ts";

export const packs: readonly Pack[] = [node];
