"use client";

import { CSPProvider } from "@base-ui/react/csp-provider";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { NoticeProvider } from "../../components/notices.tsx";
import { ApiProvider } from "../../trpc/client.tsx";

export function Providers({ nonce, children }: { nonce: string | undefined; children: ReactNode }) {
  return (
    <CSPProvider nonce={nonce}>
      <NuqsAdapter>
        <ApiProvider>
          <NoticeProvider>{children}</NoticeProvider>
        </ApiProvider>
      </NuqsAdapter>
    </CSPProvider>
  );
}
