// A run that is cut: the measuring ends, the telling does not.

/** Aborts at the first Ctrl-C or SIGTERM; the second one ends the program as ever. */
export function cutBySignal(): AbortSignal {
  const controller = new AbortController();
  const signals = ["SIGINT", "SIGTERM"] as const;
  const cut = () => {
    for (const signal of signals) process.off(signal, cut);
    controller.abort(new Error("it was cut"));
  };
  for (const signal of signals) process.on(signal, cut);
  return controller.signal;
}

/** Does it when the run is cut, at once when it is, until it is disposed of. */
export function onCut(cut: AbortSignal, what: () => void): Disposable {
  if (cut.aborted) what();
  cut.addEventListener("abort", what);
  return { [Symbol.dispose]: () => cut.removeEventListener("abort", what) };
}
