/** A registry that is opened when somebody asks it first: who only reads what is served needs no schema. */

import type { SchemaRegistry } from '../../core/ports/schema-registry.ts';

/** Each call throws what `open` throws, which is tried again by the next one, or what the registry itself does. */
export function registryWhenAsked(open: () => Promise<SchemaRegistry>): SchemaRegistry {
  let opened: Promise<SchemaRegistry> | null = null;
  const registry = async (): Promise<SchemaRegistry> => {
    opened ??= open();
    try {
      return await opened;
    } catch (error) {
      opened = null;
      throw error;
    }
  };
  return {
    latest: async (subject) => (await registry()).latest(subject),
    byId: async (id) => (await registry()).byId(id),
    subjects: async () => (await registry()).subjects(),
    register: async (subject, schema) => (await registry()).register(subject, schema),
    compatibility: async (subject) => (await registry()).compatibility(subject),
    setCompatibility: async (subject, level) => (await registry()).setCompatibility(subject, level),
  };
}
