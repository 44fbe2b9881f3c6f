/**
 * Whether bytes that are no UTF-8 read as Chinese in GB18030. Nearly any text in a Western encoding is valid GB18030
 * by its form, so that form alone is not enough: at least 80 % of the characters beyond ASCII must be of GB 2312
 * (both bytes from 0xA1), as all everyday Chinese is.
 */
export async function isGb18030(chunks: AsyncIterable<Uint8Array>): Promise<boolean> {
  let beyondAscii = 0;
  let everyday = 0;
  // Bytes of the character begun: lead, then for four-byte characters the next two.
  let lead = 0;
  let state: 0 | 1 | 2 | 3 = 0;
  for await (const chunk of chunks) {
    for (const byte of chunk) {
      if (state === 0) {
        if (byte < 0x80) continue;
        if (byte === 0x80 || byte === 0xff) return false;
        lead = byte;
        state = 1;
      } else if (state === 1) {
        if (byte >= 0x30 && byte <= 0x39) {
          state = 2;
          continue;
        }
        if (byte < 0x40 || byte === 0x7f || byte === 0xff) return false;
        beyondAscii++;
        if (lead >= 0xa1 && lead <= 0xf7 && byte >= 0xa1) everyday++;
        state = 0;
      } else if (state === 2) {
        if (byte < 0x81 || byte === 0xff) return false;
        state = 3;
      } else {
        if (byte < 0x30 || byte > 0x39) return false;
        beyondAscii++;
        state = 0;
      }
    }
  }
  return state === 0 && beyondAscii > 0 && everyday >= beyondAscii * 0.8;
}
