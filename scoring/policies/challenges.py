"""What a challenge may be (S-12, B29)."""

from datetime import timedelta

from crm.lib.values import Refusal

HORIZON = timedelta(days=30)  # within which a lead is qualified, or is not (B19)
LOWEST_PERCENT, HIGHEST_PERCENT = 1, 99
LEAST_SAMPLE, LARGEST_SAMPLE = 10, 1_000_000


def terms_refusals(*, percent: int, minimum: int) -> list[Refusal]:
    """Return every reason a share and a smallest sample may not be set."""
    refused = []
    if not LOWEST_PERCENT <= percent <= HIGHEST_PERCENT:
        refused.append(
            Refusal.of("share_out_of_range", field="percent", lowest=LOWEST_PERCENT, highest=HIGHEST_PERCENT)
        )
    if not LEAST_SAMPLE <= minimum <= LARGEST_SAMPLE:
        refused.append(Refusal.of("sample_out_of_range", field="minimum", lowest=LEAST_SAMPLE, highest=LARGEST_SAMPLE))
    return refused
