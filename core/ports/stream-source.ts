/** StreamSource: a source that speaks by itself, over a connection that stays open (A10). */

/** Where a stream is, and how much of it is taken. */
export interface StreamRequest {
  /** `ws:` or `wss:` */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest message accepted, in characters. */
  readonly maxLength: number;
  /** For the connection to open. */
  readonly timeoutMs: number;
  /** Hosts that may be asked: `host`, or `host:port` where the port is not the scheme's own. */
  readonly allowedHosts: readonly string[];
  /** True only where the origin was replaced on purpose: a simulator or a mirror on a private address. */
  readonly allowsPrivate: boolean;
}

/** A connection that is open. */
export interface StreamConnection {
  /** The next message; null when nothing came within the time. Throws SOURCE_UNREACHABLE when the connection has ended. */
  next(timeoutMs: number): Promise<string | null>;
  /** Sends a message; one that cannot be sent any more is told by `next`. */
  send(text: string): void;
  /** Ends the connection. Harmless to repeat. */
  close(): void;
}

/** The way to streams. */
export interface StreamSource {
  /** Opens a connection. Throws SOURCE_UNREACHABLE and SOURCE_NOT_ALLOWED. */
  open(request: StreamRequest): Promise<StreamConnection>;
}
