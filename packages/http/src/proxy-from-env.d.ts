declare module "proxy-from-env" {
  /** The proxy for a URL by `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`; empty if there is none. */
  export const getProxyForUrl: (url: string) => string;
}
