// Writes src/api/generated.ts: the type of every question in src/**/*.graphql and of its
// answer, read off the golden schema. Only what is asked is typed, and no GraphQL library
// reaches the browser: a question is its text.
import { codegen } from "@graphql-codegen/core";
import * as documents from "@graphql-codegen/typed-document-node";
import * as operations from "@graphql-codegen/typescript-operations";
import { buildSchema, GraphQLNonNull, isNonNullType, parse, validate } from "graphql";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const here = join(import.meta.dirname, "..");
const sdl = readFileSync(join(here, "../tests/golden/schema.graphql"), "utf8");
const schema = buildSchema(sdl);

// What rests on search is null only beside an error, and then `ask` throws.
for (const field of Object.values(schema.getQueryType().getFields())) {
  const resting = ["search", "suggest", "statistics"].includes(field.name) || String(field.type).endsWith("Connection");
  if (resting && !isNonNullType(field.type)) field.type = new GraphQLNonNull(field.type);
}

const files = readdirSync(join(here, "src"), { recursive: true })
  .filter((name) => name.endsWith(".graphql"))
  .sort()
  .map((name) => ({ location: name, document: parse(readFileSync(join(here, "src", name), "utf8")) }));

const all = { kind: "Document", definitions: files.flatMap((file) => file.document.definitions) };
const wrong = validate(schema, all);
if (wrong.length) throw new Error(wrong.map((error) => error.message).join("\n"));

const scalars = {
  At: "number | string",
  Date: "string",
  DateTime: "string",
  Long: "number",
  Spans: "[number, number][]",
  Value: "string | number | boolean | (string | number | boolean)[]",
};
const text = await codegen({
  filename: "generated.ts",
  schema: parse(sdl),
  schemaAst: schema,
  documents: files,
  config: {
    scalars,
    enumType: "string-literal",
    useTypeImports: true,
    documentMode: "string",
    skipTypename: true,
    dedupeFragments: true,
  },
  plugins: [{ operations: {} }, { documents: {} }],
  pluginMap: { operations, documents },
});
writeFileSync(join(here, "src/api/generated.ts"), `/* eslint-disable */\n// Generated; not committed.\n${text}`);
