import { AssayError } from "@assay/schema";

/** A sound as one channel of numbers, full scale 1. */
export interface Wave {
  readonly samplingRate: number;
  readonly samples: Float32Array;
}

/** Names of formats that are no WAV, by their first bytes. */
const others: readonly (readonly [string, string])[] = [
  ["fLaC", "FLAC"],
  ["OggS", "Ogg"],
  ["ID3", "MP3"],
  ["\u00ff\u00fb", "MP3"],
  ["FORM", "AIFF"],
];

/**
 * Reads a WAV file: PCM of 8, 16, 24 or 32 bits, or floats of 32 or 64, of any number of channels, which are averaged. `name`
 * is for messages.
 * Source: Microsoft, Multimedia Programming Interface and Data Specifications 1.0; WAVEFORMATEXTENSIBLE.
 * @throws AssayError data-invalid
 */
export function readWav(name: string, bytes: Uint8Array): Wave {
  const fail = (message: string) => new AssayError("data-invalid", `${name} ${message}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  if (bytes.length < 12 || text(0) !== "RIFF" || text(8) !== "WAVE") {
    const head = String.fromCharCode(...bytes.subarray(0, 4));
    const other = others.find(([start]) => head.startsWith(start));
    throw fail(`is ${other ? other[1] : "no WAV file"}; write it as WAV: ffmpeg -i <file> <file>.wav`);
  }
  let format: { code: number; channels: number; rate: number; bits: number } | null = null;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const kind = text(at);
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (kind === "fmt ") {
      if (size < 16 || start + size > bytes.length) throw fail("is cut off in its format");
      const code = view.getUint16(start, true);
      format = {
        // Extensible: the code is the first word of the sub-format.
        code: code === 0xfffe && size >= 26 ? view.getUint16(start + 24, true) : code,
        channels: view.getUint16(start + 2, true),
        rate: view.getUint32(start + 4, true),
        bits: view.getUint16(start + 14, true),
      };
    } else if (kind === "data") {
      if (format === null) throw fail("has samples before their format");
      // Written as a stream, the size is not known: samples go to the end.
      const open = size === 0xffffffff || size === 0;
      const end = open ? bytes.length : start + size;
      if (end > bytes.length) throw fail(`is cut off: ${bytes.length - start} of ${size} bytes of samples`);
      return { samplingRate: format.rate, samples: samplesOf(view, start, end, format, fail) };
    }
    at = start + size + (size % 2);
  }
  throw fail("has no samples");
}

function samplesOf(
  view: DataView,
  start: number,
  end: number,
  { code, channels, bits }: { readonly code: number; readonly channels: number; readonly bits: number },
  fail: (message: string) => AssayError,
): Float32Array {
  const read = code === 1 ? pcm[bits] : code === 3 ? floats[bits] : undefined;
  if (read === undefined) {
    throw fail(`holds samples of format ${code} with ${bits} bits; PCM of 8 to 32 bits and floats are read`);
  }
  if (channels < 1 || channels > 64) throw fail(`has ${channels} channels`);
  const width = bits / 8;
  const frames = Math.floor((end - start) / (width * channels));
  if (frames < 1) throw fail("has no samples");
  const samples = new Float32Array(frames);
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++)
      sum += read(view, start + (frame * channels + channel) * width);
    samples[frame] = sum / channels;
  }
  const odd = samples.findIndex((value) => !Number.isFinite(value));
  if (odd !== -1) throw fail(`holds ${samples[odd]} at sample ${odd}`);
  return samples;
}

type Read = (view: DataView, at: number) => number;

const pcm: Readonly<Record<number, Read>> = {
  8: (view, at) => (view.getUint8(at) - 128) / 128,
  16: (view, at) => view.getInt16(at, true) / 2 ** 15,
  24: (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 2 ** 23,
  32: (view, at) => view.getInt32(at, true) / 2 ** 31,
};

const floats: Readonly<Record<number, Read>> = {
  32: (view, at) => view.getFloat32(at, true),
  64: (view, at) => view.getFloat64(at, true),
};
