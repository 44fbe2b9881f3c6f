import { AssayError, type DeviceName, devices } from "@assay/schema/plain";

/** A whole number in a range, or a usage error that names the option. */
export function wholeNumber(text: string, option: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new AssayError("usage", `${option} takes a whole number ${range}, not "${text}"`);
}

export function deviceOf(name: string): DeviceName | "auto" {
  const found = (["auto", ...devices] as const).find((one) => one === name);
  if (found) return found;
  throw new AssayError("usage", `--device takes auto, ${devices.join(", ")}, not "${name}"`);
}

/** Whether `--fail-on indeterminate` was given. */
export function failsOnIndeterminate(value: string | undefined): boolean {
  if (value === undefined) return false;
  if (value === "indeterminate") return true;
  throw new AssayError("usage", `--fail-on takes indeterminate, not "${value}"`);
}

/** The renderers that a list such as `html,md` names, each once. */
export function renderersOf<R extends { readonly id: string }>(list: string, renderers: readonly R[]): R[] {
  const known = renderers.map((one) => one.id).join(", ");
  const names = list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new AssayError("usage", `--format names no format; there are ${known}`);
  return [...new Set(names)].map((name) => {
    const renderer = renderers.find((one) => one.id === name);
    if (renderer) return renderer;
    throw new AssayError("usage", `--format: no format "${name}"; there are ${known}`);
  });
}
