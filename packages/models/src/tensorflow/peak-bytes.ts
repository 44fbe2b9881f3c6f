/** A piece of work: the values it reads and the one it makes, by their names. */
export interface WorkStep {
  readonly reads: readonly string[];
  readonly makes: string;
  /** Bytes of what it makes; 0 where that is what it read under another shape; null where it is not known. */
  readonly bytes: number | null;
  /** The value whose bytes it hands on. */
  readonly holds?: string;
}

/** Most bytes that are needed at one time: each value from the step that makes it to the last that reads it. */
export function peakBytes(
  given: ReadonlyMap<string, number>,
  steps: readonly WorkStep[],
  outputs: readonly string[],
): number | null {
  const holder = new Map<string, string>();
  const held = (name: string): string => holder.get(name) ?? name;
  const values = new Map<string, { bytes: number; from: number; until: number }>();
  for (const [name, bytes] of given) values.set(name, { bytes, from: 0, until: 0 });
  for (const [at, { makes, bytes, holds }] of steps.entries()) {
    if (holds !== undefined) holder.set(makes, held(holds));
    else if (bytes === null) return null;
    else values.set(makes, { bytes, from: at, until: at });
  }
  const use = (name: string, at: number): void => {
    const value = values.get(held(name));
    if (value) value.until = Math.max(value.until, at);
  };
  for (const [at, { reads }] of steps.entries()) for (const name of reads) use(name, at);
  for (const name of outputs) use(name, steps.length - 1);
  const change = new Float64Array(steps.length + 1);
  for (const { bytes, from, until } of values.values()) {
    change[from] = (change[from] ?? 0) + bytes;
    change[until + 1] = (change[until + 1] ?? 0) - bytes;
  }
  let [now, most] = [0, 0];
  for (const step of change) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}
