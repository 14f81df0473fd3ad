import type { ReactNode } from "react";

function Icon({ children, filled = false }: { children: ReactNode; filled?: boolean }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 24 24"
      fill={filled ? "currentColor" : "none"}
      stroke={filled ? "none" : "currentColor"}
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

export const ArrowUpIcon = () => <Icon><path d="M12 19V5M6 11l6-6 6 6" /></Icon>;
export const ArrowDownIcon = () => <Icon><path d="M12 5v14M6 13l6 6 6-6" /></Icon>;
export const StopIcon = () => <Icon filled><rect x="7" y="7" width="10" height="10" rx="2" /></Icon>;
export const CopyIcon = () => <Icon><rect x="9" y="9" width="11" height="11" rx="2.5" /><path d="M5 15V6.5A2.5 2.5 0 0 1 7.500 4H15" /></Icon>;
export const CheckIcon = () => <Icon><path d="M5 12.500l4.500 4.500L19 7.500" /></Icon>;
export const PencilIcon = () => <Icon><path d="M4 20l1-4L16 5l3 3L8 19zM14 7l3 3" /></Icon>;
export const PlusIcon = () => <Icon><path d="M12 5v14M5 12h14" /></Icon>;
export const InfoIcon = () => <Icon><circle cx="12" cy="12" r="8.500" /><path d="M12 11v5M12 8v.01" /></Icon>;
export const SunIcon = () => <Icon><circle cx="12" cy="12" r="4" /><path d="M12 3v1.500M12 19.500V21M3 12h1.500M19.500 12H21M5.600 5.600l1.100 1.100M17.300 17.300l1.100 1.100M5.600 18.400l1.100-1.100M17.300 6.700l1.100-1.100" /></Icon>;
export const MoonIcon = () => <Icon><path d="M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z" /></Icon>;
export const ScreenIcon = () => <Icon><rect x="4" y="5" width="16" height="11" rx="2" /><path d="M9 20h6M12 16v4" /></Icon>;
export const CloseIcon = () => <Icon><path d="M6 6l12 12M18 6L6 18" /></Icon>;
export const ChevronIcon = () => <Icon><path d="M9 6l6 6-6 6" /></Icon>;
export const ImageIcon = () => <Icon><rect x="4" y="5" width="16" height="14" rx="2.500" /><circle cx="9" cy="10" r="1.500" /><path d="M5 17l4.500-4.500 3 3L15 13l4 4" /></Icon>;
export const DownloadIcon = () => <Icon><path d="M12 4v11M7 10.500l5 5 5-5M5 20h14" /></Icon>;
export const BackIcon = () => <Icon><path d="M19 12H5M11 6l-6 6 6 6" /></Icon>;
export const ListIcon = () => <Icon><path d="M4 6.500l1.500 1.500L8 5M4 14.500l1.500 1.500L8 13M12 7h8M12 15h8" /></Icon>;
export const DotIcon = () => <Icon><circle cx="12" cy="12" r="7.500" /></Icon>;
export const FileIcon = () => <Icon><path d="M7 3h7l4 4v14H7zM14 3v4h4" /></Icon>;
export const WarningIcon = () => <Icon><path d="M12 4.500l8.500 14.500h-17zM12 10v4M12 16.500v.01" /></Icon>;
