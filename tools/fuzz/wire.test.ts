import * as androidErrors from "../../packages/adapters/android-management/src/errors.js";
import * as android from "../../packages/adapters/android-management/src/wire.js";
import { toVendorError as toAppliveryError } from "../../packages/adapters/applivery/src/errors.js";
import * as applivery from "../../packages/adapters/applivery/src/wire.js";
import * as esetErrors from "../../packages/adapters/eset-connect/src/errors.js";
import * as eset from "../../packages/adapters/eset-connect/src/wire.js";
import { describeWire } from "./describe-wire.js";

describeWire({
  vendor: "android-management",
  schemas: android,
  errorTables: { toVendorError: androidErrors.toVendorError, toTokenError: androidErrors.toTokenError },
});

const { envelopeSchema, pageSchema, tokenSchema, userSchema, ...plain } = applivery;
describeWire({
  vendor: "applivery",
  schemas: {
    ...plain,
    tokenAnswer: envelopeSchema(tokenSchema),
    tokenPage: envelopeSchema(pageSchema(tokenSchema)),
    userPage: envelopeSchema(pageSchema(userSchema)),
  },
  errorTables: { toVendorError: toAppliveryError },
});

describeWire({
  vendor: "eset-connect",
  schemas: eset,
  errorTables: { toError: esetErrors.toError, toTokenError: esetErrors.toTokenError },
});
