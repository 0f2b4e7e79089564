import { expose } from 'comlink';
import { definitionWorker } from './definitionWorker';

expose(definitionWorker());
