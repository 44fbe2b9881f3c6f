const english = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const chinese = ["零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十"];

/** Small counts in words, larger ones in digits. */
export function countEn(count: number): string {
  return english[count] ?? String(count);
}

/** With the measure word behind it, two is 两. */
export function countZh(count: number): string {
  return chinese[count] ?? String(count);
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
