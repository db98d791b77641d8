import { randomUUID } from 'node:crypto';

/** A file that was uploaded to a custom field. */
interface StoredFile {
  bytes: Buffer;
  mimetype: string;
}

/** The uploaded files; a state file does not keep them. */
export interface FileStore {
  /** Keeps a file and returns the name under which it is found again: a UUID with the file's ending. */
  add(file: StoredFile, originalName: string): string;
  get(name: string): StoredFile | null;
}

export function fileStore(): FileStore {
  const files = new Map<string, StoredFile>();
  return {
    add(file, originalName) {
      const ending = originalName.match(/\.[A-Za-z0-9]{1,10}$/)?.[0] ?? '';
      const name = `${randomUUID()}${ending.toLowerCase()}`;
      files.set(name, file);
      return name;
    },
    get: (name) => files.get(name) ?? null,
  };
}
