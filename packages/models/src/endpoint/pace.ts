import type { EndpointHost } from "./host.ts";

/** Lets requests begin at an even pace, and none while the endpoint asked to be left alone. */
export class Pace {
  readonly #host: EndpointHost;
  readonly #gapMs: number;
  #nextMs = 0;

  constructor(host: EndpointHost, perSecond: number | null) {
    this.#host = host;
    this.#gapMs = perSecond === null ? 0 : 1000 / perSecond;
  }

  /** Waits for a turn. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = this.#host.now();
    const start = Math.max(now, this.#nextMs);
    this.#nextMs = start + this.#gapMs;
    if (start > now) await this.#host.sleep(start - now, signal);
  }

  /** No request begins for so many milliseconds. */
  pause(ms: number): void {
    this.#nextMs = Math.max(this.#nextMs, this.#host.now() + ms);
  }
}
