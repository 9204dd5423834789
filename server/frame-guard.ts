// Watches the headers of incoming messages on standard input: the protocol library waits for ever for a body whose length is negative, absurd or missing. Reads along, changes nothing.

/** Longest message (bytes): an editor sends whole documents, and none of this size is read. */
const lengthCap = 64 * 1024 * 1024;

/** Longest header (bytes): the protocol knows two short fields. */
const headerCap = 4096;

/** Takes the chunks of a stream; calls `broken` with the reason, once, when no message can be read from it any more. */
export function frameGuard(broken: (reason: string) => void): (chunk: Buffer) => void {
  let header = "";
  let body = 0;
  let over = false;
  return (chunk) => {
    for (let at = 0; at < chunk.length && !over; ) {
      if (body > 0) {
        const read = Math.min(body, chunk.length - at);
        body -= read;
        at += read;
        continue;
      }
      const before = header.length;
      // A little more than may be: what is left of the chunk then is behind a header, or the header is too long.
      header += chunk.toString("latin1", at, at + headerCap + 4);
      const end = header.indexOf("\r\n\r\n");
      if (end < 0 ? header.length > headerCap : end > headerCap) return stop(`a header is longer than ${headerCap} bytes`);
      if (end < 0) return;
      at += end + 4 - before;
      const length = lengthIn(header.slice(0, end));
      header = "";
      if (typeof length === "string") return stop(length);
      body = length;
    }
  };

  function stop(reason: string): void {
    over = true;
    broken(reason);
  }
}

/** Length of the body behind a header, or why nobody knows where the next message begins. */
function lengthIn(header: string): number | string {
  const lengths: string[] = [];
  for (const line of header.split("\r\n")) {
    const [, name, value] = /^([^\x00-\x20:]+):([^\x00-\x08\x0a-\x1f]*)$/.exec(line) ?? [];
    if (name === undefined) return `a header has a line that is no field: ${JSON.stringify(line.slice(0, 80))}`;
    if (name.toLowerCase() === "content-length") lengths.push(value!.trim());
  }
  const [length] = lengths;
  if (length === undefined) return "a header has no Content-Length";
  // Of two fields the library takes the last.
  if (lengths.length > 1) return `a header has ${lengths.length} fields Content-Length`;
  return /^\d+$/.test(length) && Number(length) <= lengthCap ? Number(length) : `Content-Length is ${JSON.stringify(length)}; a message has 0 to ${lengthCap} bytes`;
}
