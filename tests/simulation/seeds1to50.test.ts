import { itKeepsPromises } from './seeds';

itKeepsPromises(1, 50);
