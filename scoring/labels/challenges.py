"""The words for champion and challenger."""

from django.utils.translation import gettext_lazy as _

from crm.lib.labels import extend, register
from scoring.enums import ChallengeEnd, ChallengeMetric, Verdict

METRICS = register(
    "challenge_metric",
    {
        ChallengeMetric.QUALIFIED_OF_ASSIGNED: _("Of the leads that came, how many are qualified within 30 days"),
        ChallengeMetric.QUALIFIED_OF_HANDED_OVER: _(
            "Of the leads handed over, how many are qualified within 30 days after"
        ),
    },
)
ENDS = register(
    "challenge_end",
    {ChallengeEnd.KEPT: _("The champion was kept"), ChallengeEnd.REPLACED: _("The challenger was put in force")},
)
VERDICTS = register(
    "challenge_verdict",
    {
        Verdict.TOO_FEW: _("Not decided: too few leads yet"),
        Verdict.NOT_DECIDED: _("Not decided"),
        Verdict.CHAMPION: _("The champion does better"),
        Verdict.CHALLENGER: _("The challenger does better"),
    },
)
VERDICT_TONES = register(
    "challenge_verdict_tone",
    {Verdict.TOO_FEW: "", Verdict.NOT_DECIDED: "", Verdict.CHAMPION: "accent", Verdict.CHALLENGER: "ok"},
)
CHALLENGE_REFUSALS = {
    "challenge_runs": _(
        "A challenger is being tried against these rules. End that first, or it would be compared with nothing."
    ),
    "challenge_over": _("It ended already. Load the page again to see how."),
    "share_out_of_range": _("Use between %(lowest)s and %(highest)s percent."),
    "sample_out_of_range": _("Use between %(lowest)s and %(highest)s leads on each side."),
}
extend("refusal", CHALLENGE_REFUSALS)
