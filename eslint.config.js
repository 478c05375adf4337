// What is asked of the board's JavaScript beyond its types (tsconfig.json).

import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/.*/", "build/", "**/*.d.ts", "bnviz/live/plotly/"] },
  js.configs.recommended,
  {
    rules: {
      "curly": ["error", "multi-line"],
      "default-param-last": "error",
      "eqeqeq": "error",
      "max-len": ["error", { code: 130, ignoreStrings: true, ignoreTemplateLiterals: true }],
      "max-lines": ["error", 250],
      "no-eval": "error",
      "no-implicit-coercion": "error",
      "no-param-reassign": "error",
      "no-shadow": "error",
      "no-unused-vars": ["error", { ignoreRestSiblings: true }],
      "no-unused-expressions": "error",
      "no-use-before-define": ["error", { functions: false, classes: false }],
      "no-var": "error",
      "object-shorthand": "error",
      "prefer-const": "error",
      "prefer-template": "error",
    },
  },
  { files: ["bnviz/live/board/*.js", "bnviz/export/*.js", "benchmarks/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["tests/js/*.js"], languageOptions: { globals: globals.node } },
];
