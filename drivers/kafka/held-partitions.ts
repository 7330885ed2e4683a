/** The partitions that a group gives to one member, from the offer to the release. */

import { byTopicAndPartition, type TopicPartition } from '../../core/ports/partition-share.ts';

interface Held extends TopicPartition {
  /** Offered, and not yet taken by whoever works; at work; or at work and asked back. */
  state: 'offered' | 'owned' | 'leaving';
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

export class HeldPartitions {
  private readonly held = new Map<string, Held>();
  private gone: TopicPartition[] = [];
  private target: readonly TopicPartition[] = [];
  /** Changes with every partition that comes or goes. */
  version = 0;

  /** What the group wants us to have. */
  aim(target: readonly TopicPartition[]): void {
    this.target = target;
    this.reconcile();
  }

  /** Everything is asked back. */
  askBack(): void {
    this.aim([]);
  }

  /** The group no longer counts on us: nothing is ours any more. */
  lose(): void {
    for (const held of this.held.values()) if (held.state !== 'offered') this.gone.push(plain(held));
    this.held.clear();
    this.target = [];
    this.version++;
  }

  /** Everything that the group believes to be ours, in order. */
  get all(): TopicPartition[] {
    return [...this.held.values()].map(plain).sort(byTopicAndPartition);
  }

  get owned(): TopicPartition[] {
    return [...this.held.values()]
      .filter(({ state }) => state !== 'offered')
      .map(plain)
      .sort(byTopicAndPartition);
  }

  isAtWork(topic: string, partition: number): boolean {
    const held = this.held.get(keyOf({ topic, partition }));
    return held !== undefined && held.state !== 'offered';
  }

  surplus(): TopicPartition[] {
    return [...this.held.values()].filter(({ state }) => state === 'leaving').map(plain);
  }

  takeLost(): TopicPartition[] {
    const gone = this.gone;
    this.gone = [];
    return gone;
  }

  take(): TopicPartition[] {
    const taken = [...this.held.values()].filter(({ state }) => state === 'offered');
    for (const held of taken) held.state = 'owned';
    return taken.map(plain).sort(byTopicAndPartition);
  }

  release(partition: TopicPartition): void {
    if (!this.held.delete(keyOf(partition))) return;
    this.version++;
    // Given back of our own will, or asked back and wanted again since: offered anew.
    this.reconcile();
  }

  private reconcile(): void {
    const wanted = new Map(this.target.map((partition) => [keyOf(partition), partition]));
    for (const [key, held] of this.held) {
      if (wanted.has(key)) continue;
      if (held.state === 'offered') {
        this.held.delete(key);
        this.version++;
      } else held.state = 'leaving';
    }
    for (const [key, { topic, partition }] of wanted) {
      if (this.held.has(key)) continue;
      this.held.set(key, { topic, partition, state: 'offered' });
      this.version++;
    }
  }
}

function plain({ topic, partition }: TopicPartition): TopicPartition {
  return { topic, partition };
}
