import type { LocalizedText } from "@assay/schema";
import { shown } from "./data-error.ts";

export interface ColumnNames {
  readonly names: readonly string[];
  /** For each column the index of the column whose name it repeats, or null. */
  readonly copyOf: readonly (number | null)[];
  readonly warnings: readonly LocalizedText[];
}

/**
 * Names columns from the texts of a header. The first of equal names keeps it, later ones become `name_1`, `name_2`,
 * …; a column without a name is called after its place, `column_3`.
 */
export function nameColumns(header: readonly string[]): ColumnNames {
  const taken = new Set(header.filter((name) => name !== ""));
  const first = new Map<string, number>();
  const copies = new Map<string, string[]>();
  const unnamed: string[] = [];
  const copyOf: (number | null)[] = [];
  const free = (make: (suffix: number) => string, from: number): string => {
    let suffix = from;
    while (taken.has(make(suffix))) suffix++;
    const name = make(suffix);
    taken.add(name);
    return name;
  };
  const names = header.map((text, index) => {
    if (text === "") {
      copyOf.push(null);
      const place = `column_${index + 1}`;
      const name = taken.has(place) ? free((suffix) => `${place}_${suffix}`, 1) : place;
      taken.add(name);
      unnamed.push(name);
      return name;
    }
    const original = first.get(text);
    copyOf.push(original ?? null);
    if (original === undefined) {
      first.set(text, index);
      return text;
    }
    const renamed = copies.get(text) ?? [];
    const name = free((suffix) => `${text}_${suffix}`, renamed.length + 1);
    copies.set(text, [...renamed, name]);
    return name;
  });

  const warnings: LocalizedText[] = [...copies].map(([name, renamed]) => ({
    en: `The column name ${shown(name)} stands ${renamed.length + 1} times in the header; the first column keeps it, the others are called ${renamed.map(shown).join(", ")}.`,
    "zh-CN": `表头中列名 ${shown(name)} 出现了 ${renamed.length + 1} 次；第一列保留原名，其余改称 ${renamed.map(shown).join("、")}。`,
  }));
  if (unnamed.length > 0) {
    warnings.push({
      en: `${unnamed.length === 1 ? "A column has" : `${unnamed.length} columns have`} no name in the header and ${unnamed.length === 1 ? "is" : "are"} called ${unnamed.map(shown).join(", ")}.`,
      "zh-CN": `表头中有 ${unnamed.length} 列没有名称，按位置称为 ${unnamed.map(shown).join("、")}。`,
    });
  }
  return { names, copyOf, warnings };
}
