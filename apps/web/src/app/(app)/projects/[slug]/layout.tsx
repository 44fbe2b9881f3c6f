import type { ReactNode } from "react";
import { findProject } from "../../../../features/projects/find-project.ts";

/** Asks for the project before anything is sent, so that one that is not there is answered with 404. */
export default async function ProjectLayout({
  params,
  children,
}: {
  params: Promise<{ slug: string }>;
  children: ReactNode;
}) {
  await findProject((await params).slug);
  return children;
}
