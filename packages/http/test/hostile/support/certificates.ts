import { generateKeyPairSync } from "node:crypto";
import forge from "node-forge";

/** A certificate and its key, both PEM. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

/** An RSA pair costs some 100 ms, and none of these certificates is about its key. */
const { privateKey: key, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
});

const day = 86_400_000;

interface CertificateOptions {
  readonly name: string;
  readonly issuer: string;
  readonly hosts?: readonly string[];
  readonly authority?: boolean;
  /** Days from now, from when and until when it is valid. */
  readonly validity?: readonly [number, number];
}

let serialNumber = 0;

const issue = ({
  name,
  issuer,
  hosts,
  authority = false,
  validity = [-1, 1],
}: CertificateOptions): Certified => {
  const certificate = forge.pki.createCertificate();
  serialNumber += 1;
  certificate.serialNumber = serialNumber.toString(16).padStart(4, "0");
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey);
  const [from, until] = validity.map((days) => new Date(Date.now() + days * day));
  if (from !== undefined) certificate.validity.notBefore = from;
  if (until !== undefined) certificate.validity.notAfter = until;
  certificate.setSubject([{ name: "commonName", value: name }]);
  certificate.setIssuer([{ name: "commonName", value: issuer }]);
  certificate.setExtensions([
    { name: "basicConstraints", cA: authority },
    ...(hosts === undefined
      ? []
      : [{ name: "subjectAltName", altNames: hosts.map((value) => ({ type: 2, value })) }]),
  ]);
  certificate.sign(forge.pki.privateKeyFromPem(key), forge.md.sha256.create());
  return { cert: forge.pki.certificateToPem(certificate), key };
};

const authority = "EnrollKit test authority";
const good = { issuer: authority, hosts: ["localhost"] } as const;

/** The authority that tests trust. */
export const trusted = issue({ name: authority, issuer: authority, authority: true });

/** What servers on `localhost` present, good and bad. */
export const certificates = {
  good: issue({ ...good, name: "localhost" }),
  expired: issue({ ...good, name: "localhost", validity: [-3, -2] }),
  notYetValid: issue({ ...good, name: "localhost", validity: [2, 3] }),
  wrongHost: issue({ ...good, name: "elsewhere.example", hosts: ["elsewhere.example"] }),
  selfSigned: issue({ name: "localhost", issuer: "localhost", hosts: ["localhost"] }),
  unknownAuthority: issue({ ...good, name: "localhost", issuer: "Somebody else's authority" }),
} as const;
