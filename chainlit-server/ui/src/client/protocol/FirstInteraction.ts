export type FirstInteraction = { interaction: string; thread_id: string };
