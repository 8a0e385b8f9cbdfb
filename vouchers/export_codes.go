package vouchers

import (
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers/table"
)

// ExportCodes are what a workbook calls the words that programs read: as the pages do.
var ExportCodes = map[table.Code]rules.Text{
	{Of: "account", Text: "budget"}:                {DA: "Budget", EN: "Budget"},
	{Of: "account", Text: "reserved"}:              {DA: "Reserveret", EN: "Reserved"},
	{Of: "account", Text: "outstanding"}:           {DA: "Udestående", EN: "Outstanding"},
	{Of: "account", Text: "payable"}:               {DA: "Skyldigt til butikker", EN: "Owed to shops"},
	{Of: "account", Text: "settled"}:               {DA: "Udbetalt", EN: "Paid to shops"},
	{Of: "account", Text: "lapsed"}:                {DA: "Udløbet", EN: "Lapsed"},
	{Of: "event", Text: "reserve"}:                 {DA: "Reserveret", EN: "Reserved"},
	{Of: "event", Text: "release"}:                 {DA: "Frigivet", EN: "Released"},
	{Of: "event", Text: "issue"}:                   {DA: "Udstedt", EN: "Issued"},
	{Of: "event", Text: "redeem"}:                  {DA: "Brugt i butik", EN: "Used in a shop"},
	{Of: "event", Text: "reverse"}:                 {DA: "Køb fortrudt", EN: "Purchase taken back"},
	{Of: "event", Text: "expire"}:                  {DA: "Udløbet", EN: "Lapsed"},
	{Of: "event", Text: "void"}:                    {DA: "Annulleret", EN: "Voided"},
	{Of: "event", Text: "reissue"}:                 {DA: "Kort erstattet", EN: "Card replaced"},
	{Of: "event", Text: "disallow"}:                {DA: "Køb afvist", EN: "Purchase rejected"},
	{Of: "event", Text: "pay"}:                     {DA: "Udbetalt", EN: "Paid"},
	{Of: "event", Text: "bounce"}:                  {DA: "Betaling kom retur", EN: "Payment came back"},
	{Of: "voucher_state", Text: "issued"}:          {DA: "Kan bruges", EN: "Can be used"},
	{Of: "voucher_state", Text: "partly_redeemed"}: {DA: "Delvist brugt", EN: "Partly used"},
	{Of: "voucher_state", Text: "redeemed"}:        {DA: "Brugt", EN: "Used"},
	{Of: "voucher_state", Text: "blocked"}:         {DA: "Spærret", EN: "Blocked"},
	{Of: "voucher_state", Text: "replaced"}:        {DA: "Erstattet", EN: "Replaced"},
	{Of: "voucher_state", Text: "expired"}:         {DA: "Udløbet", EN: "Lapsed"},
	{Of: "voucher_state", Text: "void"}:            {DA: "Annulleret", EN: "Voided"},
	{Of: "award_state", Text: "proposed"}:          {DA: "Venter", EN: "Waits"},
	{Of: "award_state", Text: "issued"}:            {DA: "Udstedt", EN: "Issued"},
	{Of: "award_state", Text: "rejected"}:          {DA: "Ikke godkendt", EN: "Not approved"},
	{Of: "award_state", Text: "denied"}:            {DA: "Loftet var nået", EN: "The limit was reached"},
	{Of: "award_state", Text: "no_prize"}:          {DA: "Ingen gevinst", EN: "No prize"},
	{Of: "award_state", Text: "undrawn"}:           {DA: "Ikke trukket endnu", EN: "Not drawn yet"},
	{Of: "award_state", Text: "withdrawn"}:         {DA: "Trukket tilbage", EN: "Withdrawn"},
	{Of: "award_state", Text: "withheld"}:          {DA: "Holdt tilbage", EN: "Withheld"},
	{Of: "run_state", Text: "draft"}:               {DA: "Udkast", EN: "Draft"},
	{Of: "run_state", Text: "approved"}:            {DA: "Godkendt", EN: "Approved"},
	{Of: "run_state", Text: "filed"}:               {DA: "Betalingsfil lavet", EN: "File made"},
	{Of: "run_state", Text: "paid"}:                {DA: "Betalt", EN: "Paid"},
	{Of: "run_state", Text: "reconciled"}:          {DA: "Afstemt", EN: "Reconciled"},
	{Of: "run_state", Text: "reversed"}:            {DA: "Tilbageført", EN: "Reversed"},
	{Of: "award_kind", Text: "milestone"}:          {DA: "Milepæl", EN: "Milestone"},
	{Of: "award_kind", Text: "by_hand"}:            {DA: "Foreslået i hånden", EN: "Proposed by hand"},
	{Of: "line_kind", Text: "redemption"}:          {DA: "Køb", EN: "Purchase"},
	{Of: "line_kind", Text: "reversal"}:            {DA: "Fortrudt køb", EN: "Purchase taken back"},
}

// codesIn are the codes' words in a language.
func codesIn(lang string) map[table.Code]string {
	words := make(map[table.Code]string, len(ExportCodes))
	for code, text := range ExportCodes {
		words[code] = inLang(lang, text)
	}
	for figure, name := range exportNames {
		words[table.Code{Of: "figure", Text: figure}] = inLang(lang, name)
	}
	for _, by := range []string{"programme", "unit", "partner", "month", "age", "lapse"} {
		words[table.Code{Of: "group", Text: by}] = inLang(lang, exportWords[by+"_id"])
	}
	return words
}
