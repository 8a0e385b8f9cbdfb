// Package rules reads programme documents and says what a citizen's visits
// have earned under them.
//
// It is pure: no I/O, no clock, no randomness. Parse turns a document in the
// retention-rule language into a Document, or refuses it and names every problem
// with its path. Evaluate folds visits into a State and the awards they earned;
// a State is small, can be stored as JSON, and one more visit costs the same
// however many came before. The same document and visits always give the same
// awards and explanations, byte for byte, in whatever order the visits were
// entered.
//
// What the language leaves open elsewhere is settled here, and said by Sentences
// where it is money:
//
//   - A visit that the target does not speak of, or whose date at the site is in
//     no phase, is not an opportunity, whatever its outcome. So is one for which
//     the phase's schedule has no place left.
//   - Weeks are of seven days from the phase's first day. A phase begins the day
//     after the one before it ends.
//   - Without `requirement` every met visit is rewarded, as `{met: 1}` says.
//   - `met: n` counts met visits since the last reward; what lies between them
//     breaks nothing.
//   - A `table` without `escalation` moves on at each reward, and after its last
//     entry the phase pays no more; with `escalation` it stays at its last entry.
//   - A raised level pays from the next visit on. A met visit first restores (if
//     it qualifies and `apply` says so), then pays, then escalates.
//   - A reset never raises a level, and a restoration never lowers one.
//   - A miss ends the run towards the next level, and the streak that bonuses
//     count unless `clears_bonus: false` says otherwise.
//   - `deny` reaches the milestone and pays nothing; `pay_rest` pays what is
//     left, in the end nothing. `stop` finishes the enrolment as soon as its next
//     reward, bonuses aside, would not fit under the cap whole; under a month or
//     a calendar year nothing more is paid until the next one.
//   - A count cap counts rewards above zero. Of several caps the one that leaves
//     least decides; of equals, the first in the document.
//   - Visits on the days of a pause are no opportunities, even where the document
//     does not stop the clock. Days that two pauses share belong to the first.
//   - A visit that makes up another counts once, or not at all.
//   - Across enrolments a cap counts what the person has elsewhere whether it was
//     earned before or after. By what is issued, only what is still to be issued
//     needs room, on its day of issue.
//   - Draws without a seed are counted and not made: the award pays nothing yet.
//     So are slips in a hat that is not drawn.
//   - A cap cuts the money that tokens are exchanged for, not the tokens.
package rules
