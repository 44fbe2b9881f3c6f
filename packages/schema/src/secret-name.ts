/** Endings of names whose values are secrets, of names without their signs and capitals: `api-key`, `accessToken`. */
const endings =
  /(?:accesskey|apikey|authorization|credentials?|passphrase|passwd|password|privatekey|secret|secretkey|signature|subscriptionkey|token)$/;

/** Whether a setting of that name holds a secret, by the usual names of such settings. */
export function namesSecret(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return endings.test(plain) || ["key", "pwd", "sig"].includes(plain);
}

/** The same of a header, where more names are taken: hardly any header but those of secrets has such a one. */
export function isSecretHeader(name: string): boolean {
  return namesSecret(name) || /auth|cookie|credential|key$|passw|secret|session|token/i.test(name);
}
