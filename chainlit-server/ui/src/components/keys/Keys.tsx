import { type FormEvent, useEffect } from "react";
import { useApp } from "../app/context";
import "../form/form.css";

/** Asks for the keys that the application wants of its reader. `lacking` is one that the server missed. */
export function Keys({ lacking, onDone }: { lacking: string | null; onDone: () => void }) {
  const { t, root, userEnv, settings } = useApp();
  const names = userEnv.names(lacking);

  useEffect(() => {
    const page = `${root}/env`;
    const { pathname, search, hash } = window.location;
    const before = pathname === page ? `${root}/` : `${pathname}${search}${hash}`;
    window.history.replaceState(null, "", page);
    return () => window.history.replaceState(null, "", before);
  }, [root]);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    userEnv.save(names.map((name) => [name, String(data.get(name))]));
    onDone();
  };

  return (
    <main className="alone form-page">
      <h1>{t("apiKeys.title")}</h1>
      <p className="form-note">{t("apiKeys.description")}</p>
      <form onSubmit={submit}>
        {names.map((name, at) => (
          <div key={name} className="field">
            <label htmlFor={name} className="key-name" dir="ltr">
              {name}
            </label>
            <input
              id={name}
              name={name}
              type={settings.maskUserEnv === false ? "text" : "password"}
              defaultValue={userEnv.get(name)}
              // eslint-disable-next-line jsx-a11y/no-autofocus -- the page is nothing but this form
              autoFocus={at === 0}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              dir="ltr"
              required
            />
          </div>
        ))}
        <button id="submit-env" type="submit" className="button">
          {t("common.actions.continue")}
        </button>
      </form>
    </main>
  );
}
