import type { ReactNode } from "react";
import { LocaleChoice } from "../../features/preferences/preference-choices.tsx";

/** Before the sign-in: one narrow column. */
export default function EntryLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <main className="mx-auto w-full max-w-[25rem] flex-1 px-4 pt-[14vh] pb-10">
        <p className="m-0 mb-10 text-md font-[650] tracking-[-0.01em]">Assay</p>
        {children}
      </main>
      <footer className="mx-auto w-full max-w-[25rem] px-4 pb-8">
        <LocaleChoice />
      </footer>
    </div>
  );
}
