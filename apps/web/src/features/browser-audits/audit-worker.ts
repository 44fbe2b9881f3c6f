import { AssayError, type AuditResult, reviveError } from "@assay/schema";
import type { Answers, Ask, AuditAnswer, AuditProgress, AuditQuestion } from "../../workers/audit-messages.ts";
import { memoryFault } from "../../workers/memory-fault.ts";
import { lifeName, whenGone } from "./worker-life.ts";

/** What is told of a worker that the browser ended without a word. */
export const workerGone = "the browser ended the worker";

interface Asked {
  readonly resolve: (value: never) => void;
  readonly reject: (error: AssayError) => void;
  readonly onProgress: ((progress: AuditProgress) => void) | undefined;
  readonly onFound: ((result: AuditResult, fresh: boolean) => void) | undefined;
}

/** The worker that reads and audits, seen from the page. It is started when asked, and again after it was stopped or died. */
export class AuditWorker {
  #worker: Worker | null = null;
  #next = 0;
  readonly #asked = new Map<number, Asked>();

  /** @throws AssayError what the worker tells, `cancelled` after stop(), `internal` where the worker died */
  ask<Kind extends Ask>(
    question: Extract<AuditQuestion, { readonly ask: Kind }>,
    onProgress?: (progress: AuditProgress) => void,
    onFound?: (result: AuditResult, fresh: boolean) => void,
  ): Promise<Answers[Kind]> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#asked.set(id, { resolve, reject, onProgress, onFound });
      this.#started().postMessage({ ...question, id });
    });
  }

  /** Ends whatever it does, at once. */
  stop(): void {
    this.#end(new AssayError("cancelled", "cancelled"));
  }

  #started(): Worker {
    if (this.#worker !== null) return this.#worker;
    const name = lifeName("audit");
    const worker = new Worker(new URL("../../workers/audit.worker.ts", import.meta.url), { type: "module", name });
    const died = (why: AssayError): void => {
      if (this.#worker === worker) this.#end(why);
    };
    worker.onmessage = ({ data }: MessageEvent<AuditAnswer>) => this.#hear(data);
    worker.onerror = (event) => {
      event.preventDefault();
      const message = event.message || "the worker ended";
      died(memoryFault("", message) ?? new AssayError("internal", message));
    };
    whenGone(worker, name, () => died(new AssayError("internal", workerGone)));
    this.#worker = worker;
    return worker;
  }

  #hear(answer: AuditAnswer): void {
    const asked = this.#asked.get(answer.id);
    if (asked === undefined) return;
    if (answer.told === "progress") {
      asked.onProgress?.(answer.progress);
      return;
    }
    if (answer.told === "found") {
      asked.onFound?.(answer.result, answer.fresh);
      return;
    }
    this.#asked.delete(answer.id);
    if (answer.told === "failed") asked.reject(reviveError({ ...answer.fault, problems: [...answer.fault.problems] }));
    else asked.resolve(answer.value as never);
  }

  #end(why: AssayError): void {
    this.#worker?.terminate();
    this.#worker = null;
    const asked = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject } of asked) reject(why);
  }
}
