import { describe, expect, it } from "vitest";
import type { FileRequest } from "../table.ts";
import { openDataset } from "./open-dataset.ts";

const csv = "grp,label,score\na,1,0.25\nb,0,\na,1,0.75\n";

/** The same table, written by DuckDB 1.5: COPY … TO 'tiny.parquet' (FORMAT parquet, COMPRESSION zstd). */
const parquet =
  "UEFSMRUAFSoVPCwVBhUAFQYVBgAAKLUv/SAVqQAAAgAAAAYBAQAAAGEBAAAAYgEAAABhFQAVJBU2LBUGFQAVBhUGAAAotS/9IBKRAAACAAAABgEBAAAAAAAAAAEAAAAVABVaFTwsFQYVABUGFQYAACi1L/0gLa0AAHghAAAAQQUAGQAAAEsAAAABACIwAhUCGUw1ABgNZHVja2RiX3NjaGVtYRUGABUMJQIYA2dycCUAABUCJQIYBWxhYmVsJSIAFQIlAhgFc2NvcmUlChUEFQYsXBUEFQYAAAAWBhkcGTwmABwVDBkVABkYA2dycBUMFgYWTBZeJgg8GAFiGAFhFgAoAWIYAWEREQAAACYAHBUCGRUAGRgFbGFiZWwVDBYGFkYWWCZmPBgEAQAAABgEAAAAABYAKAQBAAAAGAQAAAAAEREAAAAmABwVAhkVABkYBXNjb3JlFQwWBhZ8Fl4mvgE8GARLAAAAGAQZAAAAFgIoBEsAAAAYBBkAAAAREQAAABaOAhYGJggWlAIAKChEdWNrREIgdmVyc2lvbiB2MS41LjYgKGJ1aWxkIDA2OWNjOWY5YjUpGTwcAAAcAAAcAAAANAEAAFBBUjE=";

const requests: readonly FileRequest[] = [
  { kind: "text", column: "grp" },
  { kind: "equals", column: "label", equals: ["1"] },
  { kind: "number", column: "score" },
];

async function gzipped(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

describe("a file chosen in a tab", () => {
  it.each([
    ["rows.csv", async () => csv],
    ["rows.csv.gz", async () => gzipped(csv)],
    [
      "rows.jsonl",
      async () => '{"grp":"a","label":1,"score":0.25}\n{"grp":"b","label":0}\n{"grp":"a","label":1,"score":0.75}\n',
    ],
    ["rows.parquet", async () => Uint8Array.from(atob(parquet), (character) => character.charCodeAt(0))],
  ])("%s is read where it lies, with its digest", async (name, content) => {
    const bytes = await content();
    const file = new File([bytes], name);
    const dataset = await openDataset(file, { source: { missing: [""] } });
    const own = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const hex = Array.from(new Uint8Array(own), (byte) => byte.toString(16).padStart(2, "0")).join("");
    expect(dataset.digest).toBe(`sha256:${hex}`);
    const { table, data } = await dataset.load(requests);
    expect(data.rows).toBe(3);
    const [group, label, score] = Object.values(table.columns);
    expect(group?.kind === "coded" && [group.levels, [...group.codes]]).toEqual([
      ["a", "b"],
      [1, 2, 1],
    ]);
    expect(label?.kind === "coded" && [...label.codes]).toEqual([2, 1, 2]);
    expect(score?.kind === "number" && [...score.values]).toEqual([0.25, Number.NaN, 0.75]);
    await dataset.close();
  });

  it("that is damaged is refused with what to do", async () => {
    const cut = (await gzipped(csv)).slice(0, 30);
    await expect(openDataset(new File([cut], "rows.csv.gz"), { source: { missing: [""] } })).rejects.toThrow(
      /cut short/,
    );
  });
});
