import type { ComponentType, ReactNode } from "react";
import { useApp } from "../app/context";
import { CheckIcon, DotIcon, InfoIcon, StarIcon, WarningIcon } from "../icons/icons";
import "./alert.css";

const icons: Readonly<Record<string, ComponentType>> = {
  info: InfoIcon,
  note: InfoIcon,
  help: InfoIcon,
  example: InfoIcon,
  tip: CheckIcon,
  success: CheckIcon,
  "best-practice": CheckIcon,
  important: WarningIcon,
  warning: WarningIcon,
  caution: WarningIcon,
  security: WarningIcon,
  idea: StarIcon,
  debug: DotIcon,
  pending: DotIcon,
  beta: DotIcon,
};

/** A box that stands out of a text. A kind that nobody knows is an information, as with Chainlit. */
export function AlertBlock({ kind, children }: { kind: string; children: ReactNode }) {
  const { t, settings } = useApp();
  const wanted = kind.toLowerCase().replaceAll("_", "-");
  const known = Object.hasOwn(icons, wanted) ? wanted : "info";
  const Icon = icons[known] ?? InfoIcon;
  const title = t(`alerts.${known}`);
  const style = settings?.ui?.alert_style === "modern" ? "modern" : "classic";
  return (
    <div className={`markdown-alert ${style}`} data-kind={known} role="note" aria-label={title}>
      <Icon />
      <div>
        <p className="markdown-alert-title">{title}</p>
        {children}
      </div>
    </div>
  );
}
