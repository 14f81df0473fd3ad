import type { AcceptDict } from "./generated";

/** Which files are taken: media types, or media types with the endings that go with them. */
export type Accept = Readonly<AcceptDict>;

/** Limits of uploads, as configured by `features.spontaneous_file_upload`. */
export type UploadSpec = {
  enabled?: boolean | null;
  accept?: Accept | null;
  max_files?: number | null;
  max_size_mb?: number | null;
};
