export type ActionDict = {
  id: string;
  name: string;
  payload?: Record<string, unknown>;
  label?: string;
  tooltip?: string;
  icon?: string | null;
  forId?: string | null;
};
