export type Starter = { label: string; message: string; command?: string | null; icon?: string | null };

export type StarterCategory = { label: string; icon?: string | null; starters?: Starter[] | null };
