"""Names that matchers are known to get wrong."""

import pytest

from kg.resolve.names import AUTO_MERGE, REVIEW, score

ONE_COMPANY = [
    ("Société Générale S.A.", "SOCIETE GENERALE"),
    ("Siemens AG", "Siemens Aktiengesellschaft"),
    ("3M", "3M Company"),
    ("3M CO", "3M"),
    ("Orange SA", "Orange"),
    ("Apple Inc.", "APPLE INC"),
    ("Müller Maschinen GmbH", "Mueller Maschinen GmbH"),
    ("J.P. Morgan & Co.", "JP Morgan & Co"),
    ("Procter & Gamble", "PROCTER AND GAMBLE CO"),
    ("Amazon", "AMAZON COM INC"),
    ("McCormick & Company", "MCCORMICK & CO INC"),
    ("NOVO NORDISK A S", "Novo Nordisk A/S"),
    ("Open AI", "OpenAI"),
    ("BANK OF AMERICA CORP /DE/", "Bank of America"),
    ("Zeltan Gesellschaft mit beschränkter Haftung", "Zeltan GmbH"),
    ("Compagnie de Saint-Gobain", "Cie de Saint Gobain SA"),
    ("Zeltan Manufacturing International, Inc.", "Zeltan Mfg Intl Inc"),
    ("Bain Capital Fund XI, L.P.", "Bain Capital Fund 11 LP"),
    ("The Coca-Cola Company", "COCA COLA CO"),
    ("1st International Bank", "First International Bank"),
    ("ООО «Байкал Трейд»", 'ООО "БАЙКАЛ ТРЕЙД"'),
]

TO_REVIEW = [
    ("SG", "Société Générale"),
    ("IBM", "International Business Machines"),
    ("Verizon", "Verizon Communications Inc"),
    ("Semtech", "Stemtech Corp"),
]

LIKELY = [
    ("ООО Яндекс", "Yandex LLC"),
    ("Alibaba Group Holding Limited", "Alibaba"),
    ("Delata Electronics", "Delta Electronics"),
    ("Siemens Aktiengeselschaft", "Siemens AG"),
    ("CRISTALORD LIMITED", "CRYSTALORD LTD"),
    ("Trafalgura Group Pte. Ltd.", "Trafigura Group Pte. Ltd."),
    ("Zeltan Industries Privat Limted", "Zeltan Industries Private Limited"),
    ("Korba Enregy Trading", "Korba Energy Trading"),
]

TWO_COMPANIES = [
    ("Bank of the West", "Bank of the East"),
    ("Delta Air Lines", "Delta Electronics"),
    ("Meta Platforms, Inc.", "Meta Materials Inc."),
    ("Facebook", "Meta"),
    ("Samsung Electronics", "Samsung SDI"),
    ("Toyota Motor Corporation", "Toyota Industries Corporation"),
    ("General Electric", "General Motors"),
    ("3M Co", "3i Group plc"),
    ("Blackstone Fund I LP", "Blackstone Fund II LP"),
    ("Citigroup Capital Trust XV", "Citigroup Capital Trust XX"),
    ("Bank of China (Hong Kong) Limited", "Bank of China (Australia) Limited"),
    ("BWI Industries, Inc.", "BAE Industries, Inc."),
    ("Cardinal Wealth, Inc.", "Cardinal Health, Inc."),
    ("ООО БАЙ", "ООО БАЙКАЛ"),
    ("N.A.B.C. Company", "A.B.C. Company"),
    ("S. G. Trading", "B. K. Trading"),
]

NEVER_UNASKED = [
    ("Merck KGaA", "Merck & Co., Inc."),
    ("A", "A B"),
    ("Meta", "Meta Materials"),
    ("Samsung", "Samsung SDI"),
    ("Siemens AG", "Siemens Energy AG"),
    ("AXA SA", "AXA Investment Managers"),
    ("Orange", "Orange County Bank"),
    ("Orange", "Orange Juice Ltd"),
    ("Total", "TotalEnergies SE"),
    ("Liberty Global Ltd.", "Liberty Global Holdings Ltd."),
    ("Deutsche Bank AG", "Deutsche Bank (Schweiz) AG"),
    ("Management Company", "Westminister Management Company"),
    ("Johnson & Johnson", "Johnson Outdoors Inc"),
    ("ARROW ELECTRONICS, INC.", "ARROW ELECTRONICS GMBH & CO. KG"),
]


@pytest.mark.parametrize(("first", "second"), ONE_COMPANY)
def test_one_company_is_merged_unasked(first, second):
    assert score(first, second).probability >= AUTO_MERGE


@pytest.mark.parametrize(("first", "second"), TO_REVIEW)
def test_what_may_be_one_company_goes_to_a_person(first, second):
    assert REVIEW <= score(first, second).probability < AUTO_MERGE


@pytest.mark.parametrize(("first", "second"), TWO_COMPANIES)
def test_two_companies_stay_two(first, second):
    assert score(first, second).probability < REVIEW


@pytest.mark.parametrize(("first", "second"), NEVER_UNASKED)
def test_a_sister_or_a_longer_name_is_never_merged_unasked(first, second):
    assert score(first, second).probability < AUTO_MERGE


@pytest.mark.parametrize(("first", "second"), LIKELY)
def test_errors_and_shorter_names_are_seen_through(first, second):
    assert score(first, second).probability >= 0.5


def test_countries_speak_for_and_against():
    alone = score("Zeltan Trading", "Zeltan Tradings").probability
    same = score("Zeltan Trading", "Zeltan Tradings", "FR", "fr")
    other = score("Zeltan Trading", "Zeltan Tradings", "FR", "DE")
    assert other.probability < alone < same.probability
    assert (same.reasons[-1].text(), other.reasons[-1].text()) == ("country equal: FR", "countries differ: FR / DE")
    assert score("Zeltan Trading", "Zeltan Tradings", "FR", None).probability == alone


def test_the_same_name_in_another_country_is_not_merged_unasked():
    assert score("Delta", "Delta", "US", "TW").probability < AUTO_MERGE


def test_a_name_without_words_is_nobodys():
    for name in ("", " ", "…", "!?"):
        result = score(name, name)
        assert (result.probability, result.text()) == (0.0, "a name without words")
