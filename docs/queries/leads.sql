-- Each lead as it stands: product line, campaign, source, rep, stage, score. One row a lead.
-- A line of the lake may be there twice; a lead's row is the same then.
WITH told AS (
    SELECT
        lead_id,
        name,
        data,
        from_iso8601_timestamp(occurred_at) AS happened_at,
        TRY_CAST(nullif(regexp_extract(id, '[0-9]+$'), '') AS bigint) AS n
    FROM events
    WHERE lead_id IS NOT NULL
),
founded AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY lead_id ORDER BY happened_at, n) AS place
    FROM told
    WHERE name = 'LeadCreated'
),
staged AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY lead_id ORDER BY happened_at DESC, n DESC) AS place
    FROM told
    WHERE data.stage IS NOT NULL
),
scored AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY lead_id ORDER BY happened_at DESC, n DESC) AS place
    FROM told
    WHERE name = 'LeadScored'
),
owned AS (
    SELECT
        lead_id,
        -- These events leave the lead without an owner.
        CASE WHEN name IN ('OwnerChanged', 'LeadKeptQuiet') THEN data.owner END AS owner,
        row_number() OVER (PARTITION BY lead_id ORDER BY happened_at DESC, n DESC) AS place
    FROM told
    WHERE
        name IN (
            'OwnerChanged', 'LeadKeptQuiet', 'LeadRejected', 'LeadDisqualified', 'LeadReopened'
        )
        OR (name = 'OpportunityLost' AND NOT coalesce(data.existing_customer, FALSE))
)
SELECT
    founded.lead_id AS lead_id,
    founded.data.product_line AS product_line,
    founded.data.campaign AS campaign,
    founded.data.source AS source,
    owned.owner AS owner,
    staged.data.stage AS stage,
    scored.data.total AS score,
    scored.data.rating AS rating,
    founded.happened_at AS created_at
FROM founded
LEFT JOIN owned ON owned.lead_id = founded.lead_id AND owned.place = 1
LEFT JOIN staged ON staged.lead_id = founded.lead_id AND staged.place = 1
LEFT JOIN scored ON scored.lead_id = founded.lead_id AND scored.place = 1
WHERE founded.place = 1
ORDER BY founded.lead_id
