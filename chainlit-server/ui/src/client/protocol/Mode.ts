export type ModeOption = {
  id: string;
  name: string;
  description: string | null;
  /** A lucide icon's name, a path or an address. */
  icon: string | null;
  default: boolean;
};

/** A choice that goes with every message, for example the model that is to answer. */
export type Mode = { id: string; name: string; options: readonly ModeOption[] };
