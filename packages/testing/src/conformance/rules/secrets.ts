import assert from "node:assert/strict";
import type { Enrollment } from "@enrollkit/core";
import type { VendorFault } from "../../faults.js";
import { collect, rejectionOf, settle } from "../expectations.js";
import {
  artifactValues,
  assertHidden,
  liveArtifactValues,
  plantedSecrets,
  type Forbidden,
} from "../exposure.js";
import { preparedReads } from "../operations.js";
import { fieldOf, takesAnyValue, withField } from "../requests.js";
import { roleOf, type Rule, type RuleContext } from "../rule.js";

const email = "ada.lovelace@example.com";
const canary = "canary-in-the-body-5f1c9a";

/** A request for a person, where the vendor has a place for one. */
const personalRequest = ({ vendor, descriptor }: RuleContext, number: number) => {
  const request = vendor.request(number);
  return takesAnyValue("recipient.email", descriptor)
    ? withField(request, "recipient.email", `${number}.${email}`)
    : request;
};

/** The address that a request is for: it may go to the vendor, and nowhere else. */
const addressOf = (request: object): readonly Forbidden[] => {
  const address = fieldOf(request, "recipient.email");
  return typeof address === "string" ? [{ name: "the recipient's address", text: address }] : [];
};

/** What a vendor may say that repeats what it was told: in a header's form, if the secret can stand in one. */
const indiscreet = ({ vendor }: RuleContext): object => ({
  error: {
    code: "indiscreet",
    message: [
      `the user ${email} is not known`,
      ...vendor.plantedSecrets
        .filter((secret) => /^[\w.~+/-]+=*$/u.test(secret))
        .map((secret) => `Authorization: Bearer ${secret}`),
    ].join("; "),
  },
});

/** What goes wrong, as a rule's name says it; each rule gets a vendor of its own. */
const faults: Readonly<Record<string, (body: object) => VendorFault>> = {
  "status-400": (body) => ({ kind: "status", status: 400, body }),
  "status-401": (body) => ({ kind: "status", status: 401, body }),
  "status-403": (body) => ({ kind: "status", status: 403, body }),
  "status-409": (body) => ({ kind: "status", status: 409, body }),
  "status-500": (body) => ({ kind: "status", status: 500, body }),
  "status-500-in-plain-text": (body) => ({ kind: "status", status: 500, body: JSON.stringify(body) }),
  "status-500-after-the-deed": (body) => ({ kind: "status", status: 500, body, when: "after" }),
  "a-broken-connection": () => ({ kind: "reset", when: "after" }),
  html: () => ({ kind: "body", body: `<html>${canary}</html>`, contentType: "text/html" }),
  "other-json": () => ({
    kind: "body",
    body: JSON.stringify({ unexpected: canary }),
    contentType: "application/json",
  }),
  "half-an-answer": () => ({ kind: "truncate" }),
};

/** More often than any adapter tries again. */
const always = 20;

const underFault = ([name, faultWith]: readonly [string, (body: object) => VendorFault]): Rule => ({
  name: `secrets/errors-under-${name}`,
  check: async (context) => {
    const { provider, vendor } = context;
    const fault = faultWith(indiscreet(context));
    const reads = await preparedReads(context);
    const request = personalRequest(context, 1);
    vendor.failNext(fault, "create", always);
    const created = await settle(() => provider.createEnrollment(request));
    const forbidden = [
      ...plantedSecrets(context),
      ...addressOf(request),
      ...(await liveArtifactValues(context)),
      { name: "an address that the vendor named", text: email },
      { name: "text from the answer's body", text: canary },
    ];
    if (created.status === "rejected") assertHidden(created.reason, forbidden, "the error of a create");
    for (const [what, read] of reads) {
      vendor.failNext(fault, "any", 1);
      const settled = await settle(() => read());
      if (settled.status === "rejected") assertHidden(settled.reason, forbidden, `the error of ${what}`);
    }
    assertHidden(vendor.log(), forbidden, "the log");
  },
});

const createPersonal = async (context: RuleContext): Promise<readonly [Enrollment, readonly Forbidden[]]> => {
  const request = personalRequest(context, 1);
  const enrollment = await context.provider.createEnrollment(request);
  return [enrollment, [...plantedSecrets(context), ...artifactValues(enrollment)]];
};

