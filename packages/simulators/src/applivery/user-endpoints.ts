import type { Call, Endpoint } from "./endpoint.js";
import { refusal } from "./errors.js";
import { pageOf, readQuery, readTags } from "./paging.js";
import type { UserRecord } from "./records.js";
import { text } from "./rules.js";
import { addUser, createUserBody, deleteUser, renderUser, updateUser, updateUserBody } from "./users.js";
import type { Vendor } from "./vendor.js";

const includes = (value: string | undefined, part: string) =>
  value?.toLowerCase().includes(part.toLowerCase()) ?? false;

const candidates = (
  { behavior }: Vendor,
  { organization }: Call,
  email: string | undefined,
): UserRecord[] => {
  if (email === undefined) return organization.users();
  if (behavior.userEmailFilter === "prefix") {
    const prefix = email.toLowerCase();
    return organization.users().filter((user) => user.email.toLowerCase().startsWith(prefix));
  }
  const user = organization.userByEmail(email);
  return user === undefined ? [] : [user];
};

const listUsers = (vendor: Vendor, call: Call) => {
  const { organization, query } = call;
  const part = text({ maximum: 128, empty: "allow" });
  const [email, name, search] = ["email", "name", "search"].map((member) => {
    const value = readQuery(query, member, part, vendor.behavior);
    return value === "" ? undefined : value;
  });
  const tags = readTags(query, vendor.behavior);
  const matches = candidates(vendor, call, email).filter(
    (user) =>
      (name === undefined || includes(user.name, name)) &&
      (search === undefined || includes(user.email, search) || includes(user.name, search)) &&
      tags.every((tag) => user.tags.includes(tag)),
  );
  return pageOf(matches, query, vendor.behavior, (user) => renderUser(vendor, organization, user));
};

const tagsInUse = ({ behavior }: Vendor, { organization, query }: Call) =>
  pageOf([...new Set(organization.users().flatMap(({ tags }) => tags))], query, behavior, (value) => ({
    value,
  }));

/** MDM users, whom the dashboard calls device employees. https://docs.applivery.com/en/api/uem/mdm-users/ */
export const userEndpoints = (vendor: Vendor): readonly Endpoint[] => {
  const path = "/mdm/users";
  const permission = (action: string) => `mdm.global.mdmUser.${action}`;
  const render = ({ organization }: Call, user: UserRecord) => renderUser(vendor, organization, user);
  const existing = ({ organization }: Call, id: string): UserRecord => {
    const found = organization.user(id);
    if (found === undefined) throw refusal("not found");
    return found;
  };

  return [
    { method: "GET", path, permission: permission("list"), answer: (call) => listUsers(vendor, call) },
    {
      method: "POST",
      path,
      permission: permission("create"),
      creates: true,
      answer: async (call) =>
        render(call, addUser(vendor, call.organization, await call.body(createUserBody))),
    },
    {
      method: "GET",
      path: `${path}/tags`,
      permission: permission("list"),
      answer: (call) => tagsInUse(vendor, call),
    },
    {
      method: "GET",
      path: `${path}/:id`,
      permission: permission("get"),
      answer: (call) => render(call, existing(call, call.id())),
    },
    {
      method: "PUT",
      path: `${path}/:id`,
      permission: permission("update"),
      answer: async (call) => {
        const id = call.id();
        const change = await call.body(updateUserBody);
        return render(call, updateUser(vendor, existing(call, id), change));
      },
    },
    {
      method: "DELETE",
      path: `${path}/:id`,
      permission: permission("remove"),
      answer: (call) => {
        const user = existing(call, call.id());
        return render(call, deleteUser(vendor, call.organization, user));
      },
    },
  ];
};
