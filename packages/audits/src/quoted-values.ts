/** As many values as a message has room for. */
export const mostTold = 8;

/** Values as a message shows them: `"0.0", "1.0"`. */
export function quotedValues(values: readonly string[]): string {
  const told = values.slice(0, mostTold).map((value) => `"${cutValue(value)}"`);
  return values.length > mostTold ? `${told.join(", ")} and ${values.length - mostTold} more` : told.join(", ");
}

export function cutValue(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
