const quote = 0x22;
const backslash = 0x5c;

/** Keys that tell a TensorFlow.js model from other JSON; a file of another kind begins with its `kind`. */
const own = new Set(["modelTopology", "weightsManifest", "modelInitializer"]);

/**
 * Whether bytes are JSON of a TensorFlow.js model: one of its keys stands on the first level. Nothing is parsed; the scan
 * ends at the first key that tells.
 */
export function isTensorFlow(_file: string, bytes: Uint8Array): boolean {
  let depth = 0;
  let isKey = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === quote) {
      const end = endOfText(bytes, at + 1);
      if (depth === 1 && isKey && end - at < 40) {
        const key = String.fromCharCode(...bytes.subarray(at + 1, end));
        if (own.has(key)) return true;
        if (key === "kind") return false;
      }
      isKey = false;
      at = end;
    } else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      isKey = byte === 0x7b;
      // JSON models begin with a brace.
      if (depth === 1 && !isKey) return false;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
    else if (byte === 0x2c) isKey = true;
    else if (depth === 0 && byte !== undefined && byte > 0x20 && byte < 0x80) return false;
  }
  return false;
}

function endOfText(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at++) {
    if (bytes[at] === backslash) at++;
    else if (bytes[at] === quote) return at;
  }
  return bytes.length;
}
