import { itKeepsPromises } from './seeds';

itKeepsPromises(151, 200);
