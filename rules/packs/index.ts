// All packs, in the order they are listed to users.

import { kubernetes } from "./kubernetes.ts";
import { node } from "./node.ts";
import { observability } from "./observability.ts";
import { spring } from "./spring.ts";
import type { Pack } from "../../engine/types.ts";

export const packs: readonly Pack[] = [node, kubernetes, observability, spring];
