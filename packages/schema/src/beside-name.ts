import { AssayError } from "./error.ts";

/** Files that a model may have beside its own. */
export const mostBeside = 255;

const longestPart = 255;
const longestName = 1000;
/** Names that Windows keeps for devices, whatever follows the dot. */
const devices = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i;
const utf8 = new TextEncoder();

/**
 * The name of a file beside another: its path from that file's folder, parts joined by `/`, such as `onnx/model.onnx_data`. It
 * names the same file in the same place on every system, and never one outside the folder. Letters stay as they are written:
 * the model asks for its files by them.
 * @throws AssayError usage, saying what is wrong with the name
 */
export function besideName(name: string): string {
  const normal = name
    .split("/")
    .filter((part, place) => part !== "." && (part !== "" || place === 0))
    .join("/");
  const wrong = fault(normal);
  if (wrong === null) return normal;
  throw new AssayError("usage", `the file name ${JSON.stringify(name)} ${wrong}`, {
    problems: [{ at: name, message: wrong }],
  });
}

/**
 * Names of a model's own file and those beside it, each as `besideName` gives it, sorted. No two are one file where case does
 * not count, and none is a folder of another.
 * @throws AssayError usage, naming the first that cannot stand
 */
export function besideNames(main: string, beside: readonly string[]): readonly string[] {
  if (beside.length > mostBeside) {
    throw new AssayError("usage", `${beside.length} files beside the model; at most ${mostBeside} are kept`);
  }
  const own = besideName(main);
  if (own.includes("/")) throw new AssayError("usage", `${JSON.stringify(main)} lies in a folder; give its name alone`);
  const names = beside.map(besideName);
  const taken = new Map([[folded(own), own]]);
  for (const name of names) {
    const other = taken.get(folded(name));
    if (other !== undefined) {
      throw new AssayError(
        "usage",
        other === name
          ? `the file name ${JSON.stringify(name)} is given twice; each file has a name of its own`
          : `the file names ${JSON.stringify(other)} and ${JSON.stringify(name)} are one on systems where case does not count; rename one`,
      );
    }
    taken.set(folded(name), name);
  }
  for (const name of names) {
    const parts = folded(name).split("/");
    for (let count = 1; count < parts.length; count++) {
      const file = taken.get(parts.slice(0, count).join("/"));
      if (file !== undefined) {
        throw new AssayError(
          "usage",
          `${JSON.stringify(file)} is a file, and ${JSON.stringify(name)} needs a folder there`,
        );
      }
    }
  }
  return names.sort();
}

/** One text for all names that a system may take for the same file. */
function folded(name: string): string {
  return name.toUpperCase().toLowerCase().normalize("NFC");
}

function fault(name: string): string | null {
  if (name === "") return "is empty";
  if (name.startsWith("/")) return "begins at the root; give the path from the model's folder";
  if (name.includes("\\")) return "has a backslash; part folders by /";
  if (/\p{Cs}/u.test(name)) return "is no valid Unicode";
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name)) return "has a character that cannot be seen";
  if (utf8.encode(name).length > longestName) return `is longer than ${longestName} bytes`;
  for (const part of name.split("/")) {
    if (part === "..") return "leads out of the model's folder";
    if (/^[a-z]:/i.test(part)) return "names a drive; give the path from the model's folder";
    if (/[<>:"|?*]/.test(part)) return 'has one of < > : " | ? *, which some systems refuse';
    if (/[. ]$/.test(part) || part.startsWith(" "))
      return "has a part with a blank at its ends or a dot at its end, which some systems drop";
    if (devices.test(part)) return "has a part that Windows keeps for a device";
    if (utf8.encode(part).length > longestPart) return `has a part longer than ${longestPart} bytes`;
  }
  return null;
}
