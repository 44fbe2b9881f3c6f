/** What `holdLife` posts to the page. */
export const alive = "alive";

/**
 * Holds the lock that has the worker's name for as long as the worker lives; the page waits for it in `whenGone`. Browsers end
 * a worker that takes too much memory without a word to its page, but they do free its locks.
 * @see https://w3c.github.io/web-locks/#agent-integration
 */
export function holdLife(): void {
  // Pages that are served without https have no locks.
  void navigator.locks?.request(self.name, () => {
    postMessage(alive);
    return new Promise(() => undefined);
  });
}
