import { parentPort, workerData } from 'node:worker_threads'
import { openSheetFile } from '../registry/sheet/open-file.ts'

/** The thread that reads one uploaded file, says what is in it and ends. */
parentPort?.postMessage(await openSheetFile(workerData as Uint8Array))
