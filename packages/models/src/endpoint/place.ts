/** Reads a value by a path of names and numbers, `data.0.score`; undefined where there is none. Empty: the value itself. */
export function valueAt(value: unknown, path: string): unknown {
  if (path === "") return value;
  let here = value;
  for (const step of path.split(".")) {
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[step];
  }
  return here;
}

/** A body that holds `value` at a path, beside what it holds already. */
export function withValueAt(body: Readonly<Record<string, unknown>>, path: string, value: unknown): unknown {
  if (path === "") return value;
  const [step = "", ...rest] = path.split(".");
  const inner = body[step];
  const known = typeof inner === "object" && inner !== null && !Array.isArray(inner) ? { ...inner } : {};
  return { ...body, [step]: withValueAt(known, rest.join("."), value) };
}
