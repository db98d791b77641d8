import { describe, expect, it } from '@jest/globals';
import { labelIn, withLabels } from '../../../highlevel/http/labels.ts';

describe('labels in HighLevel’s messages', () => {
  it('names the field that a person knows', () => {
    expect(labelIn('forecastProbability must not be greater than 100')).toBe('Probability');
    expect(labelIn('name should not be empty')).toBe('Opportunity Name');
    expect(labelIn('Something else went wrong')).toBeNull();
    expect(labelIn('500')).toBeNull();
  });

  it('replaces property names, and leaves English words alone', () => {
    expect(withLabels('pipelineStageId must be a UUID')).toBe('"Stage" must be a UUID');
    expect(withLabels('The field assignedTo, or forecastProbability2, is odd')).toBe(
      'The field "Owner", or forecastProbability2, is odd',
    );
    expect(withLabels('status')).toBe('status');
    expect(withLabels('name should not be empty')).toBe('"Opportunity Name" should not be empty');
    expect(withLabels('There is no pipeline with this name')).toBe('There is no pipeline with this name');
  });
});
