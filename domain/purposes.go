package domain

// Purposes is the one table of what each action does with an identifiable
// citizen's data, and what for. What is not in it concerns no citizen, or only a
// voucher, an amount and a shop. The store leaves an entry in the access log for
// each citizen whose rows such an action reads or writes.
var Purposes = map[Action]Handling{
	"createCitizen":  {ForTreatment, Added},
	"updateCitizen":  {ForTreatment, Changed},
	"getCitizen":     {ForTreatment, LookedUp},
	"listCitizens":   {ForTreatment, LookedUp},
	"lookUpCitizens": {ForTreatment, LookedUp},
	"importPlan":     {ForTreatment, Added},
	"listAccesses":   {ForRights, Extracted},
	"exportCitizen":  {ForRights, Extracted},

	"createEmergencyAccess": {ForEmergency, LookedUp},
	"getEmergencyRecord":    {ForEmergency, LookedUp},
	"listEmergencyAccesses": {ForOversight, LookedUp},
	"revokeEmergencyAccess": {ForOversight, Changed},
	"reviewEmergencyAccess": {ForOversight, Changed},

	"eraseCitizen": {ForErasure, Deleted},
	"keepCitizen":  {ForErasure, Changed},

	"createPlan":  {ForTreatment, Added},
	"updatePlan":  {ForTreatment, Changed},
	"getPlan":     {ForTreatment, LookedUp},
	"listPlans":   {ForTreatment, LookedUp},
	"createGoal":  {ForTreatment, Added},
	"updateGoal":  {ForTreatment, Changed},
	"getGoal":     {ForTreatment, LookedUp},
	"listGoals":   {ForTreatment, LookedUp},
	"createPause": {ForTreatment, Added},
	"updatePause": {ForTreatment, Changed},
	"getPause":    {ForTreatment, LookedUp},
	"listPauses":  {ForTreatment, LookedUp},

	"planSessions":         {ForTreatment, Added},
	"updateSession":        {ForTreatment, Changed},
	"getSession":           {ForTreatment, LookedUp},
	"listSessions":         {ForTreatment, LookedUp},
	"recordAttendance":     {ForTreatment, Added},
	"correctAttendance":    {ForTreatment, Changed},
	"cancelAttendance":     {ForTreatment, Changed},
	"getAttendance":        {ForTreatment, LookedUp},
	"listAttendances":      {ForTreatment, LookedUp},
	"listAttendanceEvents": {ForTreatment, LookedUp},

	"createEnrolment":     {ForTreatment, Added},
	"endEnrolment":        {ForTreatment, Changed},
	"getEnrolment":        {ForTreatment, LookedUp},
	"listEnrolments":      {ForTreatment, LookedUp},
	"moveEnrolment":       {ForTreatment, Changed},
	"previewMove":         {ForTreatment, LookedUp},
	"listMoves":           {ForTreatment, LookedUp},
	"listMilestones":      {ForTreatment, LookedUp},
	"getProgress":         {ForTreatment, LookedUp},
	"getNextVisit":        {ForTreatment, LookedUp},
	"getExplanations":     {ForTreatment, LookedUp},
	"getExplanationsPage": {ForTreatment, LookedUp},

	"listDraws":    {ForReward, LookedUp},
	"drawHat":      {ForReward, Changed},
	"getHat":       {ForReward, LookedUp},
	"getAward":     {ForReward, LookedUp},
	"listAwards":   {ForReward, LookedUp},
	"approveAward": {ForReward, Changed},
	"rejectAward":  {ForReward, Changed},

	"decideAwards": {ForReward, Changed},
	"listWaiting":  {ForReward, LookedUp},

	"demandApproval":      {ForReward, Changed},
	"listApprovalDemands": {ForReward, LookedUp},
	"proposeWithholding":  {ForReward, Added},
	"withdrawWithholding": {ForReward, Changed},
	"approveWithholding":  {ForReward, Changed},
	"rejectWithholding":   {ForReward, Changed},
	"getWithholding":      {ForReward, LookedUp},
	"listWithholdings":    {ForReward, LookedUp},

	"proposeGrant":  {ForReward, Added},
	"withdrawGrant": {ForReward, Changed},

	"getVoucher":      {ForSupport, LookedUp},
	"listVouchers":    {ForSupport, LookedUp},
	"getVoucherCode":  {ForSupport, LookedUp},
	"getVoucherQRPNG": {ForSupport, LookedUp},
	"getVoucherQRSVG": {ForSupport, LookedUp},
	"getVoucherCard":  {ForSupport, LookedUp},
	"blockVoucher":    {ForSupport, Changed},
	"unblockVoucher":  {ForSupport, Changed},
	"reissueVoucher":  {ForSupport, Changed},
	"voidVoucher":     {ForSupport, Changed},

	"createCitizenLink":   {ForSupport, Added},
	"createCitizenLetter": {ForSupport, Added},
	"listCitizenLinks":    {ForSupport, LookedUp},
	"revokeCitizenAccess": {ForSupport, Changed},
	"clearCitizenPIN":     {ForSupport, Changed},

	"getOwnPage":         {ForRights, LookedUp},
	"listOwnAwards":      {ForRights, LookedUp},
	"listOwnVouchers":    {ForRights, LookedUp},
	"getOwnVoucherCode":  {ForRights, LookedUp},
	"getOwnVoucherQRSVG": {ForRights, LookedUp},
	"blockOwnVoucher":    {ForRights, Changed},
}

// byReference are the roles that see money by the numbers of vouchers and awards
// and can tell from them whose they are no more than a stranger can. What they
// read so is no look-up of a person; overseeing what others looked up is.
var byReference = map[Role]bool{Finance: true, Auditor: true, PartnerRole: true, Administrator: true, Operator: true}

// Handles gives what an action of the actor's does with personal data; false
// when it concerns nobody whom the actor could know.
func (a Actor) Handles(action Action) (Handling, bool) {
	h, personal := Purposes[action]
	switch {
	case personal && byReference[a.Role]:
		personal = h.Purpose == ForRights || h.Purpose == ForOversight
		h.Purpose = ForOversight
	case a.Role == CitizenRole:
		h.Purpose = ForRights
	}
	return h, personal
}

// ReadsReasons reports whether the actor may read what was written about a
// person. Who sees money only by reference gets the same rows without it.
func (a Actor) ReadsReasons() bool { return !byReference[a.Role] }
