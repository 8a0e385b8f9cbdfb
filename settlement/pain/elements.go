package pain

import "encoding/xml"

// Namespace is that of the message and version written here.
const Namespace = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"

// The elements, in the order in which the standard wants them. A path such as
// GrpHdr>MsgId nests; neighbours that share its beginning share the element.
type document struct {
	XMLName   xml.Name `xml:"Document"`
	Namespace string   `xml:"xmlns,attr"`
	MessageID string   `xml:"CstmrCdtTrfInitn>GrpHdr>MsgId"`
	MadeAt    string   `xml:"CstmrCdtTrfInitn>GrpHdr>CreDtTm"`
	Count     string   `xml:"CstmrCdtTrfInitn>GrpHdr>NbOfTxs"`
	Sum       string   `xml:"CstmrCdtTrfInitn>GrpHdr>CtrlSum"`
	Sender    party    `xml:"CstmrCdtTrfInitn>GrpHdr>InitgPty"`
	Batch     batch    `xml:"CstmrCdtTrfInitn>PmtInf"`
}

type batch struct {
	ID        string     `xml:"PmtInfId"`
	Method    string     `xml:"PmtMtd"`
	Booking   bool       `xml:"BtchBookg"` // false: the bank books each payment by itself
	Count     string     `xml:"NbOfTxs"`
	Sum       string     `xml:"CtrlSum"`
	Level     string     `xml:"PmtTpInf>SvcLvl>Cd"`
	Purpose   string     `xml:"PmtTpInf>CtgyPurp>Cd"` // SUPP: a supplier is paid
	ExecuteOn string     `xml:"ReqdExctnDt>Dt"`
	Payer     party      `xml:"Dbtr"`
	IBAN      string     `xml:"DbtrAcct>Id>IBAN"`
	Currency  string     `xml:"DbtrAcct>Ccy"`
	BIC       string     `xml:"DbtrAgt>FinInstnId>BICFI"`
	Charges   string     `xml:"ChrgBr"`
	Transfers []transfer `xml:"CdtTrfTxInf"`
}

type transfer struct {
	EndToEndID string `xml:"PmtId>EndToEndId"`
	Amount     amount `xml:"Amt>InstdAmt"`
	Creditor   string `xml:"Cdtr>Nm"`
	IBAN       string `xml:"CdtrAcct>Id>IBAN"`
	Text       *text  `xml:"RmtInf"`
}

type amount struct {
	Currency string `xml:"Ccy,attr"`
	Value    string `xml:",chardata"`
}

// text is left out when it is empty: the standard wants no empty element.
type text struct {
	Line string `xml:"Ustrd"`
}

// party is a name and, when there is one, a number under which it is known.
type party struct {
	Name string          `xml:"Nm"`
	ID   *identification `xml:"Id>OrgId>Othr"`
}

type identification struct {
	Number string `xml:"Id"`
	Scheme string `xml:"SchmeNm>Cd"` // COID: of the country's register; CUST: of the bank
}

// identify gives nil for no number.
func identify(number, scheme string) *identification {
	if number == "" {
		return nil
	}
	return &identification{Number: number, Scheme: scheme}
}
