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
export const LeaveIcon = () => <Icon><path d="M10 5H5v14h5M14 8l4 4-4 4M18 12H9" /></Icon>;
export const ListIcon = () => <Icon><path d="M4 6.500l1.500 1.500L8 5M4 14.500l1.500 1.500L8 13M12 7h8M12 15h8" /></Icon>;
export const DotIcon = () => <Icon><circle cx="12" cy="12" r="7.500" /></Icon>;
export const FileIcon = () => <Icon><path d="M7 3h7l4 4v14H7zM14 3v4h4" /></Icon>;
export const WarningIcon = () => <Icon><path d="M12 4.500l8.500 14.500h-17zM12 10v4M12 16.500v.01" /></Icon>;
export const ClipIcon = () => <Icon><path d="M19.500 11.500l-7.200 7.200a4.600 4.600 0 0 1-6.500-6.500l7.600-7.600a3.100 3.100 0 0 1 4.400 4.400l-7.500 7.500a1.500 1.500 0 0 1-2.200-2.200l6.800-6.800" /></Icon>;
export const MicIcon = () => <Icon><rect x="9" y="3.500" width="6" height="11" rx="3" /><path d="M5.500 11.500a6.500 6.500 0 0 0 13 0M12 18v2.500" /></Icon>;
export const SlidersIcon = () => <Icon><path d="M4 7.500h9M17 7.500h3M4 16.500h3M11 16.500h9" /><circle cx="15" cy="7.500" r="2" /><circle cx="9" cy="16.500" r="2" /></Icon>;
export const ToolsIcon = () => <Icon><path d="M4.500 6.500h15M4.500 12h9M4.500 17.500h6M17 14v6M14 17h6" /></Icon>;
export const PanelIcon = () => <Icon><rect x="4" y="5" width="16" height="14" rx="2.500" /><path d="M10 5v14" /></Icon>;
export const RetryIcon = () => <Icon><path d="M19 12a7 7 0 1 1-2.100-5M19 4v4h-4" /></Icon>;
export const StarIcon = ({ filled = false }: { filled?: boolean }) => <Icon filled={filled}><path d="M12 4l2.450 5 5.500.800-4 3.900.950 5.500L12 16.600 7.100 19.200l.950-5.500-4-3.900 5.500-.800z" /></Icon>;
export const ThumbUpIcon = ({ filled = false }: { filled?: boolean }) => <Icon filled={filled}><path d="M8 11v9H5v-9zM8 11l4-7a2 2 0 0 1 2 2v4h4.500a1.500 1.500 0 0 1 1.450 1.900l-1.700 6.500A2 2 0 0 1 16.300 20H8" /></Icon>;
export const ThumbDownIcon = ({ filled = false }: { filled?: boolean }) => <Icon filled={filled}><path d="M16 13V4h3v9zM16 13l-4 7a2 2 0 0 1-2-2v-4H5.500a1.500 1.500 0 0 1-1.450-1.900l1.700-6.500A2 2 0 0 1 7.700 4H16" /></Icon>;
