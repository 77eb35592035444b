/** Puts a cell's text into a request under construction. */
export type Place = (request: Record<string, unknown>, text: string) => void;

const at =
  (field: string): Place =>
  (request, text) => {
    request[field] = text;
  };

const within =
  (parent: string, field: string): Place =>
  (request, text) => {
    const inner = (request[parent] ??= {}) as Record<string, unknown>;
    inner[field] = text;
  };

/** The columns of a file of enrollments, and the field that each one fills. */
export const enrollmentColumns = {
  key: at("key"),
  profile: at("profile"),
  tenant: at("tenant"),
  platform: at("platform"),
  management: at("management"),
  ownership: at("ownership"),
  email: within("recipient", "email"),
  name: within("recipient", "name"),
  device_id: within("device", "id"),
  device_name: within("device", "name"),
  device_description: within("device", "description"),
  serial_number: within("device", "serialNumber"),
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
