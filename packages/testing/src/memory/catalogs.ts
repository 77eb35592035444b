import {
  EnrollmentError,
  quote,
  type CallOptions,
  type DeviceGroup,
  type DeviceGroupCatalog,
  type Policy,
  type PolicyCatalog,
  type RecipientDirectory,
  type VendorRecipient,
} from "@enrollkit/core";
import type { MemoryClient } from "./client.js";
import { nullable, pageOf, readerOf, type Reader } from "./readers.js";

type ListOperation = "deviceGroups.list" | "policies.list" | "recipients.list";

const readGroup: Reader<DeviceGroup> = readerOf(undefined, (group) => ({
  id: group.text("id"),
  name: group.text("name"),
  path: group.texts("path"),
}));

const readPolicy: Reader<Policy> = readerOf(undefined, (policy) => ({
  id: policy.text("id"),
  name: policy.text("name"),
}));

const readRecipient: Reader<VendorRecipient> = readerOf(undefined, (recipient) => {
  const name = recipient.optionalText("name");
  return { id: recipient.text("id"), email: recipient.text("email"), ...(name !== undefined && { name }) };
});

/** What a provider of this name can look up: groups, policies and people. */
export const createCatalogs = (provider: string, client: MemoryClient) => {
  const listAll = async function* <Item>(
    operation: ListOperation,
    item: Reader<Item>,
    options: CallOptions | undefined,
  ): AsyncGenerator<Item, void, void> {
    let after: number | undefined;
    do {
      const page = await client.call(operation, { after }, "repeatable", pageOf(item), options);
      yield* page.items;
      after = page.next;
    } while (after !== undefined);
  };

  const refuse = (code: "not-found" | "invalid-request", message: string) =>
    new EnrollmentError(message, { code, provider, path: "path" });

  const deviceGroups: DeviceGroupCatalog = {
    list: (options) => listAll("deviceGroups.list", readGroup, options),
    resolve: async (path, options) => {
      const found: DeviceGroup[] = [];
      for await (const group of deviceGroups.list(options)) {
        if (`/${group.path.join("/")}`.endsWith(`/${path}`)) found.push(group);
      }
      const [first] = found;
      if (first === undefined) throw refuse("not-found", `there is no device group ${quote(path)}`);
      if (found.length > 1) {
        const paths = found.map((group) => group.path.join("/")).join(", ");
        throw refuse("invalid-request", `${quote(path)} names several device groups: ${paths}`);
      }
      return first;
    },
  };

  const policies: PolicyCatalog = {
    list: (options) => listAll("policies.list", readPolicy, options),
    exists: async (id, options) => {
      for await (const policy of policies.list(options)) if (policy.id === id) return true;
      return false;
    },
  };

  const recipients: RecipientDirectory = {
    list: (options) => listAll("recipients.list", readRecipient, options),
    find: (email, options) =>
      client.call("recipients.find", { email }, "repeatable", nullable(readRecipient), options),
    ensure: (recipient, options) =>
      client.call("recipients.ensure", { recipient }, "repeatable", readRecipient, options),
  };

  return { deviceGroups, policies, recipients };
};
