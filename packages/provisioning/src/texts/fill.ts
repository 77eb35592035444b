/**
 * Puts values in the place of their names in braces: `fill("Hello {name}", { name: "Ana" })`. What stands in a value is
 * never filled in itself.
 */
export const fill = (template: string, values: Readonly<Record<string, string>>): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
