import { useEffect, useRef } from "react";

/**
 * Puts the focus on the page's answer whenever the page has become another: what had it is gone, and without this it would be
 * nowhere, for whoever uses the keyboard as for whoever listens.
 */
export function useArrival(at: string): void {
  const before = useRef(at);
  useEffect(() => {
    if (before.current === at) return;
    before.current = at;
    const answer = document.querySelector("main h1");
    if (answer instanceof HTMLElement) answer.focus();
  }, [at]);
}
