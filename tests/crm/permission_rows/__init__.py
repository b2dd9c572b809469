"""Who gets what at every address, one row each: add a row in its app's module with every new address.

Columns: anonymous, the owner of the records, a rep of the owner's team, a rep of another team, the manager of
the owner's team, the manager of another, marketing, an administrator, a contributor. POST rows send an empty
form, so 422 (pages) and 400 or 428 (API) mean: this person may, the form is not complete.
"""

from tests.crm.permission_rows import api, crm, pipeline, reports, scoring

# These guard themselves and have tests of their own.
ELSEWHERE = ("auth/", "^auth/", "admin/", "^api/", "^healthz", "^readyz", "^metrics")
ROWS = {**crm.ROWS, **pipeline.ROWS, **scoring.ROWS, **reports.ROWS, **api.ROWS}
