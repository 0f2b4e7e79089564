import { expose } from 'comlink';
import { rollKeysWorker } from './rollKeysWorker';

expose(rollKeysWorker());
