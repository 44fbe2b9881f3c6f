import type { ModelProfile } from "@assay/models";

/** A type of values alone, as summaries travel. */
type Plain<T> = T extends readonly (infer Item)[]
  ? readonly Plain<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Plain<T[Key]> }
    : T;

export type ProfileSummary = {
  /** Of the model's file and those beside it that it is read from. */
  readonly sizeBytes: number;
  readonly profile: Plain<ModelProfile>;
};

/** The profile as plain values. */
export function plain(profile: ModelProfile): Plain<ModelProfile> {
  return {
    ...profile,
    layers: profile.layers.map((layer) => ({
      ...layer,
      shape: layer.shape && [...layer.shape],
      comparisons: layer.comparisons && { ...layer.comparisons },
    })),
  };
}