/** No secret, and no address outside of its own field, can be seen in anything that ends up in a log. */
export const secretRules: readonly Rule[] = [
  {
    name: "secrets/planted",
    check: async ({ vendor }) => {
      assert.ok(vendor.plantedSecrets.length > 0, "plantedSecrets must name the secrets in the credentials");
      for (const secret of vendor.plantedSecrets) {
        assert.ok(secret.length >= 8, "a planted secret must be long enough to be told from other text");
      }
      await Promise.resolve();
    },
  },
  {
    name: "secrets/enrollment",
    check: async (context) => {
      const [enrollment, forbidden] = await createPersonal(context);
      assertHidden(enrollment, forbidden, "an enrollment");
      for (const artifact of enrollment.artifacts) {
        if (!("value" in artifact)) continue;
        assertHidden(artifact.value, forbidden, `the value of ${artifact.kind}`);
        assertHidden(artifact.value.toString(), forbidden, `${artifact.kind} in a template`);
      }
    },
  },
  {
    name: "secrets/provider",
    check: async (context) => {
      const [, forbidden] = await createPersonal(context);
      assertHidden(context.provider, forbidden, "the provider");
    },
  },
  {
    name: "secrets/log",
    check: async (context) => {
      const [{ recipient = {} }, forbidden] = await createPersonal(context);
      await context.provider.check();
      for (const [, read] of await preparedReads(context)) await read();
      assert.notEqual(
        context.vendor.log(),
        "",
        "log() must hold what the provider reported by runtime.hooks",
      );
      const address = addressOf({ recipient });
      assertHidden(context.vendor.log(), [...forbidden, ...address], "the log");
    },
  },
  {
    name: "secrets/refusals",
    check: async (context) => {
      const { provider, vendor } = context;
      const personal = personalRequest(context, 1);
      const wrong = [
        { ...personal, uses: 7 },
        { ...personal, validFor: "PT0S" as const },
        withField(personal, "recipient.email", "ada.at.example.com"),
        withField(personal, "platform", "symbian"),
        withField(personal, "additionalData", canary.repeat(10_000)),
      ];
      for (const request of wrong) {
        const settled = await settle(() => provider.createEnrollment(request));
        if (settled.status === "fulfilled") continue;
        const forbidden = [
          ...plantedSecrets(context),
          ...addressOf(request),
          { name: "additionalData", text: canary },
        ];
        assertHidden(settled.reason, forbidden, "the error of a refused request");
      }
      const what = "a create with wrong credentials";
      const refused = () => vendor.withWrongCredentials.createEnrollment(personal);
      const forbidden = [...plantedSecrets(context), ...addressOf(personal)];
      assertHidden(await rejectionOf(refused, what), forbidden, `the error of ${what}`);
      assertHidden(await vendor.withWrongCredentials.check(), forbidden, "a check with wrong credentials");
    },
  },
  ...Object.entries(faults).map(underFault),
  {
    name: "secrets/listing",
    needs: ["listing"],
    check: async (context) => {
      const [, forbidden] = await createPersonal(context);
      assertHidden(await collect(roleOf(context, "listing").list()), forbidden, "a listing");
    },
  },
  {
    name: "secrets/tracking",
    needs: ["tracking"],
    check: async (context) => {
      const [enrollment, forbidden] = await createPersonal(context);
      assertHidden(await roleOf(context, "tracking").getStatuses([enrollment]), forbidden, "a status");
    },
  },
  {
    name: "secrets/retrieval",
    needs: ["retrieval"],
    check: async (context) => {
      const [{ id }, forbidden] = await createPersonal(context);
      assertHidden(await roleOf(context, "retrieval").get(id), forbidden, "an enrollment got again");
    },
  },
  {
    name: "secrets/deployment-file",
    needs: ["deploymentFiles"],
    check: async (context) => {
      const file = await roleOf(context, "deploymentFiles").generate({});
      const content = file.content.reveal();
      const forbidden = [
        ...plantedSecrets(context),
        { name: "the content of the file", text: content },
        { name: "the text of the file", text: Buffer.from(content, "base64").toString("utf8") },
      ];
      assertHidden(file, forbidden, "a deployment file");
    },
  },
];
