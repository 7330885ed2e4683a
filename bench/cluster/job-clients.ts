/** The two ways to Kafka of the bars job: our driver's, and the library's own consumer and producer. */

import {
  Consumer,
  type Message,
  type MessagesStream,
  MessagesStreamModes,
  ProduceAcks,
  Producer,
} from '@platformatic/kafka';
import {
  assignBaseOffset,
  NO_HEADERS,
  RecordBatchWriter,
  RecordSpans,
} from '../../core/codec/kafka/record-batch.ts';
import { giveBack } from '../../core/codec/lent-memory.ts';
import type { LogSlice } from '../../core/ports/event-log.ts';
import { type KafkaLog, openKafkaLog } from '../../drivers/kafka/event-log.ts';
import { adoptNativeChecksum } from '../../drivers/native-crc32c/adopt.ts';

/** Records of one partition, in order, without a gap to those before. */
export interface Piece {
  readonly partition: number;
  readonly slices: readonly LogSlice[];
}

/** How the job reads and writes. */
export interface JobClient {
  readonly partitions: number;
  /** The next records of any partition; null when all that the topic held at the opening is read. */
  next(): Promise<Piece | null>;
  /** Takes a batch of bars over; it counts as sent when `flush` has resolved. */
  send(partition: number, batch: Uint8Array): void;
  /** The piece is worked through up to this offset. */
  done(partition: number, to: number): Promise<void>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

const GROUP = 'bars-job';
/** Bytes that one piece has at about most. */
const PIECE_BYTES = 8 << 20;

async function endsOf(log: KafkaLog, topic: string): Promise<number[]> {
  const spec = (await log.listTopics()).find(({ name }) => name === topic);
  const ends: number[] = [];
  for (let p = 0; p < (spec?.partitions ?? 0); p++) ends.push((await log.bounds(topic, p)).end);
  return ends;
}

function logOf(broker: string): KafkaLog {
  adoptNativeChecksum();
  return openKafkaLog({ bootstrap: [broker] });
}

/** The driver of the product: record batches as bytes, both ways. */
export class OurClient implements JobClient {
  private readonly log: KafkaLog;
  private readonly topic: string;
  private readonly bars: string;
  private readonly ends: readonly number[];
  private readonly at: number[];
  /** What is read ahead: one partition is asked while another is worked on. */
  private readonly ahead: (Promise<LogSlice[]> | null)[];
  private readonly lanes: Promise<unknown>[];
  private turn = 0;
  private lent: readonly LogSlice[] = [];

  private constructor(log: KafkaLog, topic: string, bars: string, ends: readonly number[]) {
    this.log = log;
    this.topic = topic;
    this.bars = bars;
    this.ends = ends;
    this.at = ends.map(() => 0);
    this.ahead = ends.map(() => null);
    this.lanes = ends.map(() => Promise.resolve());
  }

  static async open(broker: string, topic: string, bars: string): Promise<OurClient> {
    const log = logOf(broker);
    return new OurClient(log, topic, bars, await endsOf(log, topic));
  }

  get partitions(): number {
    return this.ends.length;
  }

  private read(partition: number): Promise<LogSlice[]> | null {
    if (this.at[partition] >= this.ends[partition]) return null;
    this.ahead[partition] ??= this.log.read(this.topic, partition, this.at[partition], PIECE_BYTES);
    return this.ahead[partition];
  }

  async next(): Promise<Piece | null> {
    for (const { bytes } of this.lent) giveBack(bytes);
    for (let tried = 0; tried < this.partitions; tried++) {
      const partition = this.turn;
      this.turn = (this.turn + 1) % this.partitions;
      const slices = await this.read(partition);
      if (slices === null) continue;
      this.ahead[partition] = null;
      this.at[partition] = slices.at(-1)?.to ?? this.at[partition];
      this.read(this.turn);
      this.lent = slices;
      return { partition, slices };
    }
    return null;
  }

  send(partition: number, batch: Uint8Array): void {
    this.lanes[partition] = this.lanes[partition].then(async () => {
      await this.log.append(this.bars, partition, [batch]);
      giveBack(batch);
    });
  }

  async done(partition: number, to: number): Promise<void> {
    await this.flush();
    await this.log.commit(GROUP, this.topic, partition, to);
  }

