// Watches the lengths of incoming messages on standard input: the protocol library waits for ever for a body whose length is negative, absurd or missing. Reads along, changes nothing.

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
      header += chunk.toString("latin1", at, at + headerCap);
      const end = header.indexOf("\r\n\r\n");
      if (end < 0 ? header.length > headerCap : end > headerCap) return stop(`a header is longer than ${headerCap} bytes`);
      if (end < 0) return;
      at += end + 4 - before;
      const length = /^content-length:\s*(.*)$/im.exec(header.slice(0, end))?.[1]?.trim();
      header = "";
      // Nobody knows where the next message begins after a header without a length.
      if (length === undefined) return stop("a header has no Content-Length");
      if (!/^\d+$/.test(length) || Number(length) > lengthCap) return stop(`Content-Length is ${JSON.stringify(length)}; a message has 0 to ${lengthCap} bytes`);
      body = Number(length);
    }
  };

  function stop(reason: string): void {
    over = true;
    broken(reason);
  }
}
