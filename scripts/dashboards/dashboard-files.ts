/** The dashboards as files: what is committed below `observability/dashboards`. */

import { boardJson } from './board.ts';
import { INGESTION_BOARDS } from './ingestion-boards.ts';
import { SERVICE_BOARDS } from './service-boards.ts';

/** Path from the root of the checkout, and text, of every dashboard. The same code gives the same bytes. */
export function dashboardFiles(): { path: string; text: string }[] {
  return [...INGESTION_BOARDS, ...SERVICE_BOARDS].map((board) => ({
    path: `observability/dashboards/${board.file}`,
    text: boardJson(board),
  }));
}
