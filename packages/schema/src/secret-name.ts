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

/** How keys of well-known services begin: OpenAI, Stripe, GitHub, GitLab, Hugging Face, Slack, Google, AWS; and JSON web tokens. */
const shapes =
  /^(?:sk-[\w-]{8}|[rs]k_(?:live|test)_|gh[opsu]_\w{16}|github_pat_|glpat-|hf_\w{16}|xox[abp]-|AIza[\w-]{20}|(?:AKIA|ASIA)[0-9A-Z]{12}|eyJ[\w-]{8,}\.[\w-]+)/;

/** Whether a text is shaped like a key, whatever the name of the setting that holds it. */
export function looksLikeKey(text: string): boolean {
  return shapes.test(text.trim());
}
