/** Templates of a connector without code. */

/** `connector.yaml`; words between underscores are filled in. */
export const HTTP_MANIFEST = `# yaml-language-server: $schema=../connector.schema.json
# Say what the source is, where its manual lies, and whether it wants an account. Keys: docs/add-a-connector.md
name: __NAME__
version: 1.0.0
market: __MARKET__
mode: batch
schedule: "15 * * * *" # UTC
enabled: false # until it is filled in
output_topic: __TOPIC__
schema: schemas/__SCHEMA__.avsc
hosts: [api.example.com]
# auth: [{ kind: header, name: X-Api-Key, secret: __MARKET___API_KEY }]
lookback: 1d
transforms: [sanitize_numeric, standardize_timezone]
owner: platform
datasets:
  - name: __DATASET__
    title: Say what one row is
    order: free # contiguous where a body has no holes
    request:
      url: https://api.example.com/v1/__DATASET__
      query: { from: "{start:YYYY-MM-DDThh:mm}", to: "{end:YYYY-MM-DDThh:mm}" }
      span: day
      zone: UTC
      published: end+15m
      # page: { by: offset, parameter: offset, size: 1000, size_parameter: limit }
    read:
      format: json
      rows: data
      time: { from: begin, zone: UTC, pattern: "YYYY-MM-DDThh:mm[:ss][Z]", stamp: beginning, length: 1h }
      location: area
      values:
        - { field: load, from: load, unit: MW, what: say what the number is }
`;

/** A body that the manifest reads. */
export const HTTP_PAYLOAD = `{"data":[{"begin":"2025-03-09T05:00:00Z","area":"NORTH","load":1234.5}]}\n`;
