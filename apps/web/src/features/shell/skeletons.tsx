import { Skeleton } from "../../components/page.tsx";

/** What a list page will look like: its answer, a line, the actions and a table. */
export function ListSkeleton({ rows }: { rows: number }) {
  return (
    <div aria-busy="true">
      <Skeleton className="mb-5 h-4 w-40" />
      <Skeleton className="mb-3 h-9 w-[26rem] max-w-full" />
      <Skeleton className="mb-6 h-4 w-[34rem] max-w-full" />
      <Skeleton className="mb-10 h-8 w-28" />
      <div className="border-t border-ink">
        {Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bars without an identity
          <div key={row} className="flex h-[35px] items-center gap-6 border-b border-line">
            <Skeleton className="h-3 w-2/5" />
            <Skeleton className="h-3 w-1/6" />
            <Skeleton className="ml-auto h-3 w-24" />
          </div>
        ))}
      </div>
    </div>
  );
}

/** What a run page will look like: the answer on two lines, the strip, two findings with their figures. */
export function RunSkeleton() {
  return (
    <div aria-busy="true">
      <Skeleton className="mb-5 h-4 w-40" />
      <Skeleton className="mb-2 h-8 w-[38rem] max-w-full" />
      <Skeleton className="mb-4 h-8 w-[30rem] max-w-full" />
      <Skeleton className="mb-6 h-4 w-[34rem] max-w-full" />
      <Skeleton className="mb-9 h-8 w-72 max-w-full" />
      <div className="mb-12 grid grid-cols-2 gap-4 border-t border-ink pt-3 md:grid-cols-5">
        {Array.from({ length: 5 }, (_, check) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bars without an identity
          <div key={check}>
            <Skeleton className="mb-2 h-3 w-14" />
            <Skeleton className="mb-2 h-4 w-28" />
            <Skeleton className="h-3 w-32" />
          </div>
        ))}
      </div>
      {Array.from({ length: 2 }, (_, finding) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars without an identity
        <div key={finding} className="grid gap-10 border-t border-line py-6 md:grid-cols-[5fr_7fr]">
          <div>
            <Skeleton className="mb-3 h-3 w-16" />
            <Skeleton className="mb-3 h-5 w-52" />
            <Skeleton className="mb-2 h-4 w-full" />
            <Skeleton className="mb-2 h-4 w-full" />
            <Skeleton className="h-4 w-2/3" />
          </div>
          <Skeleton className="h-56 w-full" />
        </div>
      ))}
    </div>
  );
}
