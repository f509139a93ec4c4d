const oneKeyPressMs = 1_000;

/**
 * Aborted by the first SIGTERM, SIGINT or SIGHUP (a closed terminal). A second one ends the process at once with the
 * code of its signal; what comes within a second of the first is the same Ctrl-C, which npm and the terminal both pass
 * on.
 */
export function listenForStop(): AbortSignal {
  const stop = new AbortController();
  let firstAt = 0;
  const onSignal = (signal: NodeJS.Signals, number: number) => {
    if (!stop.signal.aborted) {
      firstAt = performance.now();
      stop.abort(signal);
    } else if (performance.now() - firstAt > oneKeyPressMs) process.exit(128 + number);
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, onSignal);
  return stop.signal;
}
