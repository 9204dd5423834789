// A progress line on standard error for runs that take a while; nothing where it is not a terminal.

/** Runs shorter than this show nothing (ms). */
const quiet = 700;

export function progress(stream: NodeJS.WriteStream): { update(done: number, total: number): void; end(): void } {
  const started = performance.now();
  let shown = false;
  return {
    update(done, total) {
      if (!stream.isTTY || performance.now() - started < quiet) return;
      shown = true;
      stream.write(`\r\u001b[Kpitlint: ${done} of ${total} files`);
    },
    end() {
      if (shown) stream.write("\r\u001b[K");
    },
  };
}
