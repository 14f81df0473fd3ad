export type Starter = { label: string; message: string; command?: string | null; icon?: string | null };
