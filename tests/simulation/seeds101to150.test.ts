import { itKeepsPromises } from './seeds';

itKeepsPromises(101, 150);
