/** Http: one exchange with a source, within limits (A12, L3). Retries, pauses and breakers belong to the runner. */

/** What is asked of a source, and how much of an answer is taken. */
export interface HttpRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Largest body accepted, in bytes, on the wire and after its transfer encoding is undone. */
  readonly maxBytes: number;
  /** For the whole exchange, redirects included. */
  readonly timeoutMs: number;
  /** Hosts that may be asked, redirects included: `host`, or `host:port` where the port is not the scheme's own. */
  readonly allowedHosts: readonly string[];
  /** True only where the origin was replaced on purpose: a simulator or a mirror on a private address. */
  readonly allowsPrivate: boolean;
}

/** A request that sends something: a form for a token, a list of documents to be had. */
export interface HttpPost extends HttpRequest {
  readonly contentType: string;
  readonly body: string;
}

/** What the source answered, whatever its status. */
export interface HttpResponse {
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly status: number;
  /** Names in lower case; a header sent several times is joined with commas. */
  readonly headers: Readonly<Record<string, string>>;
  /** The whole body, with gzip, deflate and br of the transfer undone. */
  readonly body: Uint8Array;
}

/** The way to a source. */
export interface Http {
  /**
   * Makes ready for exchanges, as the first of them does by itself. What is loaded then should count neither for the time
   * of an exchange nor for the pace of its host: a start that is counted too early lets the next one come too soon.
   */
  prepare(): Promise<void>;
  /**
   * Performs the exchange. A status is an answer, not a failure. Throws SOURCE_UNREACHABLE for network failures, an
   * elapsed time and a body that is cut; SOURCE_TOO_LARGE; SOURCE_NOT_ALLOWED for a host, a scheme or an address that
   * may not be asked.
   */
  get(request: HttpRequest): Promise<HttpResponse>;
  /** The same for a request that sends something. A redirect is its answer, and is not followed. */
  post(request: HttpPost): Promise<HttpResponse>;
  /** Closes idle connections. */
  close(): Promise<void>;
}
