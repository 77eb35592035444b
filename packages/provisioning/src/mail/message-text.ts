import { toCopy } from "../texts/to-copy.js";
import { caption, greeting, terms, type MailContent } from "./content.js";

/** The plain text of a mail, for readers that show no HTML. The QR code is then an attachment. */
export const textPart = (content: MailContent): string => {
  const { way, texts } = content;
  const { steps, otherwise } = texts.instructions[way.entrance];
  const copyable = toCopy(way, texts).map(({ label, value }) => `${label}:\n${value.reveal()}`);
  const blocks = [
    greeting(content),
    texts.mail.introduction,
    caption(content),
    ...copyable,
    `${texts.labels.steps}:\n${steps.map((step, index) => `${index + 1}. ${step}`).join("\n")}`,
    otherwise,
    terms(content).join("\n"),
    texts.mail.footer,
  ];
  return `${blocks.filter((block) => block !== undefined).join("\n\n")}\n`;
};
