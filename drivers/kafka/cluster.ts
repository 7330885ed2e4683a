/**
 * The cluster as the driver sees it: who the brokers are, which of them leads a partition or coordinates a group, and a
 * connection to each. The client library makes the connections, with TLS and SASL; requests are made one by one, so
 * that what is retried, and what must not be, is decided here.
 */

import { type API, type Connection, findCoordinatorV6, metadataV12 } from '@platformatic/kafka';
import { CarbonError, type ErrorContext } from '../../core/errors.ts';
import { BrokerRefusal, brokerCodes, isPassing, kafkaFailure, nameOfCode, refuse } from './broker-errors.ts';
import { Connections } from './connections.ts';
import { type Address, bootstrapAddresses, connectionOptions, type KafkaOptions } from './options.ts';

/** A topic: the id that fetches name it by, and the broker that leads each partition (-1: none at the moment). */
export interface TopicView {
  readonly name: string;
  readonly id: string;
  readonly leaders: readonly number[];
  /** One of the brokers' own topics: offsets of groups, state of transactions. */
  readonly isInternal: boolean;
}

/** Pauses between attempts, in milliseconds. */
const PAUSES_MS = [20, 50, 100, 200, 400, 800];
const DEFAULT_PATIENCE_MS = 15_000;
const DEFAULT_REQUEST_MS = 10_000;
/** Kinds of coordinators, as the protocol numbers them. */
const GROUP_COORDINATOR = 0;

/** Connections of one purpose, as {@link Connections}, to brokers by their number. */
export interface Lines {
  /** A connection to a broker of the cluster. */
  to(node: number): Promise<Connection>;
  close(): Promise<void>;
}

export class KafkaCluster {
  readonly options: KafkaOptions;
  /** How long a call tries before it gives up, in milliseconds. */
  readonly patienceMs: number;
  readonly requestTimeoutMs: number;
  private readonly bootstrap: readonly Address[];
  private readonly main: Connections;
  private readonly pools = new Set<Connections>();
  private brokers = new Map<number, Address>();
  private controller = -1;
  private readonly topics = new Map<string, TopicView>();
  private readonly coordinators = new Map<string, number>();
  private isClosed = false;

  /** Throws CONFIG_INVALID for options that cannot be used; nothing is sent before the first call. */
  constructor(options: KafkaOptions) {
    this.options = options;
    this.patienceMs = options.patienceMs ?? DEFAULT_PATIENCE_MS;
    this.requestTimeoutMs = options.requestTimeoutMs ?? DEFAULT_REQUEST_MS;
    this.bootstrap = bootstrapAddresses(options);
    this.main = this.newPool(this.requestTimeoutMs);
  }

  /** A topic, from memory where it is known. Throws LOG_TOPIC_UNKNOWN. */
  async topic(name: string): Promise<TopicView> {
    const known = this.topics.get(name);
    if (known !== undefined && !known.leaders.includes(-1)) return known;
    const found = (await this.look([name])).find((topic) => topic.name === name);
    if (found !== undefined) return found;
    throw new CarbonError('LOG_TOPIC_UNKNOWN', `no topic ${name}`, { context: { topic: name } });
  }

  /** A topic that has the partition. Throws LOG_TOPIC_UNKNOWN: the client would take another one, silently. */
  async lane(name: string, partition: number): Promise<TopicView> {
    const topic = await this.topic(name);
    if (Number.isInteger(partition) && partition >= 0 && partition < topic.leaders.length) return topic;
    throw new CarbonError('LOG_TOPIC_UNKNOWN', `topic ${name} has no partition ${partition}`, {
      context: { topic: name, partition },
    });
  }

  /** The topic that has an id, or null: asked of the brokers when it is not known. */
  async topicOfId(id: string): Promise<TopicView | null> {
    const known = [...this.topics.values()].find((topic) => topic.id === id);
    if (known !== undefined) return known;
    return (await this.allTopics()).find((topic) => topic.id === id) ?? null;
  }

  /** All topics, asked of the brokers. */
  allTopics(): Promise<TopicView[]> {
    return this.persist('topics', {}, () => this.look(null));
  }

  /** Forgets who leads a topic: the next look asks. */
  forget(topic: string): void {
    this.topics.delete(topic);
  }

  /** Forgets who coordinates a group. */
  forgetCoordinator(group: string): void {
    this.coordinators.delete(group);
  }

  /** A connection to the leader of a partition. */
  async leader(topic: string, partition: number, lines: Lines | null = null): Promise<Connection> {
    const view = await this.lane(topic, partition);
    const node = view.leaders[partition];
    if (node < 0) {
      this.forget(topic);
      throw new BrokerRefusal('LEADER_NOT_AVAILABLE', `${topic}/${partition} has no leader at the moment`);
    }
    return this.connect(node, lines);
  }

