from datetime import date

from dashboards.generate import generate
from dashboards.settings import Settings
from dashboards.versions import merged
from sla_rules.agreement.model import Agreement


def test_what_only_an_earlier_version_promised_is_still_watched(company_x: Agreement) -> None:
    later = company_x.model_copy(
        update={
            "version": "2026-07",
            "effective_from": date(2026, 7, 1),
            "title": "Later",
            "obligations": company_x.obligations[:1],
        }
    )

    (together,) = merged([later, company_x])

    assert together.title == "Later"
    assert [one.id for one in together.obligations] == [one.id for one in company_x.obligations]


def test_versions_of_one_agreement_share_its_files(company_x: Agreement, settings: Settings) -> None:
    later = company_x.model_copy(update={"version": "2026-07", "effective_from": date(2026, 7, 1)})

    assert generate([company_x, later], settings).keys() == generate([company_x], settings).keys()
