"""Files as the SEC has them, made by its technical specifications, with names that nobody has."""

SCHEDULE = """<?xml version="1.0" encoding="UTF-8"?>
<edgarSubmission xmlns="http://www.sec.gov/edgar/schedule13D" xmlns:com="http://www.sec.gov/edgar/common">
<headerData><submissionType>{form}</submissionType>
<filerInfo><filer><filerCredentials><cik>0001111111</cik></filerCredentials></filer></filerInfo></headerData>
<formData><coverPageHeader>{amendment}<securitiesClassTitle>{title}</securitiesClassTitle>
<dateOfEvent>{event}</dateOfEvent>
<issuerInfo><issuerCIK>0002222222</issuerCIK><issuerCUSIP>037833100</issuerCUSIP>
<issuerName>Zeltan Énergie Corp</issuerName></issuerInfo></coverPageHeader>
<reportingPersons>{persons}</reportingPersons>
<signatureInfo><signaturePerson><signatureDetails><date>01/15/2025</date></signatureDetails></signaturePerson>
</signatureInfo></formData></edgarSubmission>
"""
PERSON = """<reportingPersonInfo>{cik}<reportingPersonName>{name}</reportingPersonName>
<memberOfGroup>a</memberOfGroup><citizenshipOrOrganization>{place}</citizenshipOrOrganization>
<aggregateAmountOwned>{shares}</aggregateAmountOwned><percentOfClass>{percent}</percentOfClass>
<typeOfReportingPerson>{kind}</typeOfReportingPerson></reportingPersonInfo>"""
COVER = """<?xml version="1.0" encoding="UTF-8"?>
<edgarSubmission xmlns="http://www.sec.gov/edgar/thirteenffiler">
<headerData><submissionType>13F-HR</submissionType><filerInfo><filer><credentials><cik>0001234567</cik></credentials>
</filer><periodOfReport>{period}</periodOfReport></filerInfo></headerData>
<formData><coverPage><reportCalendarOrQuarter>{period}</reportCalendarOrQuarter>{amendment}
<filingManager><name>Korba Capital LLC</name></filingManager></coverPage>
<signatureBlock><signatureDate>{signed}</signatureDate></signatureBlock></formData></edgarSubmission>
"""
TABLE = """
<?xml version="1.0" ?>
<informationTable xmlns="http://www.sec.gov/edgar/document/thirteenf/informationtable">
{rows}
</informationTable>
"""
ROW = """<infoTable><nameOfIssuer>{name}</nameOfIssuer><titleOfClass>COM</titleOfClass><cusip>{cusip}</cusip>
<value>{value}</value><shrsOrPrnAmt><sshPrnamt>{shares}</sshPrnamt><sshPrnamtType>{kind}</sshPrnamtType></shrsOrPrnAmt>
{option}<investmentDiscretion>SOLE</investmentDiscretion></infoTable>"""
SUBMISSION = """<SEC-DOCUMENT>0001234567-24-000001.txt : 20240214
<SEC-HEADER>0001234567-24-000001.hdr.sgml : 20240214
ACCESSION NUMBER:\t\t0001234567-24-000001
CONFORMED SUBMISSION TYPE:\t13F-HR
FILED AS OF DATE:\t\t20240214
</SEC-HEADER>
<DOCUMENT>
<TYPE>13F-HR
<TEXT>
<XML>
{cover}</XML>
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>INFORMATION TABLE
<TEXT>
<XML>
{table}</XML>
</TEXT>
</DOCUMENT>
</SEC-DOCUMENT>
"""


def schedule(*persons, form="SCHEDULE 13D", title="Common Stock", event="01/10/2025", amendment=""):
    made = "\n".join(person if isinstance(person, str) else reporting(**person) for person in persons)
    return SCHEDULE.format(form=form, title=title, event=event, amendment=amendment, persons=made)


def reporting(name="Korba LP", cik="0003333333", shares="2,100,000", percent="8.5", kind="PN", place="DE"):
    number = f"<reportingPersonCIK>{cik}</reportingPersonCIK>" if cik else ""
    return PERSON.format(name=name, cik=number, shares=shares, percent=percent, kind=kind, place=place)


def cover(period="12-31-2023", signed="02-01-2024", amendment=""):
    told = f"<isAmendment>true</isAmendment><amendmentNo>1</amendmentNo><amendmentInfo><amendmentType>{amendment}"
    told += "</amendmentType></amendmentInfo>"
    return COVER.format(period=period, signed=signed, amendment=told if amendment else "")


def row(name="ZELTAN CORP", cusip="037833100", value="5000", shares="40", kind="SH", option=""):
    option = option and f"<putCall>{option}</putCall>"
    return ROW.format(name=name, cusip=cusip, value=value, shares=shares, kind=kind, option=option)


def table(*rows):
    return TABLE.format(rows="\n".join(rows))


def cusip(number):
    """A CUSIP with its check digit (ANSI X9.6)."""
    body = f"{number:06}10"
    digits = [int(char) * (2 if at % 2 else 1) for at, char in enumerate(body)]
    return f"{body}{(10 - sum(digit // 10 + digit % 10 for digit in digits) % 10) % 10}"
