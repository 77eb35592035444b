// For the tests that pages show, as they are compiled.
export default { test: { include: ["**/*.test.js"], testTimeout: 180_000, hookTimeout: 180_000 } };
