/** Puts a cell's text into a request under construction. */
type Place = (request: Record<string, unknown>, text: string) => void;

const at =
  (...path: readonly string[]): Place =>
  (request, text) => {
    setAt(request, path, text);
  };

const setAt = (target: Record<string, unknown>, [first = "", ...rest]: readonly string[], value: unknown) => {
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const inner = (target[first] ??= {}) as Record<string, unknown>;
  setAt(inner, rest, value);
};

/** The columns of a file of enrollments, and the field that each one fills. */
export const enrollmentColumns = {
  key: at("key"),
  profile: at("profile"),
  platform: at("platform"),
  management: at("management"),
  ownership: at("ownership"),
  email: at("recipient", "email"),
  name: at("recipient", "name"),
  device_id: at("device", "id"),
  device_name: at("device", "name"),
  device_description: at("device", "description"),
  serial_number: at("device", "serialNumber"),
  valid_for: at("validFor"),
  uses: (request, text) => {
    request["uses"] = /^\d+$/.test(text) ? Number(text) : text;
  },
  tags: (request, text) => {
    request["tags"] = text
      .split("|")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "");
  },
  additional_data: at("additionalData"),
  delivery: at("delivery"),
} as const satisfies Record<string, Place>;

/** The columns of a file of devices. */
export const deviceColumns = {
  key: at("key"),
  name: at("name"),
  description: at("description"),
  kind: at("kind"),
  profile: at("profile"),
} as const satisfies Record<string, Place>;

export type Columns = Readonly<Record<string, Place>>;

/** The column that fills a field, for messages: `recipient.email` → `email`. */
export const columnFor = (path: string): string => {
  const known: Readonly<Record<string, string>> = {
    "recipient.email": "email",
    "recipient.name": "name",
    "device.id": "device_id",
    "device.name": "device_name",
    "device.description": "device_description",
    "device.serialNumber": "serial_number",
    validFor: "valid_for",
    additionalData: "additional_data",
  };
  return known[path] ?? path;
};
