/** HTTP, the serving side: routes as values, and a server that answers by them. */

/** A request as a route sees it. Names of headers are in lower case. */
export interface ServerRequest {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  /** Parts of the path that the route names, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Query parameters, decoded; a list where one is given more than once. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What was sent along, as text; empty where nothing was, and where the route takes nothing. */
  readonly body?: string;
}

/** An answer. A body of parts is sent as they come, at the pace of who reads it. */
export interface ServerReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<string>;
}

/** One thing that can be asked for. Paths name their parts as `:name`. HEAD is answered where GET is. */
export interface ServerRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  answer(request: ServerRequest): Promise<ServerReply>;
}

/** What was answered, for telemetry. `route` is the path as declared, never that of the request. */
export interface Answered {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
}

/** A server that listens. */
export interface HttpServer {
  /** `http://127.0.0.1:8513`, with the port that it really has. */
  readonly url: string;
  /** Takes no more requests, lets those at hand end, for a few seconds at most, and stops listening. */
  close(): Promise<void>;
}
