/** Files that somebody drops or opens: read whole, and no further than makes sense. */

/** A longer file is not read, in bytes. Senders read at most 65536 of a policy; the rest is room to say by how much it is over. */
const MAX_FILE = 1_048_576;

/** A text; with `bytes` where it is not UTF-8, and what is none stands as U+FFFD in the text. */
export interface FileText {
  readonly text: string;
  readonly bytes?: Uint8Array;
}

export async function readText(file: File): Promise<FileText | { readonly refused: string }> {
  if (file.size > MAX_FILE) {
    return { refused: `${file.name} has ${file.size} bytes, and senders read at most 65536 of a policy. It was not opened.` };
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  // A byte order mark is part of the text: it is worth a finding.
  const decode = (fatal: boolean): string => new TextDecoder("utf-8", { fatal, ignoreBOM: true }).decode(bytes);
  try {
    return { text: decode(true) };
  } catch {
    return { text: decode(false), bytes };
  }
}

export const carriesFiles = (transfer: DataTransfer | null): boolean => transfer?.types.includes("Files") ?? false;
