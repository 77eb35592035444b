import assert from "node:assert/strict";
import { collect, expectCode } from "../expectations.js";
import { roleOf, type Rule } from "../rule.js";

const recipient = { email: "margaret.hamilton@example.com", name: "Margaret Hamilton" };

/** What an enrollment can aim at, and whom it is for. */
export const catalogRules: readonly Rule[] = [
  {
    name: "device-groups/resolved-by-path",
    needs: ["deviceGroups"],
    check: async (context) => {
      const role = roleOf(context, "deviceGroups");
      const groups = await collect(role.list());
      assert.ok(groups.length > 0, "the vendor needs at least one device group for this rule");
      assert.equal(new Set(groups.map(({ id }) => id)).size, groups.length, "no group may be listed twice");
      for (const group of groups) {
        assert.equal(group.path.at(-1), group.name, "a group's path ends with its name");
        const whole = group.path.join("/");
        const sameEnd = groups.filter((each) => `/${each.path.join("/")}`.endsWith(`/${whole}`));
        if (sameEnd.length > 1) continue;
        assert.deepEqual(await role.resolve(whole), group, "a group's whole path must lead to it");
      }
    },
  },
  {
    name: "device-groups/not-found",
    needs: ["deviceGroups"],
    check: async (context) => {
      const resolve = () => roleOf(context, "deviceGroups").resolve("No/Such/Group");
      await expectCode(resolve, "not-found", "resolving a path that leads nowhere");
    },
  },
  {
    name: "policies/exist",
    needs: ["policies"],
    check: async (context) => {
      const role = roleOf(context, "policies");
      const policies = await collect(role.list());
      assert.ok(policies.length > 0, "the vendor needs at least one policy for this rule");
      assert.equal(
        new Set(policies.map(({ id }) => id)).size,
        policies.length,
        "no policy may be listed twice",
      );
      for (const { id, name } of policies) {
        assert.ok(id !== "" && name !== "", "a policy has an id and a name");
        assert.equal(await role.exists(id), true, "a policy that is listed exists");
      }
    },
  },
  {
    name: "policies/do-not-exist",
    needs: ["policies"],
    check: async (context) => {
      assert.equal(await roleOf(context, "policies").exists("000000000000000000000000"), false);
    },
  },
  {
    name: "recipients/ensured-once",
    needs: ["recipients"],
    check: async (context) => {
      const role = roleOf(context, "recipients");
      assert.equal(await role.find(recipient.email), undefined, "nobody is known before they are made");
      const made = await role.ensure(recipient);
      const again = await role.ensure({ ...recipient, email: recipient.email.toUpperCase() });
      assert.equal(again.id, made.id, "the same address, in upper case, is the same person");
      const found = await role.find(recipient.email.toUpperCase());
      assert.equal(found?.id, made.id, "find must not mind upper and lower case");
      const listed = (await collect(role.list())).filter(({ id }) => id === made.id);
      assert.equal(listed.length, 1, "a person is listed once");
      assert.equal(listed[0]?.email.toLowerCase(), recipient.email);
    },
  },
  {
    name: "recipients/ensured-through-a-lost-answer",
    needs: ["recipients"],
    check: async (context) => {
      const role = roleOf(context, "recipients");
      await role.find(recipient.email);
      context.vendor.failNext({ kind: "reset", when: "after" }, "any", 2);
      const ended = await Promise.allSettled([role.ensure(recipient)]);
      const { id } = await role.ensure(recipient);
      const [first] = ended;
      if (first.status === "fulfilled") assert.equal(first.value.id, id);
      const listed = (await collect(role.list())).filter(
        ({ email }) => email.toLowerCase() === recipient.email,
      );
      assert.equal(listed.length, 1, "a lost answer must not make a person twice");
    },
  },
  {
    name: "deployment-files/have-content",
    needs: ["deploymentFiles"],
    check: async (context) => {
      const file = await roleOf(context, "deploymentFiles").generate({});
      assert.match(file.fileName, /^[^/\\]+$/u, "fileName must be a name without folders");
      const content = file.content.reveal();
      assert.ok(content.length > 0, "a file has content");
      assert.equal(
        Buffer.from(content, "base64").toString("base64"),
        content,
        "the content must be base64, whole and without line breaks",
      );
    },
  },
];
