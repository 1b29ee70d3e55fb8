// What eslint must not find in static/js and tests/js: likely bugs, not taste.
export default [
  {
    files: ["**/*.js"],
    languageOptions: {
      ecmaVersion: 2024, sourceType: "module",
      globals: Object.fromEntries([
        "document", "globalThis", "location", "history", "localStorage", "sessionStorage", "fetch", "matchMedia", "setTimeout", "clearTimeout", "setInterval",
        "clearInterval", "requestAnimationFrame", "cancelAnimationFrame", "performance", "addEventListener", "removeEventListener", "innerWidth", "innerHeight",
        "URL", "URLSearchParams", "Blob", "Image", "AbortController", "CustomEvent", "ResizeObserver", "IntersectionObserver", "TextEncoder", "TextDecoder",
        "FormData", "CSS", "WebSocket", "navigator", "structuredClone", "process", "console", "Intl", "queueMicrotask", "getComputedStyle", "window", "DOMParser",
        "MutationObserver", "scrollTo", "scrollBy", "open", "alert", "Event", "EventTarget", "HTMLElement", "crypto", "BroadcastChannel",
      ].map((name) => [name, "readonly"])),
    },
    rules: {
      "no-undef": "error", "no-unused-vars": ["error", { ignoreRestSiblings: true, argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrorsIgnorePattern: "^_" }],
      "no-const-assign": "error", "no-dupe-args": "error", "no-dupe-keys": "error", "no-dupe-class-members": "error", "no-unreachable": "error",
      "no-import-assign": "error", "no-self-assign": "error", "no-redeclare": "error", "no-shadow-restricted-names": "error", "use-isnan": "error",
      "valid-typeof": "error", "no-unsafe-finally": "error", "no-fallthrough": "error", "no-var": "error", "prefer-const": ["error", { destructuring: "all" }],
      eqeqeq: "error", "no-implicit-globals": "error", "no-eval": "error", "no-async-promise-executor": "error", "require-atomic-updates": "off",
    },
  },
];
