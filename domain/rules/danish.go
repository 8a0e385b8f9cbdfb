package rules

import (
	"fmt"
	"strings"
)

// danish has the sentences of what can be wrong with a document, by the English
// one. The words of the language itself stay what they are.
var danish = map[string]string{
	"%s is not yet supported: amounts have two decimals":                                               "%s kan ikke bruges endnu: beløb har to decimaler",
	`must be an ISO 4217 code in capitals, like "DKK"`:                                                 `skal være en ISO 4217-kode med store bogstaver, som "DKK"`,
	"must have from, to or both":                                                                       "skal have from, to eller begge",
	"must be at least from, which is %d":                                                               "skal være mindst from, som er %d",
	`must be a time zone's IANA name, like "Europe/Copenhagen"`:                                        `skal være en tidszones IANA-navn, som "Europe/Copenhagen"`,
	"must not be stated beside count: make two caps":                                                   "kan ikke stå sammen med count: lav to lofter",
	"must be deny or stop: of a count there is no rest to pay":                                         "skal være deny eller stop: af et antal er der ingen rest at udbetale",
	"must be an amount: an award is one reward":                                                        "skal være et beløb (amount): det gælder kun én belønning",
	"must not be stop: a %s has no end after which to begin again":                                     "kan ikke være stop: %s har ingen slutning, som man kan begynde igen efter",
	"must be left out: %s is of one enrolment":                                                         "skal udelades: %s gælder kun én tilmelding",
	"must be deny: what the person has elsewhere can change, and stop is for good":                     "skal være deny: det, borgeren har andre steder, kan ændre sig, og stop er for altid",
	"must be deny: vouchers are not issued in the order of visits, and stop holds all later ones back": "skal være deny: gavekort udstedes ikke i fremmødernes rækkefølge, og stop holder alle senere tilbage",
	"must not be stated beside draws":                                                                  "kan ikke stå sammen med draws",
	"must be at least start, which is %d":                                                              "skal være mindst start, som er %d",
	"must be %d, as start is: with step 0 there are never more":                                        "skal være %d ligesom start: med step 0 bliver der aldrig flere",
	"must be a number of draws on the way from %d to %d by %d":                                         "skal være et antal lod på vejen fra %d til %d med spring på %d",
	"must have at most %d slips":                                                                       "må højst have %d sedler",
	"must have a slip with a value: else nothing is ever paid":                                         "skal have en seddel med en værdi: ellers udbetales der aldrig noget",
	"must be true, or left out: whoever is drawn from the hat draws one slip from the whole bowl":      "skal være true eller udelades: den, der trækkes op af hatten, trækker én seddel fra hele skålen",
	"must be at most %d, the slips in the bowl: none goes back":                                        "må højst være %d, så mange sedler er der i skålen: ingen lægges tilbage",
	"must be more than start, which is %d":                                                             "skal være mere end start, som er %d",
	"must be less than start, which is %d":                                                             "skal være mindre end start, som er %d",
	"must be %s":                                                                                       "skal være %s",
	"must be left out: only a week that must be all met needs a reading of an excused visit, otherwise outcomes.excused says it": "skal udelades: kun en uge, hvor alt skal være opfyldt, skal vide, hvad et afbud er; ellers siger outcomes.excused det",
	"must be true": "skal være true",
	"must not be stated beside days: take one of them":                                                           "kan ikke stå sammen med days: vælg en af dem",
	"must not be stated beside days or weeks: the phase would have two ends":                                     "kan ikke stå sammen med days eller weeks: fasen ville slutte to gange",
	"must be within the phase, which ends on day %d":                                                             "skal ligge i fasen, som slutter på dag %d",
	"must not be stated in the first phase: nothing comes before it":                                             "kan ikke stå i den første fase: der er ingen fase før den",
	"must be later than the day before it in the list":                                                           "skal være senere end dagen før den på listen",
	"must be true, or left out":                                                                                  "skal være true eller udelades",
	"must be at most %d: there are no more":                                                                      "må højst være %d: der er ikke flere",
	"must not have others beside any: it is all of them":                                                         "kan ikke have andre sammen med any: det er dem alle",
	"must be more than the number before it in the list":                                                         "skal være mere end tallet før det på listen",
	"must not be a target within %d others":                                                                      "kan ikke være et mål inde i %d andre",
	`must be a time from 1m to 24h in whole minutes, like "15m" or "4h"`:                                         `skal være en tid fra 1m til 24h i hele minutter, som "15m" eller "4h"`,
	"must not be stated beside %s: take one of them":                                                             "kan ikke stå sammen med %s: vælg en af dem",
	"is in the list already":                                                                                     "står allerede på listen",
	"must be left out: without most there is no limit to count up to":                                            "skal udelades: uden most er der ingen grænse at tælle op til",
	"must have reasons, notice_hours, most or decided_by, or be left out":                                        "skal have reasons, notice_hours, most eller decided_by, eller udelades",
	"must be another: what a pause for %s does is said already":                                                  "skal være en anden: det er allerede sagt, hvad en pause for %s gør",
	"must be a mapping with %s":                                                                                  "skal være en gruppe af felterne %s",
	"is no field here: the fields are %s":                                                                        "er ikke et felt her: felterne er %s",
	"must be stated: %s":                                                                                         "mangler: her skal stå %s",
	"is among the categories too":                                                                                "står også blandt categories",
	"must be stated: the magnitude moves by levels, and this says what moves them":                               "mangler: beløbet stiger eller falder i trin, og her står, hvad der flytter dem",
	"must be left out: a constant magnitude has no levels":                                                       "skal udelades: et fast beløb har ingen trin",
	"must have per_week or days: a week is all met when all its opportunities are":                               "skal have per_week eller days: en uge er opfyldt, når alle dens muligheder er det",
	"needs opportunities.per_week or opportunities.days: a week is met when all its opportunities are":           "kræver opportunities.per_week eller opportunities.days: en uge er opfyldt, når alle dens muligheder er det",
	"is never reached: the phase has at most %d opportunities":                                                   "nås aldrig: fasen har højst %d muligheder",
	"has the session %d, which is never reached: the phase has at most %d opportunities":                         "har fremmøde nr. %d, som aldrig nås: fasen har højst %d muligheder",
	"is never met: no visit is of two kinds or of two tasks, and none is a goal":                                 "opfyldes aldrig: intet fremmøde er af to slags eller har to opgaver, og intet er et mål",
	"must be met, because no_show is: an excused visit never pays less than an unexcused one":                    "skal være met, fordi no_show er det: et afbud må aldrig give mindre end en udeblivelse",
	"must not be not_met, because no_show is %s: an excused visit never pays less than an unexcused one":         "kan ikke være not_met, fordi no_show er %s: et afbud må aldrig give mindre end en udeblivelse",
	"must be ignore exactly where no_show is: what is ignored leaves its place in the schedule to another visit": "skal være ignore netop, når no_show er det: det, der ikke tæller med, giver sin plads til et andet fremmøde",
	"must be more than 0 somewhere: else nothing is ever paid":                                                   "skal være mere end 0 et sted: ellers udbetales der aldrig noget",
	"must be less, price more or earn have a lower ceiling: one visit could be paid more than %d":                "skal være mindre, price større, eller earn have et lavere loft: ét fremmøde kunne give mere end %d",
	"must be left out: without a reset to a lower level there is nothing to restore":                             "skal udelades: når intet sættes ned, er der intet at genoprette",
	"must be none: the amounts fall, so a reset would pay a missed visit":                                        "skal være none: beløbene falder, så det ville give penge at blive væk",
	"must be at most %d, the highest level":                                                                      "må højst være %d, det højeste trin",
	"never happens: outcomes.%s is not not_met":                                                                  "sker aldrig: outcomes.%s er ikke not_met",
	"must have no_show, because excused resets: an excused visit never pays less than an unexcused one":          "skal have no_show, fordi excused sætter ned: et afbud må aldrig give mindre end en udeblivelse",
	"must be stated: %s counts across what a funder pays":                                                        "mangler: %s tæller på tværs af det, en betaler (funder) giver",
	"must not be truncate: no phase draws":                                                                       "kan ikke være truncate: der trækkes ikke lod i nogen fase",
	"must be at least %d, the reward: else nothing is ever paid":                                                 "skal være mindst %d, som er belønningen: ellers udbetales der aldrig noget",
	"must be at most %d: %s has no more to pay":                                                                  "må højst være %d: %s har ikke mere at give",
	"must be at most %d: %s has no more rewards":                                                                 "må højst være %d: %s har ikke flere belønninger",
	"must be left out: outcomes.%s is met, so nothing is missed":                                                 "skal udelades: outcomes.%s er met, så der er intet at indhente",
	"must be left out, or outcomes.%s be hold: what is ignored has no place among the %d opportunities":          "skal udelades, eller outcomes.%s være hold: det, der ikke tæller med, har ingen plads blandt de %d muligheder",
	"must have excused, because it has no_show: an excused visit never pays less than an unexcused one":          "skal have excused, fordi den har no_show: et afbud må aldrig give mindre end en udeblivelse",
	"must be keep: the amounts of phases[%d] fall, so being away would pay":                                      "skal være keep: beløbene i phases[%d] falder, så det ville give penge at være væk",
	"must be a line of text":                                                                                     "skal være en linje tekst",
	"must be one line of 1 to %d letters":                                                                        "skal være én linje på 1 til %d tegn",
	slugWant:                                                                                                     "skal være et ord på højst 64 tegn: bogstaver fra a til z, tal, - og _",
	"must be a list":                                                                                             "skal være en liste",
	"must have at least %d":                                                                                      "skal have mindst %d",
	"must have at most %d":                                                                                       "må højst have %d",
	"must be a whole number":                                                                                     "skal være et helt tal",
	"must be from %d to %d":                                                                                      "skal være fra %d til %d",
	"must be a whole number, without decimals":                                                                   "skal være et helt tal uden decimaler",
	"must be at least %d":                                                                                        "skal være mindst %d",
	"must be at most %d":                                                                                         "må højst være %d",
	"must be true or false":                                                                                      "skal være true eller false",
	"must be left out: the enrolment keeps its level in the phase %s":                                            "skal udelades: borgeren beholder sit trin i fasen %s",
	"must be from 1 to %d, the highest level of %s":                                                              "skal være fra 1 til %d, det højeste trin i %s",
	"must be stated, because the new version has no phase %s: take one of %s":                                    "mangler, fordi de nye regler ikke har fasen %s: vælg en af %s",
	"must be a phase of the new version: %s":                                                                     "skal være en af de nye reglers faser: %s",
	"must be %s in both versions, in which the enrolment has earned":                                             "skal være %s i begge versioner: det er den, borgeren har optjent i",
	"must be after the last visit under the old version":                                                         "skal være efter det sidste fremmøde under de gamle regler",
	"is empty":                       "er tom",
	"must be one document":           "skal være ét dokument",
	"must be UTF-8 text":             "skal være tekst i UTF-8",
	"cannot be read as YAML or JSON": "kan ikke læses som YAML eller JSON",
	"has more than %d problems: the rest are not listed": "har mere end %d fejl: resten er ikke vist",
}

// wanted turns the English in what a sentence is filled in with into Danish.
var wanted = strings.NewReplacer("a mapping with ", "felterne ", "a whole number", "et helt tal", "a line of text", "en linje tekst", "a list", "en liste", "a name like", "et navn som",
	"a word like", "et ord som", "an ISO 4217 code like", "en ISO 4217-kode som", "a time like", "en tid som", "the table", "tabellen", "the programme", "ordningen", " or ", " eller ")

// inDanish is a sentence in Danish; "" when there is none.
func inDanish(format string, args ...any) string {
	sentence, ok := danish[format]
	if !ok {
		return ""
	}
	said := make([]any, len(args))
	for i, arg := range args {
		said[i] = arg
		if text, ok := arg.(string); ok {
			said[i] = wanted.Replace(text)
		}
	}
	return fmt.Sprintf(sentence, said...)
}
