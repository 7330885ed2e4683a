/** How a schema registry is reached. */

/** A secret, or a function that gives the one in force. */
export type RegistrySecret = string | (() => string | Promise<string>);

export interface ConfluentRegistryOptions {
  /** `http://host:8081`, or with the path below which the paths of Confluent lie: `…/apis/ccompat/v7`. */
  readonly url: string;
  /** HTTP basic authentication. */
  readonly username?: string;
  readonly password?: RegistrySecret;
  /** Bearer token, in place of a user. */
  readonly token?: RegistrySecret;
  /** Longest wait for one answer, in milliseconds. Default 5000. */
  readonly timeoutMs?: number;
  /** How long a call tries before it fails with STORE_UNREACHABLE, in milliseconds. Default 15,000. */
  readonly patienceMs?: number;
}
