/** Hands a file to the browser's downloads; its bytes go from this tab to the disk. */
export function saveFile(name: string, content: string | Uint8Array): void {
  const blob = new Blob([typeof content === "string" ? content : content.slice()], {
    type: "application/octet-stream",
  });
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
