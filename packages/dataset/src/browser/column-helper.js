// A thread that decodes columns of a Parquet file beside the one that reads it, until it is terminated.
import { answerColumns } from "./answer-columns.ts";

answerColumns();
