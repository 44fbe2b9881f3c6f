import type { IncomingHttpHeaders } from "node:http";
import type { Context, Services } from "@assay/api";
import type { Stores, UserRow } from "@assay/db";
import { AssayError } from "@assay/schema";
import type { Auth } from "../auth/auth.ts";
import { callerOf } from "../auth/caller.ts";

/** What every part of the HTTP surface works with. */
export interface Surface {
  readonly auth: Auth;
  readonly organizationId: string;
  readonly stores: Stores;
  readonly services: Services;
  readonly logError: (error: unknown) => void;
}

export async function contextOf(surface: Surface, headers: IncomingHttpHeaders): Promise<Context> {
  const { auth, organizationId, stores, services, logError } = surface;
  return { user: await callerOf(auth, stores, headers), organizationId, stores, services, logError };
}

/** @throws AssayError unauthorized */
export async function requireCaller(surface: Surface, headers: IncomingHttpHeaders): Promise<UserRow> {
  const user = await callerOf(surface.auth, surface.stores, headers);
  if (user === null)
    throw new AssayError("unauthorized", "sign in, or send an API key as `Authorization: Bearer <key>`");
  return user;
}
