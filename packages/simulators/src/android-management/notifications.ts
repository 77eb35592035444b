import type { AndroidManagementDevice } from "./resources.js";
import { formatInstant, instantAt } from "./instants.js";
import type { PubSubEnvelope } from "./pub-sub-envelope.js";
import type { EnterpriseRecord, Vendor } from "./state.js";

const firstMessageId = 1000;

const publish = (
  { state, behavior, now }: Vendor,
  topic: string,
  notificationType: PubSubEnvelope["message"]["attributes"]["notificationType"],
  device?: AndroidManagementDevice,
): void => {
  const envelope: PubSubEnvelope = {
    message: {
      messageId: String(firstMessageId + state.notifications.length),
      publishTime: formatInstant(instantAt(now())),
      attributes: { notificationType },
      ...(device !== undefined && { data: Buffer.from(JSON.stringify(device)).toString("base64") }),
    },
    subscription: topic.replace("/topics/", "/subscriptions/"),
  };
  state.notifications.push(envelope);
  if (behavior.notificationDelivery === "twice") state.notifications.push(envelope);
};

/** Reports a device, if its enterprise has a topic and asked for this type. */
export const notify = (
  vendor: Vendor,
  { fields }: EnterpriseRecord,
  type: "ENROLLMENT" | "STATUS_REPORT",
  device: AndroidManagementDevice,
): void => {
  const { pubsubTopic, enabledNotificationTypes = [] } = fields;
  if (pubsubTopic === undefined || !enabledNotificationTypes.includes(type)) return;
  publish(vendor, pubsubTopic, type, device);
};

/** The message that a newly set topic receives. */
export const announceTopic = (vendor: Vendor, topic: string): void => {
  publish(vendor, topic, "test");
};
