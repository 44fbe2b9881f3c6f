/** Full-width punctuation carries its own space: none stands after it, nor before an opening bracket. */
export function tidyChinese(text: string): string {
  return text.replace(/(?<=[），。；：、]) +/g, "").replace(/ +(?=[（，。；：、])/g, "");
}
