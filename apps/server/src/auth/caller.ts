import type { IncomingHttpHeaders } from "node:http";
import type { Stores, UserRow } from "@assay/db";
import { fromNodeHeaders } from "better-auth/node";
import type { Auth } from "./auth.ts";

/** Who sends a request: by API key where one is sent, else by session. Null where neither is good. */
export async function callerOf(auth: Auth, stores: Stores, headers: IncomingHttpHeaders): Promise<UserRow | null> {
  const bearer = headers.authorization?.match(/^Bearer\s+(\S+)$/i)?.[1];
  if (bearer !== undefined) {
    const { valid, key } = await auth.api.verifyApiKey({ body: { key: bearer } });
    return valid && key ? stores.users.find(key.referenceId) : null;
  }
  if (headers.cookie === undefined) return null;
  const session = await auth.api.getSession({ headers: fromNodeHeaders(headers) });
  return session ? { id: session.user.id, name: session.user.name, email: session.user.email } : null;
}