  /** A connection to the broker that keeps a group's offsets and members. */
  async coordinator(group: string, lines: Lines | null = null): Promise<Connection> {
    let node = this.coordinators.get(group);
    if (node === undefined) {
      const { coordinators } = await findCoordinatorV6.api.async(await this.anyBroker(), GROUP_COORDINATOR, [
        group,
      ]);
      const found = coordinators[0];
      refuse(found.errorCode, found.errorMessage);
      node = found.nodeId;
      this.brokers.set(node, { host: found.host, port: found.port });
      this.coordinators.set(group, node);
    }
    return this.connect(node, lines);
  }

  /** A connection to the controller's listener for clients: any broker that forwards to it. */
  async administrator(): Promise<Connection> {
    if (this.brokers.has(this.controller)) return this.connect(this.controller, null);
    await this.look([]);
    return this.brokers.has(this.controller) ? this.connect(this.controller, null) : this.anyBroker();
  }

  /** Sends one request. Rejects as the client does. */
  call<Arguments extends unknown[], Answer>(
    api: API<Arguments, Answer>,
    connection: Connection,
    ...request: Arguments
  ): Promise<Answer> {
    return api.async(connection, ...request);
  }

  /**
   * Repeats what passes by itself, after asking who leads now, until the patience is used up. Throws what
   * {@link kafkaFailure} makes of the last failure.
   */
  async persist<T>(what: string, context: ErrorContext, work: () => Promise<T>): Promise<T> {
    const deadline = performance.now() + this.patienceMs;
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (!(await this.pause(error, attempt, deadline))) throw kafkaFailure(error, what, context);
      }
    }
  }

  /** Waits before the next attempt; false when there is to be none. What was known of the cluster is asked anew. */
  async pause(error: unknown, attempt: number, deadline: number): Promise<boolean> {
    if (!isPassing(error) || this.isClosed) return false;
    this.topics.clear();
    this.coordinators.clear();
    const pause = PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)];
    if (performance.now() + pause >= deadline) return false;
    await new Promise((done) => setTimeout(done, pause));
    return !this.isClosed;
  }

  /** Connections of their own, for requests that wait at the broker up to `requestTimeoutMs`. */
  openLines(requestTimeoutMs: number): Lines {
    const pool = this.newPool(requestTimeoutMs);
    return {
      to: (node) => this.connectIn(pool, node),
      close: async () => {
        this.pools.delete(pool);
        await pool.close();
      },
    };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.pools].map((pool) => pool.close()));
  }

  private newPool(requestTimeoutMs: number): Connections {
    const clientId = this.options.clientId ?? '254carbon';
    const pool = new Connections(clientId, connectionOptions(this.options, requestTimeoutMs));
    this.pools.add(pool);
    return pool;
  }

  private connect(node: number, lines: Lines | null): Promise<Connection> {
    return lines === null ? this.connectIn(this.main, node) : lines.to(node);
  }

  private async connectIn(pool: Connections, node: number): Promise<Connection> {
    const known = this.brokers.get(node);
    if (known !== undefined) return pool.to(known);
    await this.look([]);
    const found = this.brokers.get(node);
    if (found === undefined) throw new BrokerRefusal('BROKER_NOT_AVAILABLE', `broker ${node} is not there`);
    return pool.to(found);
  }

  /** Whoever answers: a broker that we know, or one of the bootstrap list. */
  private anyBroker(): Promise<Connection> {
    return this.main.toFirst([...this.brokers.values(), ...this.bootstrap]);
  }

  /** Asks for topics (null: for all) and keeps what is said. Topics that do not exist are left out. */
  private async look(names: string[] | null): Promise<TopicView[]> {
    const connection = await this.anyBroker();
    let answer: metadataV12.MetadataResponse;
    try {
      answer = await metadataV12.api.async(connection, names, false);
    } catch (error) {
      // The client rejects a whole answer for one topic that is missing or has no leader.
      const { response } = error as { readonly response?: metadataV12.MetadataResponse };
      if (response === undefined || brokerCodes(error).length === 0) throw error;
      answer = response;
    }
    this.controller = answer.controllerId;
    this.brokers = new Map(answer.brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }]));
    const found: TopicView[] = [];
    for (const topic of answer.topics) {
      const code = nameOfCode(topic.errorCode);
      if (code === 'UNKNOWN_TOPIC_OR_PARTITION' || code === 'INVALID_TOPIC_EXCEPTION') continue;
      if (topic.errorCode !== 0 && topic.errorCode !== 5) refuse(topic.errorCode);
      const leaders: number[] = [];
      for (const partition of topic.partitions) leaders[partition.partitionIndex] = partition.leaderId;
      const view = { name: topic.name ?? '', id: topic.topicId, leaders, isInternal: topic.isInternal };
      this.topics.set(view.name, view);
      found.push(view);
    }
    return found;
  }
}
