/** Whole numbers from 0, in the narrowest array that holds them. */
export type Narrow = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** The same numbers, as narrow as they go: a function of the numbers alone, so that summaries stay equal to the byte. */
export function narrow(values: Narrow): Narrow {
  let most = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    if (value > most) most = value;
  }
  const bytes = most < 2 ** 8 ? 1 : most < 2 ** 16 ? 2 : most < 2 ** 32 ? 4 : 8;
  if (values.BYTES_PER_ELEMENT === bytes) return values;
  switch (bytes) {
    case 1:
      return Uint8Array.from(values);
    case 2:
      return Uint16Array.from(values);
    case 4:
      return Uint32Array.from(values);
    case 8:
      return Float64Array.from(values);
  }
}
