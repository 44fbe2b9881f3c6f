import type { TextEncoder } from "./encode-text.ts";
import { type Feeds, type ItemEncoder, shapesOf } from "./item-encoder.ts";
import type { GraphTensor } from "./read-graph.ts";

/** Tokens of the text that a profile speaks of, where the graph does not fix another number. */
const profiledTokens = 128;

/** Texts as a graph takes them. `fixed` is the number of tokens that a graph asks for, or null for any. */
export function textItems(texts: TextEncoder, inputs: readonly GraphTensor[], fixed: number | null): ItemEncoder {
  let longest = 0;
  const cut = new Set<string>();
  const feedsOf = (ids: readonly number[], types: readonly number[]): Feeds => {
    const tokens = fixed ?? ids.length;
    const padded = (values: readonly number[], fill: number) =>
      Array.from({ length: tokens }, (_, at) => values[at] ?? fill);
    const all = {
      input_ids: padded(ids, texts.padding),
      attention_mask: padded(
        ids.map(() => 1),
        0,
      ),
      token_type_ids: padded(types, 0),
      position_ids: Array.from({ length: tokens }, (_, at) => at),
    };
    return Object.fromEntries(
      inputs.map(({ name }) => [name, { dims: [1, tokens], values: all[name as keyof typeof all] }]),
    );
  };
  return {
    encode: async (value) => {
      const { ids, types, dropped } = texts.encode(value);
      if (dropped > 0) {
        cut.add(value);
        longest = Math.max(longest, ids.length + dropped);
      }
      return feedsOf(ids, types);
    },
    probe: async () => {
      const { ids, types } = texts.encode("a");
      return feedsOf(ids, types);
    },
    profiled: async () => {
      const tokens = fixed ?? Math.min(texts.limit, profiledTokens);
      const blank = Array.from({ length: tokens }, () => 0);
      return {
        shapes: shapesOf(feedsOf(blank, blank)),
        per: { en: `a text of ${tokens} tokens`, "zh-CN": `一段 ${tokens} 个词元的文本` },
      };
    },
    notes: () =>
      cut.size === 0
        ? []
        : [
            {
              en: `${cut.size} ${cut.size === 1 ? "text is" : "different texts are"} longer than the ${texts.limit} tokens that the model reads (up to ${longest}); what lies beyond was left out.`,
              "zh-CN": `有 ${cut.size} 段不同的文本超出模型可读的 ${texts.limit} 个词元（最长 ${longest} 个），超出部分未读入。`,
            },
          ],
  };
}
