"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { writePreference } from "./write-preference.ts";

/** Tells the server the reader's time zone once, so that dates are right from the first byte of the next page. */
export function ZoneKeeper({ zone }: { zone: string }) {
  const router = useRouter();
  useEffect(() => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (here === zone) return;
    writePreference("zone", here);
    router.refresh();
  }, [zone, router]);
  return null;
}
