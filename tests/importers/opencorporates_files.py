"""Files as OpenCorporates has them, made by its data dictionaries of companies and of relationships.

https://knowledge.opencorporates.com/knowledge-base/data-dictionary-companies/ and …/data-dictionary-relationships/; the
names are nobody's.
"""

import csv
import io

COMPANIES = (
    "company_number,jurisdiction_code,name,normalised_name,company_type,nonprofit,current_status,incorporation_date,"
    "dissolution_date,branch,business_number,current_alternative_legal_name,current_alternative_legal_name_language,"
    "home_jurisdiction_text,native_company_number,previous_names,retrieved_at,registry_url,restricted_for_marketing,"
    "inactive,accounts_next_due,accounts_reference_date,accounts_last_made_up_date,annual_return_next_due,"
    "annual_return_last_made_up_date,has_been_liquidated,has_insolvency_history,has_charges,"
    "registered_address.street_address,registered_address.locality,registered_address.region,"
    "registered_address.postal_code,registered_address.country,registered_address.in_full,home_jurisdiction_code,"
    "home_jurisdiction_company_number,industry_code_uids,latest_accounts_date,latest_accounts_cash,"
    "latest_accounts_assets,latest_accounts_liabilities"
)
RELATIONSHIPS = (
    "relationship_type,oc_relationship_identifier,subject_entity_name,subject_entity_company_number,"
    "subject_entity_jurisdiction_code,object_entity_name,object_entity_company_number,object_entity_jurisdiction_code,"
    "percentage_min_share_ownership,percentage_max_share_ownership,percentage_min_voting_rights,"
    "percentage_max_voting_rights,number_of_shares,start_date_type,start_date,end_date_type,end_date,created_at,updated_at"
)
NAMES = "company_number,jurisdiction_code,name,type,language,start_date,end_date"
ZELTAN = {
    "company_number": "01234567",
    "jurisdiction_code": "gb",
    "name": 'Zeltan "Holdings", Ltd',
    "company_type": "Private Limited Company",
    "incorporation_date": "1998-04-01",
    "inactive": "false",
    "current_alternative_legal_name": "Daliad Zeltan Cyf",
    "previous_names": "Zeltan & Sons Ltd|Zeltan Ltd",
    "retrieved_at": "2024-05-06 07:08:09 UTC",
    "registry_url": "https://register.example/01234567",
    "registered_address.in_full": "1 Mill Lane\nKorba",
    "industry_code_uids": "uk_sic_2007-64209|eu_nace_2-6420",
}
HELD = {
    "relationship_type": "control_statement",
    "oc_relationship_identifier": "17",
    "subject_entity_name": "Zeltan Holdings",
    "subject_entity_company_number": "01234567",
    "subject_entity_jurisdiction_code": "gb",
    "object_entity_name": "Dorvan LLC",
    "object_entity_company_number": "55-1",
    "object_entity_jurisdiction_code": "us_de",
    "percentage_min_share_ownership": "25.0",
    "percentage_max_share_ownership": "50.0",
    "start_date_type": "at",
    "start_date": "2016-04-06",
    "updated_at": "2023-01-02T03:04:05Z",
}


def table(header, *rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, next(csv.reader([header])), lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
