import { expose } from 'comlink';
import { proofsWorker } from './proofsWorker';

expose(proofsWorker());
