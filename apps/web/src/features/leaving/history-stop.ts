/** Marks the entry that going back from the stop leads to. */
const mark = "assayBelow";
/** Time in which a browser goes back; some go nowhere, and tell nothing. */
const patienceMs = 500;

/**
 * One more entry of the page in the browser's history. Going back from it stays on the page, so that there is time to ask; it is
 * taken off again before the page is left for another.
 */
export class HistoryStop {
  readonly #address = window.location.href;
  readonly #onBack: (leave: () => void) => void;
  #state: unknown;
  #waiting: (() => void) | null = null;

  constructor(onBack: (leave: () => void) => void) {
    this.#onBack = onBack;
    this.#state = window.history.state;
    window.history.replaceState({ ...window.history.state, [mark]: true }, "", this.#address);
    window.history.pushState(this.#state, "", this.#address);
    // Before the router hears of it.
    window.addEventListener("popstate", this.#heard, { capture: true });
  }

  /** Takes the entry off, where the page still stands on it. */
  async remove(): Promise<void> {
    if (window.location.href === this.#address) await this.#goBack();
    this.forget();
  }

  forget(): void {
    window.removeEventListener("popstate", this.#heard, { capture: true });
  }

  #goBack(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#waiting?.(), patienceMs);
      this.#waiting = () => {
        clearTimeout(timer);
        this.#waiting = null;
        resolve();
      };
      window.history.back();
    });
  }

  readonly #heard = (event: PopStateEvent): void => {
    if (this.#waiting !== null) {
      event.stopImmediatePropagation();
      this.#waiting();
      return;
    }
    const isBelow = typeof event.state === "object" && event.state !== null && mark in event.state;
    const [here] = window.location.href.split("#");
    const [own] = this.#address.split("#");
    // To and from places of the same page.
    if (!isBelow && here === own) return;
    event.stopImmediatePropagation();
    window.history.pushState(this.#state, "", this.#address);
    this.#onBack(() => {
      this.forget();
      window.history.go(isBelow ? -2 : -1);
    });
  };
}
