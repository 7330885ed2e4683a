/** Http: one exchange with a source. Limits, retries and the allow-list of hosts belong to the driver (A12, L3). */

/** What is asked of a source, and how much of an answer is taken. */
export interface HttpRequest {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Largest body accepted, in bytes. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** What the source answered, whatever its status. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The way to a source. */
export interface Http {
  /** Performs the exchange. Throws STORE_UNREACHABLE for network failures; a status is an answer, not a failure. */
  get(request: HttpRequest): Promise<HttpResponse>;
}
