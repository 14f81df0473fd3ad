import { type FormEvent, useState } from "react";
import { type Api, ApiError, type AuthConfig } from "../../client/api";
import { useStore } from "../../client/hooks";
import type { Translate } from "../../client/i18n/translate";
import { theme } from "../theme/theme";
import { errorText, providerName } from "./words";
import "../form/form.css";
import "./login.css";

type Props = { t: Translate; api: Api; auth: AuthConfig; onDone: () => void };

export function Login({ t, api, auth, onDone }: Props) {
  const refused = new URLSearchParams(window.location.search).get("error");
  const [error, setError] = useState<string | null>(refused === null ? null : errorText(t, refused));
  const [busy, setBusy] = useState(false);
  const shown = useStore(theme.shown);
  const { login_page_image: image, login_page_image_filter: light, login_page_image_dark_filter: dark } = auth.ui ?? {};
  const providers = auth.oauthProviders ?? [];

  const attempt = async (login: () => Promise<unknown>) => {
    setBusy(true);
    setError(null);
    try {
      await login();
      onDone();
    } catch (failure) {
      const status = failure instanceof ApiError ? failure.status : 0;
      const reason = { 401: "credentialsSignin", 429: "tooManyAttempts" }[status];
      setError(status === 0 ? t("common.status.error.serverConnection") : errorText(t, reason ?? "default"));
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
    <div className={image ? "login with-image" : "login"}>
      <main className="alone form-page">
        <img className="login-logo" src={api.logoUrl(shown)} alt="" />
        <h1>{t("auth.login.title")}</h1>
        {error !== null && (
          <p className="alert" role="alert">
            {error}
          </p>
        )}
        {auth.passwordAuth === true && (
          <form onSubmit={submit}>
            <label htmlFor="email">{t("auth.login.form.email.label")}</label>
            <input id="email" name="email" type="text" autoComplete="username" autoCapitalize="none" required />
            <label htmlFor="password">{t("auth.login.form.password.label")}</label>
            <input id="password" name="password" type="password" autoComplete="current-password" required />
            <button type="submit" className="button" disabled={busy}>
              {t("auth.login.form.actions.signin")}
            </button>
          </form>
        )}
        {auth.passwordAuth === true && providers.length > 0 && (
          <p className="form-note">{t("auth.login.form.alternativeText.or")}</p>
        )}
        {auth.headerAuth === true && (
          <button type="button" className="button" disabled={busy} onClick={() => void attempt(api.headerLogin)}>
            {t("auth.login.form.actions.signin")}
          </button>
        )}
        {providers.map((provider) => (
          <a key={provider} className="button quiet" href={api.oauthUrl(provider)}>
            {t("auth.provider.continue", { provider: providerName(provider) })}
          </a>
        ))}
      </main>
      {image && (
        <img
          className="login-image"
          src={api.iconUrl(image)}
          style={{ filter: (shown === "dark" ? dark : light) ?? undefined }}
          alt=""
        />
      )}
    </div>
  );
}