  async flush(): Promise<void> {
    await Promise.all(this.lanes);
  }

  close(): Promise<void> {
    return this.log.close();
  }
}

/** Records that the library's objects are gathered into before the stages see them. */
const PIECE_RECORDS = 20_000;
/** Messages of one send. */
const SEND_RECORDS = 5000;

/**
 * The library's consumer and producer: an object for each record, both ways. What our stages read is made from the
 * objects by our writer of record batches, which costs little beside them.
 */
export class StockClient implements JobClient {
  private readonly topic: string;
  private readonly bars: string;
  private readonly ends: readonly number[];
  private readonly consumer: Consumer;
  private readonly producer: Producer;
  private readonly messages: AsyncIterator<Message>;
  private readonly writers: RecordBatchWriter[];
  private readonly gathered: number[];
  private readonly spans = new RecordSpans();
  private sending: Promise<unknown> = Promise.resolve();

  private constructor(
    topic: string,
    bars: string,
    ends: readonly number[],
    consumer: Consumer,
    producer: Producer,
    stream: MessagesStream<Buffer, Buffer, Buffer, Buffer>,
  ) {
    this.topic = topic;
    this.bars = bars;
    this.ends = ends;
    this.consumer = consumer;
    this.producer = producer;
    this.messages = stream[Symbol.asyncIterator]();
    this.writers = ends.map(() => new RecordBatchWriter());
    this.gathered = ends.map(() => 0);
  }

  static async open(broker: string, topic: string, bars: string): Promise<StockClient> {
    const log = logOf(broker);
    const ends = await endsOf(log, topic);
    await log.close();
    const base = { clientId: GROUP, bootstrapBrokers: [broker] };
    const consumer = new Consumer({ ...base, groupId: `${GROUP}-stock` });
    const stream = await consumer.consume({
      topics: [topic],
      mode: MessagesStreamModes.EARLIEST,
      autocommit: 1000,
      maxBytes: PIECE_BYTES,
      maxWaitTime: 100,
      sessionTimeout: 30_000,
      heartbeatInterval: 3000,
    });
    return new StockClient(topic, bars, ends, consumer, new Producer(base), stream);
  }

  get partitions(): number {
    return this.ends.length;
  }

  async next(): Promise<Piece | null> {
    while (this.gathered.some((at, p) => at < this.ends[p])) {
      const { value: message } = await this.messages.next();
      const { partition, key, value, timestamp } = message as Message;
      const writer = this.writers[partition];
      writer.add(Number(timestamp), key, 0, key?.length ?? 0, value, 0, value?.length ?? 0, NO_HEADERS);
      this.gathered[partition]++;
      const isWhole = writer.count >= PIECE_RECORDS || this.gathered[partition] === this.ends[partition];
      if (isWhole) return this.pieceOf(partition);
    }
    return null;
  }

  private pieceOf(partition: number): Piece {
    const to = this.gathered[partition];
    const from = to - this.writers[partition].count;
    const bytes = this.writers[partition].finish();
    assignBaseOffset(bytes, from);
    return { partition, slices: [{ topic: this.topic, partition, from, to, bytes }] };
  }

  send(partition: number, batch: Uint8Array): void {
    const { spans } = this;
    spans.walk(batch);
    const messages = Array.from({ length: spans.count }, (_, k) => ({
      topic: this.bars,
      partition,
      key: asBuffer(batch, spans.keyFrom[k], spans.keyTo[k]),
      value: asBuffer(batch, spans.valueFrom[k], spans.valueTo[k]),
      timestamp: BigInt(spans.timestampMs[k]),
    }));
    this.sending = this.sending.then(async () => {
      for (let k = 0; k < messages.length; k += SEND_RECORDS)
        await this.producer.send({
          messages: messages.slice(k, k + SEND_RECORDS),
          compression: 'lz4',
          acks: ProduceAcks.ALL,
        });
    });
  }

  done(): Promise<void> {
    return this.flush();
  }

  async flush(): Promise<void> {
    await this.sending;
  }

  async close(): Promise<void> {
    await this.producer.close();
    await this.consumer.close(true);
  }
}

function asBuffer(bytes: Uint8Array, from: number, to: number): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
}
