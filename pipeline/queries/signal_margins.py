"""What deals leave, as far as signals ask (B15). Parts of the statement of signal_facts.py."""

TIMES = "CASE line.billing WHEN 'monthly' THEN line.months WHEN 'yearly' THEN line.months / 12.0 ELSE 1 END"
# What a deal leaves as a share of its net price, at plan rates of today (B15); null where a price, a cost or a rate is not
# known. Where no floor is assumed nobody asks.
MARGINS = f"""
floor AS MATERIALIZED (
    SELECT margin_floor FROM pipeline_economicassumptions WHERE valid_from <= %(today)s ORDER BY valid_from DESC LIMIT 1
),
today_rate AS MATERIALIZED (
    SELECT currency, rate FROM rate_span WHERE kind = 'plan' AND valid_from <= %(today)s AND %(today)s < valid_until
    UNION ALL SELECT %(report)s, 1
),
earned AS MATERIALIZED (
    SELECT line.opportunity_id,
        sum(line.quantity * line.price * price_rate.rate * (1 - line.discount) * {TIMES}) AS net,
        sum(line.quantity * line.cost * cost_rate.rate * {TIMES}) AS spent,
        bool_and(line.price * price_rate.rate IS NOT NULL AND line.cost * cost_rate.rate IS NOT NULL) AS is_whole
    FROM pipeline_opportunityline line
    LEFT JOIN today_rate price_rate ON price_rate.currency = line.price_currency
    LEFT JOIN today_rate cost_rate ON cost_rate.currency = line.cost_currency
    WHERE line.removed_at IS NULL AND line.opportunity_id {{only}}
      AND EXISTS (SELECT FROM floor WHERE margin_floor IS NOT NULL)
    GROUP BY 1
),
direct AS MATERIALIZED (
    SELECT cost.opportunity_id, sum(cost.amount * today_rate.rate) AS spent,
        bool_and(cost.amount * today_rate.rate IS NOT NULL) AS is_whole
    FROM pipeline_opportunitycost cost LEFT JOIN today_rate ON today_rate.currency = cost.amount_currency
    WHERE cost.removed_at IS NULL AND cost.opportunity_id {{only}}
      AND EXISTS (SELECT FROM floor WHERE margin_floor IS NOT NULL)
    GROUP BY 1
)"""
MARGIN = """CASE WHEN earned.is_whole AND coalesce(direct.is_whole, true) AND earned.net > 0
    THEN (earned.net - earned.spent - coalesce(direct.spent, 0)) / earned.net END"""
