// Colour for terminals: on only where standard output is one, or where FORCE_COLOR asks for it.

import { styleText } from "node:util";
import type { Paint } from "./report/text.ts";

type Style = Parameters<typeof styleText>[0];
const styles: Record<Parameters<Paint>[0], Style> = { error: "red", warning: "yellow", info: "blue", hint: "gray", dim: "gray", bold: "bold", good: "green" };

export function paintFor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv = process.env): Paint {
  const on = env.FORCE_COLOR ? env.FORCE_COLOR !== "0" : stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb";
  return on ? (style, text) => styleText(styles[style], text, { validateStream: false } as never) : (_, text) => text;
}
