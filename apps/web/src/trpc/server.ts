import type { AppRouter } from "@assay/api";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { cookies } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache } from "react";
import { apiOrigin } from "../env.ts";
import { faultOf } from "./fault.ts";

/** The API as the reader who asks for this page: their session cookie goes along. One client per request. */
export const api = cache(async () => {
  const cookie = (await cookies()).toString();
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${apiOrigin()}/trpc`,
        headers: { cookie },
        fetch: (url, init) => fetch(url, { ...init, cache: "no-store" } as RequestInit),
      }),
    ],
  });
});

/** Waits for an answer; one without a session goes to sign-in, and what is not there to the not-found page. */
export async function answerOf<Value>(asked: Promise<Value>): Promise<Value> {
  try {
    return await asked;
  } catch (error) {
    const { code } = faultOf(error);
    if (code === "unauthorized") redirect("/sign-in");
    if (code === "not-found") notFound();
    throw error;
  }
}
