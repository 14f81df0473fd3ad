import type { Translate } from "../../client/i18n/translate";

/** What is said of a refused login. Its reason comes from an address that anybody can write: only known ones count. */
export function errorText(t: Translate, reason: string): string {
  const known = [reason, reason.charAt(0).toLowerCase() + reason.slice(1), reason.toLowerCase()];
  for (const name of known.filter((one) => /^[A-Za-z]+$/.test(one))) {
    const key = `auth.login.errors.${name}`;
    const text = t(key);
    if (text !== key) return text;
  }
  return t("auth.login.errors.default");
}

const names: Record<string, string> = {
  github: "GitHub",
  gitlab: "GitLab",
  "azure-ad": "Microsoft",
  "azure-ad-hybrid": "Microsoft",
  "aws-cognito": "Amazon Cognito",
};

/** How a provider calls itself. */
export function providerName(id: string): string {
  return (Object.hasOwn(names, id) ? names[id] : undefined) ?? id.charAt(0).toUpperCase() + id.slice(1);
}
