import { type Fault, faultOf } from "../../trpc/fault.ts";
import { leavePage } from "../leaving/held-page.ts";

async function post(path: string, body: Record<string, unknown>): Promise<Response> {
  return fetch(`/api/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Null once signed in, else what stood against it. The session is a cookie that scripts cannot read. */
export async function signIn(email: string, password: string): Promise<Fault | null> {
  try {
    const answer = await post("sign-in/email", { email, password });
    if (answer.ok) return null;
    const code = answer.status === 429 ? "rate-limited" : answer.status < 500 ? "unauthorized" : "internal";
    return { code, message: await answer.text(), problems: [] };
  } catch (error) {
    return faultOf(error);
  }
}

export function signOut(): void {
  leavePage(async () => {
    await post("sign-out", {});
    window.location.assign("/sign-in");
  });
}

/** Null once changed; other sessions are ended. */
export async function changePassword(currentPassword: string, newPassword: string): Promise<Fault | null> {
  try {
    const answer = await post("change-password", { currentPassword, newPassword, revokeOtherSessions: true });
    if (answer.ok) return null;
    return { code: answer.status < 500 ? "forbidden" : "internal", message: await answer.text(), problems: [] };
  } catch (error) {
    return faultOf(error);
  }
}
