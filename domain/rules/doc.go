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
// What the language leaves open elsewhere is settled here:
//
//   - A visit whose kind is not in `target.attend`, or whose date at the site is
//     outside [start, start + days), is not an opportunity, whatever its outcome.
//   - Without `requirement` every met visit is rewarded, as `{met: 1}` says.
//   - `met: n` counts met visits since the last milestone; what lies between
//     them breaks nothing.
//   - A `table` is the whole list of rewards, one for each milestone: after its
//     last entry the enrolment is finished.
//   - `deny` reaches the milestone and pays nothing; `pay_rest` pays what is
//     left, in the end nothing. `stop` finishes the enrolment as soon as its next
//     reward would not fit under the cap whole: no milestone comes after.
//   - A count cap counts rewards above zero. Of several caps the one that leaves
//     least decides; of equals, the first in the document.
package rules
