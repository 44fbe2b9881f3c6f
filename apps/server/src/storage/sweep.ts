import type { Stores } from "@assay/db";
import type { Blobs } from "./blobs.ts";
import type { Uploads } from "./uploads.ts";

const dayMs = 24 * 3600 * 1000;
/** How often what lasts for days is looked at. */
export const sweepEveryMs = 6 * 3600 * 1000;

/** Clears away what nothing needs: uploads of yesterday, and files that no dataset, model, upload or report names. */
export async function sweep(stores: Stores, blobs: Blobs, uploads: Uploads): Promise<void> {
  await uploads.sweep(dayMs);
  await stores.uploads.forgetBefore(new Date(Date.now() - dayMs));
  await blobs.sweep(await stores.uploads.digestsInUse(), dayMs);
}
