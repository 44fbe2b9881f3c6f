/** The id of what is given as itself, or by its id. */
export function idOf(of: string | { readonly id: string }): string {
  return typeof of === "string" ? of : of.id;
}
