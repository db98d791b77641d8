import { existingOpportunity, opportunityInTheWay } from './duplicates.ts';
import { addFollowers, removeAllFollowers, removeFollowers } from './followers.ts';
import { findJustCreated, findTwin, readIfThere } from './just-created.ts';
import { rememberKnown } from './known.ts';
import { listSearch } from './list-search.ts';
import { present, presentOne } from './present.ts';
import { read, readFirst } from './read.ts';
import { addRelation, findRelation, removeRelation, wasRelationChangedBefore } from './relations.ts';
import { getOpportunity } from './requests.ts';
import { isSourceRefused, rememberSourceRefused } from './source-refusal.ts';
import { settleFields } from './untold-fields.ts';
import { getAfterWrite, getWhole, getWholeIfThere } from './whole.ts';
import {
  createOpportunity,
  deleteOpportunity,
  setStatus,
  updateOpportunity,
  wasCreatedBefore,
  wasDeletedBefore,
} from './writes.ts';

/** The opportunities of a sub-account. */
export const opportunities = {
  get: getOpportunity,
  getIfThere: readIfThere,
  getWhole,
  getWholeIfThere,
  getAfterWrite,
  create: createOpportunity,
  wasCreatedBefore,
  update: updateOpportunity,
  setStatus,
  remove: deleteOpportunity,
  addFollowers,
  removeFollowers,
  removeAllFollowers,
  findRelation,
  addRelation,
  removeRelation,
  wasRelationChangedBefore,
  wasDeletedBefore,
  existing: existingOpportunity,
  rememberKnown,
  isSourceRefused,
  rememberSourceRefused,
  inTheWay: opportunityInTheWay,
  findJustCreated,
  findTwin,
  listSearch,
  read,
  readFirst,
  settleFields,
  present,
  presentOne,
};
