import fc from "fast-check";
import { expect, test } from "vitest";
import { BadUtf8, badUtf8Error, firstGuess, toUtf8, validText } from "./encoding.ts";
import { isGb18030 } from "./gb18030.ts";

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function decoded(bytes: Uint8Array, encoding: Parameters<typeof toUtf8>[2], size: number): Promise<string> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  for await (const chunk of toUtf8("data.csv", pieces(bytes, size), encoding))
    text += decoder.decode(chunk, { stream: true });
  return text;
}

test("bytes are valid exactly where the platform's own decoder says so", () => {
  const bytes = fc.array(
    fc.oneof(fc.nat(255), fc.constantFrom(0x41, 0xe4, 0xb8, 0xad, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0)),
    {
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(bytes, (list) => {
      const data = Uint8Array.from(list.map((byte) => byte || 1));
      let valid = true;
      try {
        new TextDecoder("utf-8", { fatal: true }).decode(data);
      } catch {
        valid = false;
      }
      expect(validText(data, 0, data.length) === data.length).toBe(valid);
    }),
    { numRuns: 500 },
  );
});

test("UTF-8 passes unchanged in pieces of any size, without its mark", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "grapheme" }),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
      async (text, size, bom) => {
        fc.pre(!text.includes("\u0000") && !text.startsWith("\ufeff"));
        const bytes = new TextEncoder().encode((bom ? "\ufeff" : "") + text);
        expect(await decoded(bytes, "utf-8", size)).toBe(text);
      },
    ),
  );
});

test("UTF-16 is guessed by its mark or its zeros, and read", async () => {
  const text = "名字,age\n王,1\nb,2\nsome longer ascii text,3\n";
  const le = new Uint8Array(Buffer.from(text, "utf16le"));
  const be = new Uint8Array(Buffer.from(text, "utf16le").swap16());
  expect(firstGuess(le)).toBe("utf-16le");
  expect(firstGuess(be)).toBe("utf-16be");
  expect(firstGuess(Uint8Array.of(0xff, 0xfe, 0x2d, 0x4e))).toBe("utf-16le");
  expect(firstGuess(Uint8Array.of(0xfe, 0xff, 0x4e, 0x2d))).toBe("utf-16be");
  expect(firstGuess(new TextEncoder().encode(text))).toBe("utf-8");
  for (const size of [1, 3, 1000]) {
    expect(await decoded(le, "utf-16le", size)).toBe(text);
    expect(await decoded(be, "utf-16be", size)).toBe(text);
  }
});

test("half a surrogate pair in UTF-16 is refused with its line", async () => {
  const bytes = new Uint8Array(
    Buffer.concat([Buffer.from("a,b\n1,2\n", "utf16le"), Buffer.from([0x00, 0xd8, 0x2c, 0x00])]),
  );
  await expect(decoded(bytes, "utf-16le", 8)).rejects.toThrow(
    "line 3: on or after this line the bytes are not valid UTF-16LE",
  );
});

test("a bad byte is told with its offset and line, at any piece size", async () => {
  const bytes = Uint8Array.of(...new TextEncoder().encode("a,b\n1,中\n2,"), 0xe9, 0x2c, 0x0a);
  for (const size of [1, 2, 4, 100]) {
    const bad = await decoded(bytes, "utf-8", size).catch((error: unknown) => error);
    expect(bad).toBeInstanceOf(BadUtf8);
    const error = await badUtf8Error("data.csv", bad as BadUtf8, pieces(bytes, size));
    expect(error.message).toContain("data.csv, line 3: byte 12 (0xE9) is not valid UTF-8");
  }
});

test("Chinese in GB18030 is known from Western text", async () => {
  // 姓名,城市\n王,上海\n in GB18030, as iconv writes it.
  const chinese = Uint8Array.of(
    0xd0,
    0xd5,
    0xc3,
    0xfb,
    0x2c,
    0xb3,
    0xc7,
    0xca,
    0xd0,
    0x0a,
    0xcd,
    0xf5,
    0x2c,
    0xc9,
    0xcf,
    0xba,
    0xa3,
    0x0a,
  );
  expect(await isGb18030(pieces(chinese, 5))).toBe(true);
  expect(await decoded(chinese, "gb18030", 3)).toBe("姓名,城市\n王,上海\n");
  // "café,naïve" and "élan" in Latin-1: an accented letter before another letter is well-formed GB18030.
  expect(await isGb18030(pieces(Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x2c, 0x6e, 0x61, 0xef, 0x76, 0x65), 5))).toBe(
    false,
  );
  expect(await isGb18030(pieces(Uint8Array.of(0xe9, 0x6c, 0x61, 0x6e, 0x0a), 5))).toBe(false);
});
