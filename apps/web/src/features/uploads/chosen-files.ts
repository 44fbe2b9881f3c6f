/** A file that was chosen or dropped; its name is the path from what was chosen, parts joined by `/`. */
export interface ChosenFile {
  readonly file: File;
  readonly name: string;
}

/** The files of a file input; of a folder with their paths in it. */
export function filesOfInput(files: FileList | null): ChosenFile[] {
  return withoutFolder([...(files ?? [])].map((file) => ({ file, name: file.webkitRelativePath || file.name })));
}

/** The files that were dropped, with those in folders among them. To be called while the event is handled. */
export async function filesOfDrop(dropped: DataTransfer): Promise<ChosenFile[]> {
  // Both lists are empty once the handler has returned.
  const entries = [...dropped.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  const plain = [...dropped.files].map((file) => ({ file, name: file.name }));
  if (!entries.some((entry) => entry.isDirectory)) return plain;
  return withoutFolder((await Promise.all(entries.map(filesUnder))).flat());
}

async function filesUnder(entry: FileSystemEntry): Promise<ChosenFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    return [{ file, name: entry.fullPath.replace(/^\//, "") }];
  }
  if (!isDirectory(entry)) return [];
  const reader = entry.createReader();
  const found: ChosenFile[] = [];
  // A reader gives its entries in portions; an empty one is the end.
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (portion.length === 0) return found;
    found.push(...(await Promise.all(portion.map(filesUnder))).flat());
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

/** Where all lie in one folder, their paths begin in it. What systems hide is left out. */
function withoutFolder(files: readonly ChosenFile[]): ChosenFile[] {
  const shown = files.filter(({ name }) => !/(^|\/)(\.|thumbs\.db$|desktop\.ini$)/i.test(name));
  const [top = ""] = shown[0]?.name.split("/") ?? [];
  const inFolder = shown.every(({ name }) => name.startsWith(`${top}/`));
  return inFolder ? shown.map(({ file, name }) => ({ file, name: name.slice(top.length + 1) })) : shown;
}
