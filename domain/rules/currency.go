package rules

import (
	"slices"
	"strings"
)

// currencies are the ISO 4217 codes of money with two decimals, which is how
// amounts are written everywhere in Fasthold.
var currencies = strings.Fields(`
	AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP
	BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD
	FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS
	KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR
	MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD
	RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT
	TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW ZWG`)

// otherCurrencies have other decimals: real, but not yet written right.
var otherCurrencies = strings.Fields(`
	BHD BIF CLP DJF GNF IQD ISK JOD JPY KMF KRW KWD LYD OMR PYG RWF TND UGX VND
	VUV XAF XOF XPF`)

func (s section) currency(key string) string {
	v, ok := s.get(key, `an ISO 4217 code like "DKK"`)
	if !ok {
		return ""
	}
	code, _ := v.(string)
	switch {
	case slices.Contains(currencies, code):
		return code
	case slices.Contains(otherCurrencies, code):
		s.add(s.at(key), codeNotSupported, "%s is not yet supported: amounts have two decimals", code)
	default:
		s.add(s.at(key), codeValue, `must be an ISO 4217 code in capitals, like "DKK"`)
	}
	return ""
}
