-- How many leads have reached each stage, by product line and campaign of their first inquiry.
-- A lead counts once a stage, however often it was there.
WITH founded AS (
    SELECT
        lead_id,
        max(data.product_line) AS product_line,
        max(data.campaign) AS campaign
    FROM events
    WHERE name = 'LeadCreated'
    GROUP BY lead_id
)
SELECT
    founded.product_line AS product_line,
    founded.campaign AS campaign,
    events.data.stage AS stage,
    count(DISTINCT events.lead_id) AS leads
FROM events
INNER JOIN founded ON founded.lead_id = events.lead_id
WHERE events.data.stage IS NOT NULL
GROUP BY founded.product_line, founded.campaign, events.data.stage
ORDER BY founded.product_line, founded.campaign, events.data.stage
