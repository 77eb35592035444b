// An SMTP server on this machine that takes every mail, and settings that name it.
import { writeFileSync } from "node:fs";
import { SMTPServer } from "smtp-server";

const server = new SMTPServer({ authOptional: true, disabledCommands: ["STARTTLS"], logger: false });
server.listen(0, "127.0.0.1", () => {
  const { port } = server.server.address();
  const settings = {
    smtp: { host: "127.0.0.1", port, security: "none" },
    from: { email: "it@company.example", name: "IT department" },
    language: "en",
    timeZone: "Europe/Berlin",
  };
  writeFileSync("enrollkit.mail.json", JSON.stringify(settings));
});
