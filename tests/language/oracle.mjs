// Evaluates FEEL with feelin: one JSON object {contexts, tests: [[expression, context], …]} on standard
// input, the list of values on standard output. Texts {"date": "2026-03-31"} become dates.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const entry = createRequire(process.argv[2] + "/").resolve("feelin");
const { evaluate } = await import(pathToFileURL(entry).href);

const revived = (key, value) =>
  value && typeof value === "object" && "date" in value
    ? evaluate(`@"${value.date}"`).value
    : value;
const { contexts, tests } = JSON.parse(readFileSync(0, "utf8"), revived);
const values = tests.map(([expression, at]) => {
  try {
    return evaluate(expression, contexts[at]).value ?? null;
  } catch (error) {
    return { error: String(error).slice(0, 200) };
  }
});
process.stdout.write(JSON.stringify(values));
