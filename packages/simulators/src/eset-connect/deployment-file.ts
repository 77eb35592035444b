import type { Entropy } from "./entropy.js";

/** What the caller may decide about the file. */
export interface DeploymentSettings {
  readonly securityGroupUuid: string;
  readonly sendAnonymousDiagnosticData: boolean;
}

/**
 * A stand-in for the file that the management agent's installer reads, in base64. ESET documents no format. Windows line
 * ends and the "é" in the first line, a single byte as in Windows-1252, show whether a client hands over the bytes
 * untouched.
 */
export const deploymentFile = (
  entropy: Entropy,
  { securityGroupUuid, sendAnonymousDiagnosticData }: DeploymentSettings,
): string => {
  const lines = [
    "; invented by a simulator, usable by no agent: caf\u00e9",
    "[ERA_AGENT_PROPERTIES]",
    "P_HOSTNAME=agent.simulator.invalid",
    "P_PORT=443",
    "P_CERT_PASSWORD_IS_BASE64=yes",
    `P_CERT_PASSWORD=${entropy.token(24)}`,
    `P_CERT_PATH=${entropy.token(64)}`,
    "P_LOAD_CERTS_FROM_FILE_AS_BASE64=yes",
    `P_ENABLE_TELEMETRY=${sendAnonymousDiagnosticData ? "1" : "0"}`,
    ...(securityGroupUuid === "" ? [] : [`P_INITIAL_STATIC_GROUP=${securityGroupUuid}`]),
    "",
  ];
  return Buffer.from(lines.join("\r\n"), "latin1").toString("base64");
};
