"""An annual report in the European single electronic format: XHTML with inline XBRL, made after the regulation.

No report of an issuer was at hand: the elements are those of inline XBRL 1.1 and the ESEF taxonomy, the text is
invented.
"""

from kg.documents import Source, parse
from kg.extract import read

REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:xbrldi="http://xbrl.org/2006/xbrldi"
 xmlns:ifrs-full="http://xbrl.ifrs.org/taxonomy/2023-03-23/ifrs-full" xml:lang="fr">
<head><title>Rapport financier annuel 2024</title></head>
<body>
<div style="display:none"><ix:header><ix:hidden>
<ix:nonNumeric contextRef="c1" name="ifrs-full:DomicileOfEntity">France</ix:nonNumeric></ix:hidden>
<ix:resources><xbrli:context id="c1"><xbrli:entity>
<xbrli:identifier scheme="http://standards.iso.org/iso/17442">969500FENDREL000SA42</xbrli:identifier></xbrli:entity>
<xbrli:period><xbrli:instant>2024-12-31</xbrli:instant></xbrli:period></xbrli:context></ix:resources></ix:header></div>
<h1>Rapport financier annuel</h1>
<p><ix:nonNumeric contextRef="c1"
 name="ifrs-full:NameOfReportingEntityOrOtherMeansOfIdentification">Fendrel SA</ix:nonNumeric>
(la « Société » ou le « Groupe ») fabrique des vannes. Le Groupe les vend dans trente pays.</p>
<h2>Répartition du capital au 31 décembre 2024</h2>
<table><tr><th>Actionnaires</th><th>Nombre d’actions</th><th>% du capital</th><th>% des droits de vote</th></tr>
<tr><td>Olmeq Participations SAS</td><td>8 120 400</td><td>40,60&#160;%</td><td>54,20&#160;%</td></tr>
<tr><td>Autocontrôle</td><td>270 000</td><td>1,35&#160;%</td><td>-</td></tr>
<tr><td>Public</td><td>11 609 600</td><td>58,05&#160;%</td><td>45,80&#160;%</td></tr></table>
<h2>Note 32 – Périmètre de consolidation</h2>
<ix:nonNumeric contextRef="c1" name="ifrs-full:DisclosureOfSubsidiariesExplanatory" escape="true">
<table><tr><th>Sociétés</th><th>Pays</th><th>% d’intérêt</th><th>% de contrôle</th><th>Méthode</th></tr>
<tr><td>Fendrel Vannes SAS</td><td>France</td><td><ix:nonFraction contextRef="c1" unitRef="pure" decimals="2" scale="-2"
 name="ifrs-full:ProportionOfOwnershipInterestInSubsidiary">80,00</ix:nonFraction></td><td>100,00</td><td>IG</td></tr>
<tr><td>Brask Armaturen GmbH</td><td>Allemagne</td><td>30,00</td><td>30,00</td><td>MEE</td></tr></table>
</ix:nonNumeric>
</body></html>
"""


def test_a_report_reads_as_its_pages_show_it_and_its_tables_are_read():
    report = parse(REPORT.encode(), Source("report.xhtml", "report.xhtml"), media_type="text/html")
    assert "969500" not in report.text
    assert "Fendrel SA (la « Société » ou le « Groupe ») fabrique des vannes." in report.text
    assert "| Olmeq Participations SAS | 8 120 400 | 40,60 % | 54,20 % |" in report.text
    assert "| Fendrel Vannes SAS | France | 80,00 | 100,00 | IG |" in report.text
    claims = [claim for claim in read(report).claims if claim.method == "tables/1"]
    assert {
        (c.subject.name, c.relation, c.object.name, str(c.qualifiers.percent), c.qualifiers.percent_of) for c in claims
    } == {
        ("Olmeq Participations SAS", "holds-stake", "Fendrel SA", "40.6", "capital"),
        ("Olmeq Participations SAS", "holds-stake", "Fendrel SA", "54.2", "votes"),
        ("Fendrel Vannes SAS", "subsidiary-of", "Fendrel SA", "80", "capital"),
        ("Fendrel SA", "holds-stake", "Fendrel Vannes SAS", "100", "votes"),
        ("Fendrel SA", "holds-stake", "Brask Armaturen GmbH", "30", "capital"),
        ("Fendrel SA", "holds-stake", "Brask Armaturen GmbH", "30", "votes"),
    }
