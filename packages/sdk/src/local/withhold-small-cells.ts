import type { WithheldCounts } from "@assay/audits";
import { AssayError, type Report } from "@assay/schema";

/**
 * A finished report without the numbers from which fewer than `below` people could be read, sealed anew: to the digest what the same plan
 * gives with `suppress_below: below`.
 * @param below 2 to 1000
 * @returns `withheld` null where nothing had to be, and the report is the one that was given
 * @throws AssayError not-supported where the report cannot be made so any more; data-invalid where all rows together are too few
 */
export async function withholdSmallCells(
  report: Report,
  below: number,
): Promise<{ readonly report: Report; readonly withheld: WithheldCounts | null }> {
  const [{ registry, suppressSmallCells }, { sealReport }] = await Promise.all([
    import("@assay/audits"),
    import("@assay/report/text"),
  ]);
  const { plan, data, model, audits, gate, environment } = report;
  const before = plan.suppress_below;
  if (before !== undefined && before >= below) return { report, withheld: null };
  if (before !== undefined) {
    // What is withheld already is missing from the sums by which the rest is found.
    throw refused(
      below,
      `the report withholds fewer than ${before} people already, and a higher bound needs what it withholds`,
    );
  }
  for (const { id, version } of audits) {
    const known = registry.find((audit) => audit.id === id);
    if (known?.version === version) continue;
    // Which numbers count people, and which add up to others, is known of the audits that are here.
    throw refused(
      below,
      known === undefined
        ? `there is no audit "${id}" here, so that it is not known which of its numbers count people`
        : `its ${id} is of version ${version}, and here it is ${known.version}`,
    );
  }
  const { body, withheld } = suppressSmallCells({ plan, data, model, audits, gate }, below);
  if (withheld === null) return { report, withheld };
  return { report: sealReport({ ...body, plan: { ...plan, suppress_below: below } }, environment), withheld };
}

function refused(below: number, why: string): AssayError {
  return new AssayError(
    "not-supported",
    `--suppress-below: ${why}; run the plan again with suppress_below: ${below}, and push that report`,
  );
}
