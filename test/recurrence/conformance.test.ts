import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { reasonFor } from "../../scripts/recurrence-conformance/disagreements.ts";
import { dateutil, taskFlow } from "../../scripts/recurrence-conformance/implementations.ts";
import { conformanceRules, rfcExamples } from "../../scripts/recurrence-conformance/rules.ts";

const ours = taskFlow(conformanceRules);
const theirs = dateutil(conformanceRules, false);

describe(`dates beside python-dateutil ${theirs.version}`, () => {
  for (const [i, rule] of conformanceRules.entries()) {
    const stored = theirs.occurrences[i] ?? [];
    if (reasonFor(rule, theirs.name, stored) !== undefined) continue;
    it(`${rule.rule} from ${rule.anchor}`, () => assert.deepEqual(ours.occurrences[i], stored));
  }

  it("differ in no example of RFC 5545", () => {
    for (const i of rfcExamples.keys()) assert.deepEqual(ours.occurrences[i], theirs.occurrences[i]);
  });

  it("are of every rule, and of few rules different", () => {
    const different = conformanceRules.filter(
      (_, i) => ours.occurrences[i]?.join(" ") !== theirs.occurrences[i]?.join(" "),
    );
    assert.ok(conformanceRules.length > 300);
    assert.ok(different.length <= 14, `${different.length} differ`);
  });
});
