import eslint from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores([
    "**/dist/",
    "**/coverage/",
    "examples/*/output/",
    "**/.turbo/",
    "docs/reference/",
    "docs/.parts/",
    "docs/.vitepress/cache/",
    "docs/.vitepress/dist/",
    "tools/docs/.blocks*/",
  ]),
  eslint.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["vitest.config.ts"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-extraneous-class": ["error", { allowWithDecorator: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Named exports only: one name per thing." },
      ],
    },
  },
  {
    files: ["**/vitest.config.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
  {
    files: ["**/*.{js,cjs,mjs}"],
    languageOptions: {
      globals: { console: "readonly", process: "readonly", module: "writable", URL: "readonly" },
    },
  },
  {
    files: ["examples/*/static/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        ["document", "DOMParser", "fetch", "navigator", "performance", "setInterval"].map((name) => [
          name,
          "readonly",
        ]),
      ),
    },
  },
);
