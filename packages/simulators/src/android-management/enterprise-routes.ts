import { method, type Route } from "./api.js";
import { managedEnterprise, managedProject } from "./authorization.js";
import { listPage } from "./collection.js";
import { changeEnterprise, deleteEnterprise } from "./enterprises.js";
import { failedPrecondition } from "./errors.js";
import { enterpriseMessage } from "./messages.js";
import { maskedMembers } from "./query.js";
import { withoutDefaults } from "./resources.js";
import { redeemSignUp } from "./sign-ups.js";
import { addEnterprise, type EnterpriseRecord } from "./state.js";

const show = ({ name, fields }: EnterpriseRecord): object => withoutDefaults({ ...fields, name });

const showBasic = ({ name, fields: { enterpriseDisplayName = "" } }: EnterpriseRecord): object =>
  withoutDefaults({ name, enterpriseDisplayName });

/** https://developers.google.com/android/management/reference/rest/v1/enterprises */
export const enterpriseRoutes: readonly Route[] = [
  method({
    verb: "POST",
    path: "/v1/enterprises",
    query: { projectId: "text", signupUrlName: "text", enterpriseToken: "text", agreementAccepted: "text" },
    body: { message: enterpriseMessage, root: "enterprise" },
    answer: ({ vendor, account, query, body }) => {
      const project = managedProject(vendor, account, query.projectId);
      const fields = changeEnterprise(vendor, {}, body);
      const managedBy = redeemSignUp(vendor, project, query);
      return show(addEnterprise(vendor, project, { managedBy, fields }));
    },
  }),
  method({
    verb: "GET",
    path: "/v1/enterprises",
    query: { projectId: "text", pageSize: "integer", pageToken: "text", view: "text" },
    answer: ({ vendor, account, query }) => {
      const project = managedProject(vendor, account, query.projectId);
      return listPage("enterprises", project.enterprises, query, {
        list: `projects/${project.id}/enterprises`,
        short: vendor.behavior.pageFill === "short",
        accepts: ({ deleted }) => !deleted,
        show: showBasic,
      });
    },
  }),
  method({
    verb: "GET",
    path: "/v1/enterprises/:enterprise",
    query: {},
    answer: ({ vendor, account, parameter }) =>
      show(managedEnterprise(vendor, account, parameter("enterprise"))),
  }),
  method({
    verb: "PATCH",
    path: "/v1/enterprises/:enterprise",
    query: { updateMask: "text" },
    body: { message: enterpriseMessage, root: "enterprise" },
    answer: ({ vendor, account, query, body, parameter }) => {
      const enterprise = managedEnterprise(vendor, account, parameter("enterprise"));
      const mask = maskedMembers(query.updateMask);
      enterprise.fields = changeEnterprise(vendor, enterprise.fields, body, mask);
      return show(enterprise);
    },
  }),
  method({
    verb: "DELETE",
    path: "/v1/enterprises/:enterprise",
    query: {},
    answer: ({ vendor, account, parameter }) => {
      const enterprise = managedEnterprise(vendor, account, parameter("enterprise"));
      if (enterprise.managedBy !== "emm") {
        throw failedPrecondition("Only EMM-managed enterprises can be deleted.");
      }
      deleteEnterprise(enterprise);
      return {};
    },
  }),
];
