import { setTimeout } from "node:timers/promises";

/** The least time between fetching and sending a form, and a little more. */
const readingMs = 3200;

export interface FormOptions {
  /** The sender's address, as a proxy before the server tells it. */
  readonly from?: string;
  readonly language?: string;
}

/** A public form as a browser without scripts sees it: text, fields, plain POSTs. */
export class PublicForm {
  readonly url: string;

  constructor(server: string, token: string) {
    this.url = `${server}/f/${token}`;
  }

  get(path = "", { from = "198.51.100.1", language = "en" }: FormOptions = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: { "x-forwarded-for": from, "accept-language": language } });
  }

  post(path: string, fields: Record<string, string>, { from = "198.51.100.1", language = "en" }: FormOptions = {}) {
    return fetch(`${this.url}${path}`, {
      method: "POST",
      headers: { "x-forwarded-for": from, "accept-language": language },
      body: new URLSearchParams(fields),
    });
  }

  /** Stamps of pages that have been open long enough. */
  async stamps(count: number): Promise<string[]> {
    const pages = await Promise.all(Array.from({ length: count }, async () => (await this.get()).text()));
    await setTimeout(readingMs);
    return pages.map(stampOf);
  }
}

export function stampOf(page: string): string {
  return page.match(/name="stamp" value="([^"]+)"/)?.[1] ?? "";
}

export function referenceOf(page: string): string {
  return page.match(/<p class="reference"[^>]*>([^<]+)</)?.[1] ?? "";
}
