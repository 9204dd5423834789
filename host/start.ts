// What a worker thread of dist starts with: the analysis worker, compiled already where it can be.

import { join } from "node:path";
import { run, scriptOf } from "./kept-code.ts";

const file = join(__dirname, "worker.cjs");
run(file, scriptOf(file));
