const everyMs = 250;

/** Writes down where something stands a few times a second, one write after the other, the newest last. */
export function throttled<State>(write: (state: State) => Promise<void>): {
  tell(state: State): void;
  /** Writes what was told last and waits until it is written. */
  settle(): Promise<void>;
} {
  let waiting: { readonly state: State } | null = null;
  let written = 0;
  let writing: Promise<void> = Promise.resolve();
  const flush = (): void => {
    if (waiting === null) return;
    const { state } = waiting;
    waiting = null;
    written = Date.now();
    // How far it is matters to nobody so much that the work itself should end of it.
    writing = writing.then(() => write(state)).catch(() => {});
  };
  return {
    tell(state) {
      waiting = { state };
      if (Date.now() - written >= everyMs) flush();
    },
    async settle() {
      flush();
      await writing;
    },
  };
}
