"use client";

import "./globals.css";

/** When even the root layout fails there is no locale to ask: both languages are told. */
export default function GlobalError({ retry }: { error: unknown; retry: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="mx-auto max-w-[46rem] px-4 pt-[16vh]">
          <h1 className="m-0 mb-3 text-2xl font-[620]">The page could not be made</h1>
          <p className="m-0 mb-6 text-muted">The server’s log tells more. Try again.</p>
          <p lang="zh-CN" className="m-0 mb-6 text-muted">
            页面未能生成，原因见服务器日志。请重试。
          </p>
          <button type="button" className="rounded-md border border-line px-3 py-1 text-sm" onClick={() => retry()}>
            Try again / <span lang="zh-CN">重试</span>
          </button>
        </main>
      </body>
    </html>
  );
}
