import type { ChosenFile } from "../uploads/chosen-files.ts";

/** The model's own file, those beside it with their paths from it, and how many lie elsewhere. */
export interface ModelSet {
  readonly main: ChosenFile;
  readonly beside: readonly ChosenFile[];
  readonly outside: number;
}

/** Files that may be a model's own, by their names; which it is, its bytes tell on the server. */
export function candidatesOf(files: readonly ChosenFile[]): readonly ChosenFile[] {
  return files.filter(({ name }) => /\.(onnx|json|json\.gz)$/i.test(name));
}

/** Which of the files is most likely the model's own; null where none can be. */
export function guessMain(files: readonly ChosenFile[]): ChosenFile | null {
  const candidates = [...candidatesOf(files)].sort(
    (a, b) => depth(a) - depth(b) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0),
  );
  const graphs = candidates.filter(({ name }) => /\.onnx$/i.test(name));
  const [top] = candidates;
  const shallow = candidates.filter((one) => top !== undefined && depth(one) === depth(top));
  const named = (text: string) => shallow.find(({ name }) => name.split("/").at(-1) === text);
  // A configuration above its graphs says how they are used.
  const config = named("config.json");
  if (config !== undefined && !graphs.some((graph) => depth(graph) === depth(config))) return config;
  return shallow.find((one) => graphs.includes(one)) ?? named("model.json") ?? config ?? top ?? null;
}

/** The files as they go to the server with `main` as the model's own. */
export function modelSet(files: readonly ChosenFile[], main: ChosenFile): ModelSet {
  const folder = main.name.slice(0, main.name.length - (main.name.split("/").at(-1) ?? "").length);
  const others = files.filter((one) => one !== main);
  const beside = others
    .filter(({ name }) => name.startsWith(folder))
    .map(({ file, name }) => ({ file, name: name.slice(folder.length) }));
  return {
    main: { file: main.file, name: main.name.slice(folder.length) },
    beside,
    outside: others.length - beside.length,
  };
}

function depth({ name }: ChosenFile): number {
  return name.split("/").length;
}
