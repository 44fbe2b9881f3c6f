/** A sentence with a capital, where it begins with a plain word: names of files and columns stay as they are. */
export function sentenceStart(text: string): string {
  return /^[a-z]+(?=[ ,])/.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
}
