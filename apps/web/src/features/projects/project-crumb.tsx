import Link from "next/link";
import type { ReactNode } from "react";
import { Crumb } from "../../components/page.tsx";

/** A place within a project: its path there, and its name. */
interface Step {
  readonly path: string;
  readonly name: ReactNode;
}

/** The way to a page of a project: the project, the places in between, and the page itself where the answer does not name it. */
export function ProjectCrumb({
  project,
  within = [],
  here,
  children,
}: {
  project: { readonly slug: string; readonly name: string };
  within?: readonly Step[];
  here?: ReactNode;
  children?: ReactNode;
}) {
  return (
    <Crumb
      way={[
        ...[{ path: "", name: project.name }, ...within].map(({ path, name }) => (
          <Link key={path} href={`/projects/${project.slug}${path}`}>
            {name}
          </Link>
        )),
        ...(here === undefined ? [] : [here]),
      ]}
    >
      {children}
    </Crumb>
  );
}
