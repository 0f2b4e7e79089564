import { itKeepsPromises } from './seeds';

itKeepsPromises(51, 100);
