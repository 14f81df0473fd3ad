import type { ReactNode } from "react";

/** Icons that only the list of conversations needs. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export const MoreIcon = () => <Icon><path d="M6 12h.01M12 12h.01M18 12h.01" strokeWidth="2.600" /></Icon>;
export const TrashIcon = () => <Icon><path d="M5 7h14M10 7V5h4v2M7 7l1 13h8l1-13M10.500 11v5M13.500 11v5" /></Icon>;
export const BoxIcon = () => <Icon><path d="M4 5h16v4H4zM6 9v10h12V9M10 13h4" /></Icon>;
export const LinkIcon = () => <Icon><path d="M10 14a4 4 0 0 0 5.700 0l3-3A4 4 0 0 0 13 5.300l-1 1M14 10a4 4 0 0 0-5.700 0l-3 3A4 4 0 0 0 11 18.700l1-1" /></Icon>;
