import type * as Transformers from "@huggingface/transformers";

/**
 * Transformers.js, as a host loads it: tokenizers, image processors and feature extractors are taken from it. They are made
 * of the bytes of the model's own files, so that what is told by digest is what runs; nothing of it reads files or the
 * network, and ONNX Runtime runs the graph as it does for Transformers.js itself.
 */
export type TransformersLibrary = typeof Transformers;

/** What a tokenizer of the library is asked. */
export interface Tokenizer {
  (
    text: string,
    options: { readonly add_special_tokens: boolean; readonly return_tensor: false },
  ): {
    readonly input_ids: readonly number[];
    readonly token_type_ids?: readonly number[];
  };
  readonly pad_token_id?: number | null | undefined;
  get_vocab(): ReadonlyMap<string, number> | Readonly<Record<string, number>>;
}

/** A tensor of the library. */
export interface LibraryTensor {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: ArrayLike<bigint> | ArrayLike<number>;
}

/** What an image processor and a feature extractor of the library are asked. */
export type Processor<Item> = (item: Item) => Promise<Readonly<Record<string, unknown>>>;

/**
 * A class of the library by the name that a model's file has for it, or null. Only classes made of `base` are given: a
 * file's text must not reach anything else.
 */
export function classOf<Made>(
  library: TransformersLibrary,
  name: string,
  base: abstract new (...given: never[]) => unknown,
): (new (...given: readonly unknown[]) => Made) | null {
  if (!Object.hasOwn(library, name)) return null;
  const found: unknown = Reflect.get(library, name);
  if (typeof found !== "function") return null;
  if (found !== base && !(found.prototype instanceof base)) return null;
  return found as new (
    ...given: readonly unknown[]
  ) => Made;
}
