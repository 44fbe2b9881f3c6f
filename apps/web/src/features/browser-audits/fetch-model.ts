import { AssayError, digestStream } from "@assay/schema";
import type { ModelVersion } from "../../trpc/types.ts";
import type { ChosenFile } from "../uploads/chosen-files.ts";

interface Remote {
  readonly address: string;
  readonly name: string;
  readonly digest: string;
  readonly sizeBytes: number;
}

/**
 * Fetches the files of a registered model into this tab, its own first; each is checked against its digest. A connection that drops
 * goes on where it stopped.
 * @throws AssayError cancelled, unreachable, digest-mismatch; forbidden, not-found and what else the server answers
 */
export async function fetchModel(
  version: ModelVersion,
  signal: AbortSignal,
  onProgress: (gotBytes: number, sizeBytes: number) => void,
): Promise<ChosenFile[]> {
  const base = `/api/v1/model-versions/${encodeURIComponent(version.id)}`;
  const remotes: Remote[] = [
    { address: `${base}/file`, name: version.fileName, digest: version.digest, sizeBytes: version.sizeBytes },
    ...version.files.map(({ name, digest, sizeBytes }) => ({
      address: `${base}/files/${name.split("/").map(encodeURIComponent).join("/")}`,
      name,
      digest,
      sizeBytes,
    })),
  ];
  const all = remotes.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const files: ChosenFile[] = [];
  let before = 0;
  for (const remote of remotes) {
    const pieces = await fetchFile(remote, signal, (got) => onProgress(before + got, all));
    before += remote.sizeBytes;
    const file = new File(pieces, remote.name.split("/").at(-1) ?? remote.name);
    files.push({ file, name: remote.name });
  }
  return files;
}

async function fetchFile(
  remote: Remote,
  signal: AbortSignal,
  onProgress: (gotBytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>[]> {
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let hash = digestStream();
  let got = 0;
  // As long as a try brings some bytes, the next one may bring the rest.
  for (let before = -1; got < remote.sizeBytes || before < 0; ) {
    if (got <= before) throw new AssayError("unreachable", `${remote.name}: the server is not reached; try again`);
    before = got;
    const answer = await ask(remote, got, signal);
    if (answer === null) continue;
    if (answer.status !== 206 && got > 0) {
      pieces = [];
      hash = digestStream();
      got = 0;
    }
    const reader = answer.body?.getReader();
    try {
      for (;;) {
        const part = await reader?.read();
        if (part === undefined || part.done) break;
        const piece = part.value.slice();
        got += piece.length;
        if (got > remote.sizeBytes) throw mismatch(remote);
        pieces.push(piece);
        hash.update(piece);
        onProgress(got);
      }
    } catch (error) {
      if (signal.aborted) throw new AssayError("cancelled", "fetching the model was cancelled");
      if (error instanceof AssayError) throw error;
    }
  }
  if (hash.digest() !== remote.digest) throw mismatch(remote);
  return pieces;
}

/** Null where the server was not reached. */
async function ask({ address, name, digest }: Remote, from: number, signal: AbortSignal): Promise<Response | null> {
  let answer: Response;
  try {
    answer = await fetch(address, {
      signal,
      headers: from === 0 ? {} : { range: `bytes=${from}-`, "if-range": `"${digest}"` },
    });
  } catch {
    if (signal.aborted) throw new AssayError("cancelled", "fetching the model was cancelled");
    return null;
  }
  if (answer.ok) return answer;
  const code = answer.status === 404 ? "not-found" : answer.status === 401 ? "unauthorized" : "unreachable";
  throw new AssayError(code, `${name}: the server answers ${answer.status} ${answer.statusText}`.trim());
}

function mismatch({ name, digest }: Remote): AssayError {
  return new AssayError("digest-mismatch", `the bytes of ${name} that came are not those of ${digest}; fetch it again`);
}
