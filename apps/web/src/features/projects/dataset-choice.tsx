import Link from "next/link";
import { Moment } from "../../components/moment.tsx";
import { RowCount } from "../../components/row-count.tsx";
import type { DatasetRow } from "../../trpc/types.ts";

/** Files that are here already. `then` is what else the next page is told. */
export function DatasetChoice({
  datasets,
  slug,
  then,
}: {
  datasets: readonly DatasetRow[];
  slug: string;
  then: string;
}) {
  return (
    <ul className="m-0 list-none border-t border-line p-0 text-sm">
      {datasets.map((dataset) => (
        <li
          key={dataset.id}
          className="relative flex items-baseline justify-between gap-4 border-b border-line py-2 hover:bg-wash"
        >
          <Link
            href={`/projects/${slug}/new?dataset=${dataset.id}${then}`}
            className="plain min-w-0 truncate font-medium after:absolute after:inset-0 hover:no-underline"
          >
            {dataset.name}
          </Link>
          <span className="flex gap-6 whitespace-nowrap text-muted">
            <span>
              <RowCount of={dataset} />
            </span>
            <span className="max-sm:hidden">
              <Moment at={dataset.createdAt} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
