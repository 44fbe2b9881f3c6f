type Go = () => unknown;

let ask: ((go: Go) => void) | null = null;

/** Holds the page: whoever wants to leave it by a way of the product is handed to `asking`, which lets them go or not. */
export function holdPage(asking: (go: Go) => void): () => void {
  ask = asking;
  return () => {
    if (ask === asking) ask = null;
  };
}

/** Leaves the page, or asks first where something would be lost. */
export function leavePage(go: Go): void {
  if (ask === null) go();
  else ask(go);
}
