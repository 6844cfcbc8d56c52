import hooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["src/api/generated.ts", "node_modules"] },
  ...tseslint.configs.strict,
  hooks.configs.flat["recommended-latest"],
  {
    rules: {
      // No HTML from data: text is set as text, always.
      "no-restricted-syntax": [
        "error",
        {
          selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
          message: "Nothing from the ledger becomes markup.",
        },
      ],
      "no-restricted-globals": ["error", { name: "fetch", message: "Ask through api/client.ts." }],
    },
  },
  { files: ["src/api/client.ts", "e2e/**", "scripts/**"], rules: { "no-restricted-globals": "off" } },
);
