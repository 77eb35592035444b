import { method, type Route } from "./api.js";
import { managedEnterprise } from "./authorization.js";
import { listPage, type Collection } from "./collection.js";
import type { EnterpriseRecord, Vendor } from "./state.js";

interface EnterpriseList<Item extends { readonly id: string }> {
  /** The last part of its path, and the member of the answer. */
  readonly name: string;
  readonly of: (enterprise: EnterpriseRecord) => Collection<Item>;
  /** The page size when none is asked for. Default: 10. */
  readonly usual?: number;
  /** Default: every item. */
  readonly accepts?: (vendor: Vendor, item: Item) => boolean;
  readonly show: (vendor: Vendor, item: Item) => object;
}

/** The `list` method of something that an enterprise holds. */
export const listMethod = <Item extends { readonly id: string }>({
  name,
  of,
  accepts = () => true,
  show,
  ...limits
}: EnterpriseList<Item>): Route =>
  method({
    verb: "GET",
    path: `/v1/enterprises/:enterprise/${name}`,
    query: { pageSize: "integer", pageToken: "text" },
    answer: ({ vendor, account, query, parameter }) => {
      const enterprise = managedEnterprise(vendor, account, parameter("enterprise"));
      return listPage(name, of(enterprise), query, {
        ...limits,
        list: `${enterprise.name}/${name}`,
        short: vendor.behavior.pageFill === "short",
        accepts: (item) => accepts(vendor, item),
        show: (item) => show(vendor, item),
      });
    },
  });
