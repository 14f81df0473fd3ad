import { type FormEvent, useState } from "react";
import { type Api, ApiError, type AuthConfig } from "../../client/api";
import type { Translate } from "../../client/i18n/translate";
import "../form/form.css";

type Props = { t: Translate; api: Api; auth: AuthConfig; onDone: () => void };

export function Login({ t, api, auth, onDone }: Props) {
  const refused = new URLSearchParams(window.location.search).get("error");
  const [error, setError] = useState<string | null>(refused === null ? null : t("auth.login.errors.default"));
  const [busy, setBusy] = useState(false);

  const attempt = async (login: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await login();
      onDone();
    } catch (failure) {
      const wrong = failure instanceof ApiError && failure.status === 401;
      setError(t(wrong ? "auth.login.errors.credentialsSignin" : "auth.login.errors.default"));
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    void attempt(() => api.login(String(data.get("email")), String(data.get("password"))));
  };

  return (
    <main className="alone form-page">
      <h1>{t("auth.login.title")}</h1>
      {error !== null && (
        <p className="alert" role="alert">
          {error}
        </p>
      )}
      {auth.passwordAuth === true && (
        <form onSubmit={submit}>
          <label htmlFor="email">{t("auth.login.form.email.label")}</label>
          <input id="email" name="email" type="text" autoComplete="username" required />
          <label htmlFor="password">{t("auth.login.form.password.label")}</label>
          <input id="password" name="password" type="password" autoComplete="current-password" required />
          <button type="submit" className="button" disabled={busy}>
            {t("auth.login.form.actions.signin")}
          </button>
        </form>
      )}
      {auth.headerAuth === true && (
        <button type="button" className="button" disabled={busy} onClick={() => void attempt(api.headerLogin)}>
          {t("auth.login.form.actions.signin")}
        </button>
      )}
      {(auth.oauthProviders ?? []).map((provider) => (
        <a key={provider} className="button quiet" href={api.oauthUrl(provider)}>
          {t("auth.provider.continue", { provider })}
        </a>
      ))}
    </main>
  );
}
