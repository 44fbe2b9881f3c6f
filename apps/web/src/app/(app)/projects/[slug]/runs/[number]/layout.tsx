import type { ReactNode } from "react";
import { findRun } from "../../../../../../features/runs/find-run.ts";

/** Asks for the run before anything is sent, so that one that is not there is answered with 404. */
export default async function RunLayout({
  params,
  children,
}: {
  params: Promise<{ slug: string; number: string }>;
  children: ReactNode;
}) {
  const { slug, number } = await params;
  await findRun(slug, number);
  return children;
}
