import type { DeploymentFiles } from "@enrollkit/core";
import type { Account } from "./account.js";
import { profileOf } from "./settings.js";

/** The name under which ESET's agent installer looks for the file beside itself; the API gives none. */
const suggestedFileName = "install_config.ini";

/** Files for the silent installation of ESET's agent on Windows computers by group policy or SCCM. */
export const createDeploymentFiles = ({ name, settings, client }: Account): DeploymentFiles => ({
  generate: async ({ profile }, options) => {
    const { group, sendAnonymousDiagnosticData } = profileOf(settings, profile, name);
    const deviceEnrollmentSettings = group === undefined ? undefined : { securityGroupUuid: group };
    const { body, requestIds } = await client.generateGpoSccmFile(
      { sendAnonymousDiagnosticData, deviceEnrollmentSettings },
      options,
    );
    return { fileName: suggestedFileName, content: body.gpoSccmFile, warnings: [], requestIds };
  },
});
