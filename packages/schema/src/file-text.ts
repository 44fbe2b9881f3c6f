import { z } from "zod";

/** A value of a column, compared with the file's text. YAML numbers and booleans are read as they are written. */
export const FileText = z.union([z.string(), z.number(), z.boolean()]).transform(String);

export const ColumnName = z.string().min(1, "a column name cannot be empty");
