import { useState } from "react";
import type { StepDict } from "../../client/protocol";
import { useApp } from "../app/context";

/** The author's picture. The name stands beside it, so it says nothing to those who do not see it. */
export function Avatar({ step }: { step: StepDict }) {
  const { api, settings, name } = useApp();
  const [broken, setBroken] = useState(false);
  if (broken) return null;
  const wanted = step.metadata?.["avatarName"];
  const author = typeof wanted === "string" && wanted !== "" ? wanted : (step.name ?? name);
  const source = settings.ui?.default_avatar_file_url || api.avatarUrl(author);
  return <img className="avatar" src={source} alt="" onError={() => setBroken(true)} />;
}
