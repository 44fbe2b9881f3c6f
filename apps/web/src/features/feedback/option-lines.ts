/** A choice as the form keeps it. */
export interface Option {
  readonly value: string;
  readonly label: { readonly en: string; readonly "zh-CN": string };
}

/**
 * Choices as people write them: one a line, `value | English | 中文`. Words that are left out are the value itself. A bar inside a
 * text is written `\|`.
 */
export function readOptions(text: string): Option[] {
  return text.split("\n").flatMap((line) => {
    const [value = "", en = "", zh = ""] = split(line);
    return value === "" && en === "" && zh === "" ? [] : [{ value, label: { en, "zh-CN": zh } }];
  });
}

export function writeOptions(options: readonly Option[]): string {
  return options
    .map(({ value, label }) => {
      const parts = [value, label.en, label["zh-CN"]].map((part) =>
        part.replaceAll("\\", "\\\\").replaceAll("|", "\\|"),
      );
      while (parts.length > 1 && parts.at(-1) === "") parts.pop();
      return parts.join(" | ");
    })
    .join("\n");
}

function split(line: string): string[] {
  const parts = [""];
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    const next = line.charAt(at + 1);
    if (char === "\\" && (next === "|" || next === "\\")) {
      parts[parts.length - 1] += next;
      at++;
    } else if (char === "|") parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts.map((part) => part.trim());
}
