import { method, type Route } from "./api.js";
import { managedEnterprise, managedProject } from "./authorization.js";
import { invalidArgument, notFound } from "./errors.js";
import { webTokenMessage } from "./messages.js";

/** Sign-up, web tokens and provisioning information: https://developers.google.com/android/management/reference/rest */
export const signUpRoutes: readonly Route[] = [
  method({
    verb: "POST",
    path: "/v1/signupUrls",
    query: { projectId: "text", callbackUrl: "text", adminEmail: "text", allowedDomains: "list" },
    answer: ({ vendor: { state, random }, vendor, account, query }) => {
      const project = managedProject(vendor, account, query.projectId);
      const { callbackUrl = "" } = query;
      if (!URL.canParse(callbackUrl)) throw invalidArgument("Callback URL must be an absolute URL.");
      const name = `signupUrls/C${random.opaque(16)}`;
      state.signUps.set(name, { name, project, callbackUrl });
      return { name, url: `https://enterprise.google.com/signup/android?token=${random.opaque(64)}` };
    },
  }),
  method({
    verb: "POST",
    path: "/v1/enterprises/:enterprise/webTokens",
    query: {},
    body: { message: webTokenMessage, root: "web_token" },
    answer: ({ vendor, account, body, parameter }) => {
      const enterprise = managedEnterprise(vendor, account, parameter("enterprise"));
      const { parentFrameUrl = "", enabledFeatures = [] } = body;
      if (!parentFrameUrl.startsWith("https://")) throw invalidArgument("Parent frame URL must be https.");
      return {
        name: `${enterprise.name}/webTokens/${vendor.random.opaque(22)}`,
        value: vendor.random.opaque(64),
        parentFrameUrl,
        ...(enabledFeatures.length > 0 && { enabledFeatures }),
      };
    },
  }),
  method({
    verb: "GET",
    path: "/v1/provisioningInfo/:id",
    query: {},
    answer: ({ vendor, account, parameter }) => {
      const record = vendor.state.provisioning.get(parameter("id"));
      if (record === undefined) throw notFound();
      managedEnterprise(vendor, account, record.enterprise.id);
      return record.resource;
    },
  }),
];
