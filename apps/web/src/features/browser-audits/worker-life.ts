import { alive } from "../../workers/life.ts";

/** A name for a worker that no other of any tab has, so that its life can be told from theirs. */
export function lifeName(purpose: string): string {
  return navigator.locks === undefined ? purpose : `${purpose} ${crypto.randomUUID()}`;
}

/** Calls back once a worker of that name, which calls `holdLife`, is gone, whoever or whatever ended it. */
export function whenGone(worker: Worker, name: string, gone: () => void): void {
  worker.addEventListener("message", ({ data }) => {
    // The worker has the lock from then on; who asks for it now gets it when the worker is no more.
    if (data === alive) void navigator.locks?.request(name, gone);
  });
}
