import { describeRollKeys } from './rollKeys.contract';
import { inlineRollKeys } from './rollKeys';

describeRollKeys('inlineRollKeys', inlineRollKeys);
