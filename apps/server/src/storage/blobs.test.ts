import { lstat, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { digestFile, openBlobs } from "./blobs.ts";

const empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

it("keeps files under the SHA-256 of their bytes, once", async () => {
  const folder = await mkdtemp(join(tmpdir(), "assay-blobs-"));
  const blobs = openBlobs(folder);
  expect(await blobs.put("")).toBe(empty);
  const digests = await Promise.all(Array.from({ length: 8 }, () => blobs.put("the same bytes")));
  expect(new Set(digests).size).toBe(1);
  const [digest = empty] = digests;
  expect(await readFile(blobs.path(digest), "utf8")).toBe("the same bytes");
  expect(await digestFile(blobs.path(digest))).toBe(digest);

  const file = join(folder, "upload");
  await writeFile(file, "a file");
  const taken = await digestFile(file);
  await blobs.takeIn(file, taken);
  await rm(file);
  expect(await readFile(blobs.path(taken), "utf8")).toBe("a file");
});

it("sweeps what nothing needs, and only when it is old", async () => {
  const blobs = openBlobs(await mkdtemp(join(tmpdir(), "assay-blobs-")));
  const [needed, old, fresh] = await Promise.all([blobs.put("needed"), blobs.put("old"), blobs.put("fresh")]);
  const yesterday = new Date(Date.now() - 48 * 3600 * 1000);
  for (const digest of [needed, old]) await utimes(blobs.path(digest), yesterday, yesterday);
  expect(await blobs.sweep(new Set([needed]), 24 * 3600 * 1000)).toBe(1);
  expect(await readFile(blobs.path(needed), "utf8")).toBe("needed");
  expect(await readFile(blobs.path(fresh), "utf8")).toBe("fresh");
  await expect(readFile(blobs.path(old))).rejects.toThrow("ENOENT");
});

it("lays files out in a folder of their own, the stored bytes under their names, and tells which are gone", async () => {
  const blobs = openBlobs(await mkdtemp(join(tmpdir(), "assay-blobs-")));
  const [main, weights] = await Promise.all([blobs.put("main"), blobs.put("weights")]);
  const room = blobs.newRoom();
  await blobs.layOut(room, [
    { name: "model.onnx", digest: main },
    { name: "a/b/w.bin", digest: weights },
  ]);
  expect((await readdir(room, { recursive: true })).sort()).toEqual(["a", "a/b", "a/b/w.bin", "model.onnx"]);
  expect(await readFile(join(room, "a/b/w.bin"), "utf8")).toBe("weights");
  // The same bytes by another name: neither a copy nor a link that leads somewhere.
  const [laid, stored] = await Promise.all([lstat(join(room, "a/b/w.bin")), lstat(blobs.path(weights))]);
  expect([laid.isFile(), laid.ino]).toEqual([true, stored.ino]);
  await rm(room, { recursive: true });
  expect(await readFile(blobs.path(weights), "utf8")).toBe("weights");

  await rm(blobs.path(weights));
  const second = blobs.newRoom();
  await expect(blobs.layOut(second, [{ name: "w.bin", digest: weights }])).rejects.toMatchObject({
    code: "not-found",
    message: "the stored bytes of w.bin are gone; push the model again",
  });
  await expect(readdir(second)).rejects.toThrow("ENOENT");
  expect([await blobs.touch(main), await blobs.touch(weights)]).toEqual([4, null]);
});
