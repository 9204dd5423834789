// Frames of the base protocol: messages to bytes and back. Bytes between frames are reported, never skipped in silence.

/** One message with its header. `header` gets the length of the body in bytes. */
export function frame(message: unknown, header = (length: number) => `Content-Length: ${length}\r\n\r\n`): Buffer {
  const body = Buffer.from(typeof message === "string" ? message : JSON.stringify(message));
  return Buffer.concat([Buffer.from(header(body.length)), body]);
}

/** Takes chunks as they come and hands on bodies. */
export function deframer(onBody: (body: string) => void, onStray: (bytes: string) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let size = 0;
  let need = -1;
  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (need >= 0 && size < need) return;
    let buffer = Buffer.concat(chunks);
    for (;;) {
      if (need < 0) {
        const end = buffer.indexOf("\r\n\r\n");
        if (end < 0) break;
        const header = buffer.subarray(0, end).toString("latin1");
        buffer = buffer.subarray(end + 4);
        const strange = header.split("\r\n").filter((line) => !/^Content-(Length|Type): \S.*$/i.test(line));
        if (strange.length) onStray(strange.join("|").slice(0, 300));
        const length = /Content-Length: (\d+)/i.exec(header);
        if (!length) continue;
        need = Number(length[1]);
      }
      if (buffer.length < need) break;
      const body = buffer.subarray(0, need).toString("utf8");
      buffer = buffer.subarray(need);
      need = -1;
      onBody(body);
    }
    chunks = [buffer];
    size = buffer.length;
  };
}
