"use client";

import { Failure } from "../features/shell/failure.tsx";

export default function RootError(props: { error: unknown; retry: () => void }) {
  return (
    <main className="mx-auto max-w-[46rem] px-4 pt-[16vh]">
      <Failure {...props} />
    </main>
  );
}
