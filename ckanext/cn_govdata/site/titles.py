"""Titles of the code lists in the reader's language."""

from __future__ import annotations

import ckan.plugins.toolkit as tk


def title(name: str) -> str:
    """The title of a code list; its name where it has none."""
    return {**_of_datasets(), **_of_divisions(), **_of_portals(), **_of_others()}.get(name, name)


def _of_datasets() -> dict[str, str]:
    return {
        "format_category": tk._("Format categories (guide 1272)"),
        "format_crosswalk": tk._("Formats with media types"),
        "format_type": tk._("Format types (guide 1272)"),
        "gbt21063_4_theme": tk._("Themes of GB/T 21063.4"),
        "gbt4754_2017_division": tk._("Industry divisions (GB/T 4754-2017)"),
        "gbt4754_2017_section": tk._("Industry sections (GB/T 4754-2017)"),
        "gov_catalog_axis": tk._("Axes of the government catalogue"),
        "gov_catalog_class": tk._("Classes of the government catalogue"),
        "gov_catalog_item": tk._("Items of the government catalogue"),
        "gov_disclosure_theme_22": tk._("Themes of government disclosure"),
        "item_data_type": tk._("Data types of items"),
        "licence_option": tk._("Licences"),
        "open_attribute": tk._("Openness"),
        "open_domain_22": tk._("Domains of open data"),
        "open_to_society": tk._("Open to society"),
        "share_mode_category": tk._("Categories of sharing modes"),
        "share_mode_type": tk._("Sharing modes"),
        "share_type": tk._("Sharing types"),
        "update_frequency": tk._("Update frequencies"),
    }


def _of_divisions() -> dict[str, str]:
    return {
        "admin_level": tk._("Administrative levels"),
        "division_unit_type": tk._("Kinds of divisions"),
        "gbt10114_range": tk._("Code ranges of townships (GB/T 10114)"),
        "gbt2260_province": tk._("Provinces (GB/T 2260)"),
        "gbt2260_segment": tk._("Code ranges of divisions (GB/T 2260)"),
        "gbt2260_special": tk._("Special codes of divisions (GB/T 2260)"),
        "national_reporting_division": tk._("Divisions of the national reporting"),
        "nbs_only_codes": tk._("Codes that only the statistics tables have"),
        "nbs_urban_rural": tk._("Urban and rural areas (statistics)"),
    }


def _of_portals() -> dict[str, str]:
    return {
        "open_attribute_portal_codes": tk._("Openness: codes of portals"),
        "open_attribute_portal_variants": tk._("Openness: words of portals"),
        "open_domain_shanghai": tk._("Domains of open data in Shanghai"),
        "resource_kind_shanghai": tk._("Kinds of resources in Shanghai"),
        "update_frequency_portals": tk._("Update frequencies: codes of portals"),
    }


def _of_others() -> dict[str, str]:
    return {
        "eu_access_right": tk._("Access rights (EU)"),
        "eu_data_theme": tk._("Data themes (EU)"),
        "eu_distribution_status": tk._("Distribution status (EU)"),
        "eu_file_type": tk._("File types (EU)"),
        "eu_frequency": tk._("Frequencies (EU)"),
        "eu_planned_availability": tk._("Planned availability (EU)"),
        "fudan_index_indicator": tk._("Indicators of the Fudan open data index"),
        "mqa_indicator": tk._("Indicators of metadata quality (EU)"),
        "mqa_rating": tk._("Ratings of metadata quality (EU)"),
        "national_application_scene": tk._("National reporting: application scenes"),
        "national_catalog_tag": tk._("National reporting: catalogue tags"),
        "national_data_domain": tk._("National reporting: data domains"),
        "national_data_grade": tk._("National reporting: data grades"),
        "national_data_level": tk._("National reporting: levels"),
        "national_data_processing": tk._("National reporting: degrees of processing"),
        "national_data_region_scope": tk._("National reporting: areas covered"),
        "national_data_sensitivity": tk._("National reporting: sensitivity"),
        "national_guiding_department": tk._("National reporting: guiding departments"),
        "national_item_data_type": tk._("National reporting: data types of items"),
        "national_provide_channel": tk._("National reporting: channels of provision"),
        "national_system_class": tk._("National reporting: classes of systems"),
        "uscc_charset": tk._("Characters of the credit code"),
        "uscc_org_type": tk._("Credit code: kinds of organisations"),
        "uscc_registration_dept": tk._("Credit code: registering departments"),
        "uscc_samples": tk._("Credit code: samples"),
        "uscc_weight": tk._("Credit code: weights"),
    }
