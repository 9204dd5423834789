// All packs, in the order they are listed to users.

import { kubernetes } from "./kubernetes.ts";
import { node } from "./node.ts";
import type { Pack } from "../../engine/types.ts";

export const packs: readonly Pack[] = [node, kubernetes];
